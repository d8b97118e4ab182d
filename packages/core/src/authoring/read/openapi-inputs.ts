import { type SourceDocument, readDocument } from './document.ts';

/** What an OpenAPI document declares that a request may carry. */
export interface DeclaredInputs {
  readonly query: readonly string[];
  /** Top-level members of a JSON request body; undefined if the operation takes none. */
  readonly body: readonly string[] | undefined;
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'query'] as const;

/** Query parameters and body members by `METHOD /path`. References inside the document are followed; others are not. */
export function openapiInputs(
  file: string,
  text: string,
): { document: SourceDocument; inputs: Map<string, DeclaredInputs> } {
  const document = readDocument(file, text);
  const inputs = new Map<string, DeclaredInputs>();
  const root = document.value;
  for (const [path, item] of entriesOf(memberOf(root, 'paths'))) {
    for (const method of METHODS) {
      const operation = memberOf(item, method);
      if (operation === undefined) continue;
      const parameters = [...listOf(memberOf(item, 'parameters')), ...listOf(memberOf(operation, 'parameters'))].map(
        (each) => follow(root, each),
      );
      inputs.set(`${method.toUpperCase()} ${path}`, {
        query: parameters.flatMap((each) => {
          const name = memberOf(each, 'name');
          if (memberOf(each, 'in') !== 'query' || typeof name !== 'string') return [];
          return [memberOf(follow(root, memberOf(each, 'schema')), 'type') === 'array' ? `${name}*` : name];
        }),
        body: bodyOf(root, operation),
      });
    }
  }
  return { document, inputs };
}

function bodyOf(root: unknown, operation: unknown): string[] | undefined {
  const content = memberOf(follow(root, memberOf(operation, 'requestBody')), 'content');
  const schema = follow(root, memberOf(memberOf(content, 'application/json'), 'schema'));
  return schema === undefined ? undefined : [...membersOf(root, schema, 0)];
}

function membersOf(root: unknown, schema: unknown, depth: number): Set<string> {
  const names = new Set(entriesOf(memberOf(schema, 'properties')).map(([name]) => name));
  if (depth > 8) return names;
  for (const word of ['allOf', 'oneOf', 'anyOf']) {
    for (const part of listOf(memberOf(schema, word)))
      for (const name of membersOf(root, follow(root, part), depth + 1)) names.add(name);
  }
  return names;
}

function follow(root: unknown, value: unknown, depth = 0): unknown {
  const reference = memberOf(value, '$ref');
  if (typeof reference !== 'string' || depth > 16) return value;
  if (!reference.startsWith('#/')) return undefined;
  const target = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, step) => memberOf(at, step.replaceAll('~1', '/').replaceAll('~0', '~')), root);
  return follow(root, target, depth + 1);
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
