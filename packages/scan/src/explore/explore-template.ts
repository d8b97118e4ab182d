import { fillTemplate, parametersOf, parseTemplate } from '@leakproof/core';
import type { DeclaredHttpOperation, Inventory } from '@leakproof/sources';
import { destructiveWord } from './destructive-words.ts';
import { endpointOf, type ExploreRequest } from './explore-request.ts';

/** An operation with one parameter to fill. */
export interface ExploreTemplate {
  readonly origin: string;
  /** `GET /users/{id}`. */
  readonly operation: string;
  /** Filled with the values of its parameters, in order. */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly about: string }[];
  /** A parameter of the query that is filled too. */
  readonly query?: string | undefined;
}

/** Query parameters that choose whose objects are returned, or one. */
const CHOOSES =
  /(?:^|[_.-])(?:id|ids|uid|uuid|guid|username|login|email)$|[a-z](?:Id|ID|Ids|Uuid|By)$|[_-]by$|^(?:user|owner|author|member|account|person|customer|creator|profile|assignee|sender|recipient)s?$/;

export interface TemplatesInput {
  readonly inventory: Inventory;
  readonly declared: readonly DeclaredHttpOperation[];
  readonly origins: readonly string[];
}

/** GET operations of the traffic and of the description that have parameters. What is called like an act is left out. */
export function exploreTemplates({ inventory, declared, origins }: TemplatesInput): ExploreTemplate[] {
  const found = new Map<string, ExploreTemplate>();
  const add = (origin: string, path: string, query: readonly string[]): void => {
    if (!origins.includes(origin) || destructiveWord(path.replaceAll(/\{[^}]*\}/g, '')) !== undefined) return;
    const parameters = parametersIn(path);
    const base = { origin, operation: `GET ${path}`, path, parameters };
    if (parameters.length > 0) found.set(`${origin} ${path}`, base);
    for (const name of query.filter((each) => CHOOSES.test(each)))
      found.set(`${origin} ${path}?${name}`, { ...base, query: name });
  };
  for (const { protocol, method, origin, path, query } of inventory.operations)
    if (protocol === 'http' && method === 'GET')
      add(
        origin,
        path,
        query.map(({ name }) => name),
      );
  for (const operation of declared) {
    if (operation.method !== 'GET' || destructiveWord(operation.operationId ?? '') !== undefined) continue;
    const query = operation.parameters.flatMap((each) => (each.in === 'query' ? [each.name] : []));
    for (const { origin, path } of placesOf(operation, origins)) add(origin, path, query);
  }
  return [...found.values()];
}

/**
 * Where a declared operation is: at those of its servers that may be called; if it names none of them (another stage of the API, or
 * only a path), at every origin that may be.
 */
export function placesOf(
  { servers, path }: Pick<DeclaredHttpOperation, 'servers' | 'path'>,
  origins: readonly string[],
): { origin: string; path: string }[] {
  const urls = (servers.length === 0 ? ['/'] : servers).flatMap(
    (server) => URL.parse(server, 'http://relative.invalid') ?? [],
  );
  const named = urls.filter(({ origin }) => origins.includes(origin));
  const places =
    named.length > 0
      ? named.map(({ origin, pathname }) => ({ origin, base: pathname }))
      : urls.flatMap(({ pathname }) => origins.map((origin) => ({ origin, base: pathname })));
  return places.map(({ origin, base }) => ({ origin, path: `${base.replace(/\/$/, '')}${path}` }));
}

function parametersIn(path: string): ExploreTemplate['parameters'] {
  const { segments } = parseTemplate(path);
  return segments.flatMap((segment, index) => {
    const before = segments[index - 1];
    const about = before && 'literal' in before ? before.literal : '';
    return parametersOf([segment]).map((name) => ({ name, about }));
  });
}

/** The request of a template with these values; undefined if no target can carry them, or if a value is called like an act. */
export function fillExploreTemplate(
  { origin, operation, path, parameters, query }: ExploreTemplate,
  values: readonly string[],
): ExploreRequest | undefined {
  if (values.some((value) => value === '.' || value === '..' || isAct(value))) return undefined;
  const byName = new Map(parameters.map(({ name }, index) => [name, values[index] ?? '']));
  const filled = fillTemplate(parseTemplate(path).segments, (name) => encodeURIComponent(byName.get(name) ?? ''));
  const search = query === undefined ? '' : `?${encodeURIComponent(query)}=${encodeURIComponent(values.at(-1) ?? '')}`;
  const endpoint = endpointOf(origin);
  const name = query === undefined ? operation : `${operation}?${query}`;
  return { endpoint, method: 'GET', target: `${filled}${search}`, headers: [], why: 'value', operation: name };
}

/** `/users/{id}` with such a value could be another operation: `/users/delete`. */
const isAct = (value: string): boolean => /^[A-Za-z_-]+$/.test(value) && destructiveWord(value) !== undefined;
