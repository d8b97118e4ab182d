import type { Exchange } from '@leakproof/core';
import { readExchange } from '@leakproof/sources';
import { destructiveWord } from './destructive-words.ts';
import { endpointOf, type ExploreRequest } from './explore-request.ts';

/** Fields of one object that name another. */
const MAX_FIELDS = 6;

/**
 * Objects where most APIs have them: `/notes/7` for an object with the id 7 in the list `/notes`, and `/users/5` for its field
 * `userId`. One of each kind, to learn whether the API has such paths: other values follow only if it does.
 */
export function objectsByConvention(exchange: Exchange): ExploreRequest[] {
  const { request, response } = exchange;
  if (request.method !== 'GET' || !response || response.status >= 300) return [];
  const { response: body, segments } = readExchange(exchange);
  const [path = ''] = request.target.split('?', 1);
  const [last] = segments.slice(-1);
  if (body.kind !== 'json' || !last || path.endsWith('/')) return [];
  const list = last.isId ? path.replace(/\/[^/]*$/, '') : path;
  const [first] = objectsIn(body.value);
  if (!first) return [];
  const endpoint = endpointOf(`${request.scheme}://${request.authority}`);
  const targets = [
    ...(last.isId || !Array.isArray(listIn(body.value)) ? [] : idTexts(first['id']).map((id) => [list, id] as const)),
    ...Object.entries(first).flatMap(([field, value]) => {
      const name = /^([a-z]{2,30})(?:Id|ID|_id)$/.exec(field)?.[1];
      if (name === undefined) return [];
      const collection = list.replace(/[^/]*$/, pluralOf(name));
      return idTexts(value).map((id) => [collection, id] as const);
    }),
  ].slice(0, MAX_FIELDS);
  return targets.flatMap(([collection, id]) => {
    const target = `${collection}/${encodeURIComponent(id)}`;
    if (destructiveWord(target) !== undefined) return [];
    const operation = `GET ${collection}/{} (by convention)`;
    return [{ endpoint, method: 'GET', target, headers: [], why: 'collection' as const, operation }];
  });
}

const pluralOf = (name: string): string => (/[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`);

/** The list that a response is, or has in a member. */
function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value).find((each): each is unknown[] => Array.isArray(each) && each.length > 0);
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  return (listIn(value) ?? [value]).filter(
    (each): each is Record<string, unknown> => typeof each === 'object' && each !== null && !Array.isArray(each),
  );
}

function idTexts(value: unknown): string[] {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return [String(value)];
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? [value] : [];
}
