import { classify } from '../classify/classify.ts';
import { idText } from './caller-claims.ts';
import { isRecord, type ObservedCall } from './observed-call.ts';

const ID_NAME = /^(?:_?id|uuid|guid|pk|slug|key)$|(?:_id|Id|_ids|Ids)$/;
const MAX_DEPTH = 24;

/**
 * Values of fields that tell one person or object from another: ids, names, addresses. They may be in the path of a request too, and
 * in the keys of an object; nothing of them may be in a draft.
 */
export function identifyingValues(calls: readonly ObservedCall[], ids: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>([...ids].map((id) => id.toLowerCase()));
  for (const { value, path } of calls) {
    collect(value, '', found, 0);
    for (const [, text] of path) found.add(text.toLowerCase());
  }
  return found;
}

// oxlint-disable-next-line max-params -- recursive, for every value of every answer
function collect(value: unknown, of: string, into: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) for (const each of value) collect(each, of, into, depth + 1);
  if (!isRecord(value)) return;
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'object') collect(each, name, into, depth + 1);
    const text = idText(each);
    if (text === undefined) continue;
    if (ID_NAME.test(name) || classify({ name, of, shapes: [] })) into.add(text.toLowerCase());
  }
}

/** The same calls, with parameters in the place of path segments that are identifying values, unless a description declares them. */
export function foldPaths(
  calls: readonly ObservedCall[],
  { values, declared }: { readonly values: ReadonlySet<string>; readonly declared: ReadonlySet<string> },
): ObservedCall[] {
  return calls.map((call) => {
    if (declared.has(call.operation)) return call;
    const { method, template } = operationParts(call.operation);
    const taken = new Set([...template.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? ''));
    const segments = template.split('/');
    const sent = (call.exchange.request.target.split(/[?#]/, 1)[0] ?? '').split('/');
    const added: [string, string][] = [];
    const folded = segments.map((segment, at) => {
      const text = decoded(segment);
      const isNameless = segment === '{}';
      const isLiteral = !segment.includes('{') && !segment.includes('}');
      if (!isNameless && (!isLiteral || (!values.has(text.toLowerCase()) && isPlain(segment)))) return segment;
      let name = 'id';
      for (let count = 2; taken.has(name); count++) name = `id${count}`;
      taken.add(name);
      added.push([name, decoded(sent[at] ?? '')]);
      return `{${name}}`;
    });
    return added.length === 0
      ? call
      : { ...call, operation: `${method} ${folded.join('/')}`, path: [...call.path, ...added] };
  });
}

/** `GET /users/{id}` in its two parts. */
export function operationParts(name: string): { readonly method: string; readonly template: string } {
  const space = name.indexOf(' ');
  return { method: name.slice(0, space), template: name.slice(space + 1) };
}

/** A literal segment that an operation of a contract may have. */
const isPlain = (segment: string): boolean => /^[\w.~:@!$&'()*+,;=-]*$/.test(segment);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
