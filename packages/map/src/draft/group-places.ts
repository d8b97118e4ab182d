import { shapeOfString } from '@leakproof/sources';
import { idText } from '../evidence/caller-claims.ts';
import { compareText } from '../evidence/observed-call.ts';
import { idFieldOf, type Place, type SeenObject } from '../evidence/value-tree.ts';
import { nameOf } from './names.ts';

/** Places whose objects are one kind of thing. */
export interface Group {
  readonly places: readonly Place[];
  readonly name: string;
  readonly idField: string | undefined;
}

const STRONG_SHAPES: ReadonlySet<string> = new Set([
  'uuid',
  'hex',
  'object-id',
  'ulid',
  'token',
  'global-id',
  'jwt',
  'email',
]);

/** Whether an id is so rare that two objects that have it are one. */
export const isRareId = (id: string): boolean => id.length >= 8 && STRONG_SHAPES.has(shapeOfString(id));

/**
 * Groups the places of objects. Two places are of one resource if an object of one is in the other: the same rare id, or the same id
 * and a value that agrees; or if they have one name and share fields.
 */
export function groupPlaces(places: readonly Place[]): Group[] {
  const parents = new Map<Place, Place>(places.map((place) => [place, place]));
  const rootOf = (place: Place): Place => {
    let root = place;
    for (let next = parents.get(root); next && next !== root; next = parents.get(root)) root = next;
    return root;
  };
  const join = (a: Place, b: Place): void => {
    const [x, y] = [rootOf(a), rootOf(b)];
    if (x !== y) parents.set(y, x);
  };
  joinById(places, join);
  joinByName(places, join);
  const groups = new Map<Place, Place[]>();
  for (const place of places) groups.set(rootOf(place), [...(groups.get(rootOf(place)) ?? []), place]);
  return named([...groups.values()].map((members) => ({ places: members.sort(byPlace), ...describe(members) })));
}

interface Holder {
  readonly place: Place;
  readonly object: SeenObject;
}

function joinById(places: readonly Place[], join: (a: Place, b: Place) => void): void {
  const holders = new Map<string, Holder[]>();
  for (const place of places) {
    const idField = idFieldOf(place);
    if (idField === undefined) continue;
    const seen = new Set<string>();
    for (const object of place.objects) {
      const id = idText(object.value[idField]);
      if (id === undefined || seen.has(id)) continue;
      seen.add(id);
      const others = holders.get(id) ?? [];
      if (others.length === 0) holders.set(id, others);
      for (const other of others) if (isSame(id, other, { place, object })) join(other.place, place);
      others.push({ place, object });
    }
  }
}

/** Two objects with one id are one if the id is rare, or if a value that tells them from others agrees and none contradicts. */
function isSame(id: string, a: Holder, b: Holder): boolean {
  if (isRareId(id)) return true;
  const shared = Object.keys(a.object.value).filter((key) => Object.hasOwn(b.object.value, key));
  const telling = shared.filter((key) => isTelling(a.object.value[key]) && isTelling(b.object.value[key]));
  return (
    telling.some((key) => a.object.value[key] === b.object.value[key]) &&
    nameOf(a.place).name !== '' &&
    !contradicts(telling, a, b)
  );
}

const contradicts = (fields: readonly string[], a: Holder, b: Holder): boolean =>
  fields.filter((key) => a.object.value[key] !== b.object.value[key]).length * 2 > fields.length;

const isTelling = (value: unknown): boolean => typeof value === 'string' && value.length >= 3;

function joinByName(places: readonly Place[], join: (a: Place, b: Place) => void): void {
  const byName = new Map<string, Place[]>();
  for (const place of places) {
    const { name, weight } = nameOf(place);
    if (weight < 1) continue;
    for (const other of byName.get(name) ?? []) if (sharesFields(place, other)) join(other, place);
    byName.set(name, [...(byName.get(name) ?? []), place]);
  }
}

function sharesFields(a: Place, b: Place): boolean {
  if ((idFieldOf(a) === undefined) !== (idFieldOf(b) === undefined)) return false;
  const [few, many] = a.members.size <= b.members.size ? [a, b] : [b, a];
  const shared = [...few.members.keys()].filter((key) => many.members.has(key)).length;
  return shared > 0 && shared * 2 >= few.members.size;
}

function describe(places: readonly Place[]): Pick<Group, 'name' | 'idField'> {
  const votes = new Map<string, number>();
  for (const { name, weight } of places.map(nameOf)) votes.set(name, (votes.get(name) ?? 0) + weight);
  const [name = 'Object'] = [...votes].sort(([a, x], [b, y]) => y - x || compareText(a, b)).map(([each]) => each);
  const fields = places.map(idFieldOf).filter((each) => each !== undefined);
  return { name, idField: fields.sort(compareText).at(-1) };
}

/** Names that no other group has, and that mean nothing else in a contract. */
function named(groups: readonly Group[]): Group[] {
  const taken = new Set(['plain', 'any', 'nothing', 'Query', 'Mutation', '']);
  const order = groups.toSorted((a, b) => b.places.length - a.places.length || byPlace(a.places[0], b.places[0]));
  return order.map((group) => {
    let name = group.name;
    for (let count = 2; taken.has(name); count++) name = `${group.name}${count}`;
    taken.add(name);
    return { ...group, name };
  });
}

export function byPlace(a: Place | undefined, b: Place | undefined): number {
  return compareText(keyOf(a), keyOf(b));
}

const keyOf = (place: Place | undefined): string => (place ? `${place.operation} ${place.steps.join('/')}` : '');
