import { compareText, isSuccess, type ObservedCall } from '../evidence/observed-call.ts';
import { isLogin } from '../evidence/is-login.ts';
import { addValue, formOf, idFieldOf, newPlace, type Place, placesBelow } from '../evidence/value-tree.ts';
import { type FoundPrincipal, learnIds, personIds, principalGroups } from './find-principals.ts';
import { type Group, groupPlaces } from './group-places.ts';
import { ownerPaths, type People } from './find-owners.ts';
import type { DraftResource } from './resource.ts';

export interface FoundResources {
  readonly resources: readonly DraftResource[];
  readonly resourceOf: ReadonlyMap<Place, DraftResource>;
  /** The root of the successful answers of each operation. */
  readonly roots: ReadonlyMap<string, Place>;
}

/** Finds what the answers are made of: resources with their owners, by the ids in them. */
export function findResources(calls: readonly ObservedCall[], principals: Map<string, FoundPrincipal>): FoundResources {
  const roots = new Map<string, Place>();
  for (const call of calls) {
    if (!isSuccess(call) || call.kind !== 'json' || call.isGraphql || isLogin(call)) continue;
    const root = roots.get(call.operation) ?? newPlace(call.operation, []);
    roots.set(call.operation, root);
    addValue(root, call.value, call);
  }
  const places = [...roots.values()]
    .sort((a, b) => compareText(a.operation, b.operation))
    .flatMap((root) => [...placesBelow(root)])
    .filter((place) => formOf(place) === 'object');
  const withId = places.filter((place) => idFieldOf(place) !== undefined);
  learnIds(principals, { places: withId, calls });
  const ids = new Set([...principals.values()].flatMap((each) => [...each.ids]));
  const first = groupPlaces(withId);
  const people: People = { ids: personIds(principalGroups(first, ids), ids), principals };
  const owned = places.filter((place) => idFieldOf(place) === undefined && ownerPaths([place], people).length > 0);
  const groups = groupPlaces([...withId, ...owned]);
  const areTheirOwn = principalGroups(groups, ids);
  const resources = groups.map((group) => resourceFrom(group, { people, isPrincipal: areTheirOwn.has(group) }));
  const resourceOf = new Map(resources.flatMap((each) => each.places.map((place) => [place, each] as const)));
  return { resources: resources.sort((a, b) => compareText(a.name, b.name)), resourceOf, roots };
}

function resourceFrom(
  { name, idField, places }: Group,
  { people, isPrincipal }: { readonly people: People; readonly isPrincipal: boolean },
): DraftResource {
  if (isPrincipal && idField !== undefined) return { name, idField, places, isPrincipal, owners: [[idField]] };
  const owners = ownerPaths(places, people);
  return { name, idField, places, isPrincipal: false, owners: owners.length > 0 ? owners : 'none' };
}
