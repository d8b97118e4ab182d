import { ANONYMOUS_CALLER, idText } from '../evidence/caller-claims.ts';
import type { OwnerGrade } from './draft-types.ts';
import { choosesNobody, type FoundPrincipal } from './find-principals.ts';
import type { DraftResource } from './resource.ts';
import { idsAt } from './find-owners.ts';

/**
 * How well the owners of the objects are known. O1: a field names a caller as the owner; O2: besides, such an object is in an answer
 * that this caller got without choosing, and no other caller did. O0: seen only.
 */
export function gradeOwner(
  { owners, places, idField }: DraftResource,
  principals: ReadonlyMap<string, FoundPrincipal>,
): OwnerGrade | undefined {
  if (typeof owners === 'string') return undefined;
  const listed = new Map<string, Set<string>>();
  const ownedBy = new Map<string, string>();
  const callerOf = new Map([...principals].flatMap(([name, { ids }]) => [...ids].map((id) => [id, name] as const)));
  for (const place of places)
    for (const { value, call } of place.objects) {
      const named = owners.flatMap((path) => idsAt(value, path).flatMap((id) => callerOf.get(id) ?? []));
      const id = idField === undefined ? undefined : idText(value[idField]);
      const key = id ?? `\0${ownedBy.size}`;
      if (named[0] !== undefined) ownedBy.set(key, named[0]);
      if (id !== undefined && call.caller !== undefined && choosesNobody(call))
        listed.set(id, (listed.get(id) ?? new Set()).add(call.caller));
    }
  if (ownedBy.size === 0) return 'O0';
  const inOwnOnly = [...ownedBy].some(([id, caller]) => {
    const callers = listed.get(id);
    return callers?.size === 1 && callers.has(caller) && caller !== ANONYMOUS_CALLER;
  });
  return inOwnOnly ? 'O2' : 'O1';
}
