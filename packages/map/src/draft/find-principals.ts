import { classify } from '../classify/classify.ts';
import { ANONYMOUS_CALLER, bearerToken, idText } from '../evidence/caller-claims.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { isSuccess, type ObservedCall } from '../evidence/observed-call.ts';
import { idFieldOf, type Place } from '../evidence/value-tree.ts';
import { type Group, isRareId } from './group-places.ts';

/** How a kind of caller presents itself, as far as its requests tell. */
export interface TokenKind {
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  readonly algorithm: string | undefined;
}

export interface FoundPrincipal {
  readonly ids: ReadonlySet<string>;
  readonly token: TokenKind | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly scheme: string | undefined;
}

/** The callers by name, with their ids: given, claimed by their tokens, or told by an operation that returns each its own object. */
export function findPrincipals({ exchanges, identities = {} }: Evidence): Map<string, FoundPrincipal> {
  const found = new Map<string, FoundPrincipal>(
    Object.entries(identities).map(([name, { ids }]) => [
      name,
      { ids: new Set(ids), token: undefined, claims: {}, scheme: undefined },
    ]),
  );
  for (const exchange of exchanges) {
    const { caller } = exchange;
    const name =
      caller.identity ?? (caller.fingerprint === undefined ? undefined : `caller-${caller.fingerprint.slice(0, 12)}`);
    if (name === undefined || caller.auth === 'anonymous') continue;
    const before = found.get(name);
    if (before?.token) continue;
    const token = bearerToken(exchange);
    const sub = idText(token?.claims['sub']);
    found.set(name, {
      ids: new Set([...(before?.ids ?? []), ...(sub === undefined ? [] : [sub])]),
      token: token && {
        issuer: textOf(token.claims['iss']),
        audience: textOf([token.claims['aud']].flat()[0]),
        algorithm: token.algorithm,
      },
      claims: token?.claims ?? {},
      scheme: before?.scheme ?? caller.scheme,
    });
  }
  return found;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length < 300 ? value : undefined;

/**
 * Adds the ids that an operation without parameters tells: one object for each caller, its own each time. A list with one object is
 * not enough, since it may suggest somebody else: the caller must also read this object by its id, and be refused the others.
 */
export function learnIds(
  principals: Map<string, FoundPrincipal>,
  { places, calls }: { readonly places: readonly Place[]; readonly calls: readonly ObservedCall[] },
): void {
  for (const place of places) {
    const own = ownIds(place);
    if (own.size < 2 || (place.steps.includes('*') && !areRefusedOthers(own, calls))) continue;
    for (const [caller, id] of own) {
      const known = principals.get(caller);
      if (known && known.ids.size === 0) principals.set(caller, { ...known, ids: new Set([id]) });
    }
  }
}

/** Whether every caller reads its own id at some operation, and is refused every other one there. */
function areRefusedOthers(own: ReadonlyMap<string, string>, calls: readonly ObservedCall[]): boolean {
  const detail = calls.filter(({ method, path }) => method === 'GET' && path.length === 1);
  const operations = new Set(detail.map(({ operation }) => operation));
  const answers = (operation: string, caller: string, id: string): readonly ObservedCall[] =>
    detail.filter((call) => call.operation === operation && call.caller === caller && call.path[0]?.[1] === id);
  return [...operations].some((operation) =>
    [...own].every(([caller]) =>
      [...own.values()].every((id) => {
        const asked = answers(operation, caller, id);
        const isOwn = own.get(caller) === id;
        return asked.length > 0 && asked.every((call) => (isOwn ? isSuccess(call) : [403, 404].includes(call.status)));
      }),
    ),
  );
}

/** Caller → the id of the only object it is given here; empty if two callers are given one, or one is given two. */
function ownIds(place: Place): ReadonlyMap<string, string> {
  const idField = idFieldOf(place);
  const none = new Map<string, string>();
  if (idField === undefined || !place.operation.startsWith('GET ')) return none;
  if (place.operation.includes('{') || !isPerson(place)) return none;
  const found = new Map<string, string>();
  for (const { value, call } of place.objects) {
    const id = idText(value[idField]);
    if (call.caller === undefined || call.caller === ANONYMOUS_CALLER || id === undefined || call.query.length > 0)
      continue;
    if ((found.get(call.caller) ?? id) !== id) return none;
    found.set(call.caller, id);
  }
  return new Set(found.values()).size === found.size ? found : none;
}

/** Whether the objects of a place have a field that only people have. */
function isPerson(place: Place): boolean {
  return [...place.members].some(([name, { shapes }]) => {
    const found = classify({ name, of: 'user', shapes });
    return found !== undefined && /^(?:contact|handle|name|secret\.password|demographic)/.test(found.name);
  });
}

/** The groups whose objects are the principals themselves. */
export function principalGroups(groups: readonly Group[], ids: ReadonlySet<string>): ReadonlySet<Group> {
  return new Set(
    groups.filter(({ places, idField }) => {
      if (idField === undefined) return false;
      const met = places
        .flatMap((place) => place.objects.flatMap(({ value }) => idText(value[idField]) ?? []))
        .filter((id) => ids.has(id));
      return met.some(isRareId) || (met.length > 0 && places.some(isPerson));
    }),
  );
}

/** Ids of people: of the callers, and of every object of their kind. */
export function personIds(groups: Iterable<Group>, ids: Iterable<string>): ReadonlySet<string> {
  const found = new Set(ids);
  for (const { places, idField } of groups) {
    if (idField === undefined) continue;
    for (const place of places)
      for (const { value, call } of place.objects) {
        const id = isSuccess(call) ? idText(value[idField]) : undefined;
        if (id !== undefined) found.add(id);
      }
  }
  return found;
}

/** Whether a call has no parameter that chooses whose objects it returns. */
export const choosesNobody = ({ operation, query }: ObservedCall): boolean =>
  !operation.includes('{') && query.length === 0;
