import type { OwnInput } from '../harvest/bindings.ts';
import { keyOf } from '../rulings/known-relations.ts';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import type { SeenObject, SeenField } from '../reading/seen.ts';
import { ownedIn } from '../ladder/owned-in.ts';

/** What owners read of themselves: the values that decide whose data an answer holds. */
export interface Baseline {
  /** What the owner itself reads there; undefined where it reads nothing, or never the same twice. */
  known(owner: string, seen: SeenObject, field: SeenField): ReadonlySet<string> | undefined;
  /** No other identity has any of these values in this field. */
  isOnlyOf(owner: string, seen: SeenObject, field: SeenField): boolean;
  /** Fields that say the same of the same owner under the same name elsewhere, itself included: `Resource.field`, sorted. */
  kinOf(field: string): readonly string[];
  /** Two identities read different things there: what is the same for all, such as a page number, is nobody's. */
  varies(seen: SeenObject, field: SeenField): boolean;
}

/** Only what two reads of the owner agree on counts: counters and timestamps are noise. */
export function makeBaseline(bindings: readonly OwnInput[], owners: OperationOwners): Baseline {
  const known = new Map<string, Set<string>>();
  const holders = new Map<string, Set<string>>();
  const texts = new Map<string, Set<string>>();
  const told = new Map<string, Set<string>>();
  for (const { owner, ask, first, second } of bindings) {
    const key = keyOf(owner.principal);
    const again = new Set(
      ownValues(key, ownedIn(owners, key, ask, second.seen)).map(({ text, place }) => `${place}\n${text}`),
    );
    for (const { seen, field, text, place } of ownValues(key, ownedIn(owners, key, ask, first.seen))) {
      if (!again.has(`${place}\n${text}`)) continue;
      put(known, fieldKey(key, seen, field, seen.objectId), text);
      put(known, fieldKey(key, seen, field, undefined), text);
      put(told, `${seen.sighting.resource}.${field.field}`, `${key}\n${text}`);
      put(holders, `${seen.sighting.resource}\n${field.field}\n${text}`, key);
      put(texts, `${seen.sighting.resource}\n${field.field}`, text);
    }
  }
  const says = (field: string): string[] => [...(told.get(field) ?? [])];
  return {
    kinOf: (field) => {
      const name = field.slice(field.lastIndexOf('.'));
      const own = new Set(says(field));
      const kin = [...told.keys()].filter((each) => each.endsWith(name) && says(each).some((text) => own.has(text)));
      return [...new Set([field, ...kin])].sort();
    },
    known: (owner, seen, field) => known.get(fieldKey(owner, seen, field, seen.objectId)),
    varies: (seen, field) => (texts.get(`${seen.sighting.resource}\n${field.field}`)?.size ?? 0) > 1,
    isOnlyOf: (owner, seen, field) =>
      field.texts.some((text) => {
        const of = holders.get(`${seen.sighting.resource}\n${field.field}\n${text}`);
        return of?.size === 1 && of.has(owner);
      }),
  };
}

function ownValues(owner: string, all: readonly SeenObject[]) {
  return all.flatMap((seen) =>
    seen.fields.flatMap((field) =>
      field.texts.map((text) => ({ seen, field, text, place: fieldKey(owner, seen, field, seen.objectId) })),
    ),
  );
}

// oxlint-disable-next-line max-params
function fieldKey(owner: string, { sighting }: SeenObject, { field }: SeenField, objectId: string | undefined): string {
  return JSON.stringify([owner, sighting.resource, objectId ?? '', field]);
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
