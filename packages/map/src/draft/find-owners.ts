import { wordsOf } from '../classify/classify.ts';
import { ANONYMOUS_CALLER, idText } from '../evidence/caller-claims.ts';
import { compareText } from '../evidence/observed-call.ts';
import { formOf, idFieldOf, type Place } from '../evidence/value-tree.ts';
import { choosesNobody, type FoundPrincipal } from './find-principals.ts';
import { isRareId } from './group-places.ts';
import type { Path } from './resource.ts';

/** Words of fields that name an owner, where ids are so common that a value alone does not tell. */
const OWNER_WORDS =
  /(?:^| )(?:user|owner|author|account|member|customer|person|creator|created by|sender|recipient|from|to|patient|employee|student|client|profile|buyer|seller|assignee|reporter|holder|uid)(?: |$)/;

export interface People {
  /** Ids of people, callers or not. */
  readonly ids: ReadonlySet<string>;
  readonly principals: ReadonlyMap<string, FoundPrincipal>;
}

/** Where an object names its owners: paths to a value that is the id of a person. More exchanges only add paths. */
export function ownerPaths(places: readonly Place[], people: People): Path[] {
  const found = new Map<string, Path>();
  for (const place of places) {
    for (const { path, place: at } of scalarPaths(place, [])) {
      if (isOwnerPath(path, at, { whole: place, people })) found.set(path.join('\0'), path);
    }
  }
  if (found.size > 0)
    for (const path of explainingPaths(places, [...found.values()], people)) found.set(path.join('\0'), path);
  return [...found.values()].sort((a, b) => compareText(a.join('\0'), b.join('\0')));
}

/**
 * Paths that explain why callers are given objects of others in answers that they did not choose: in every such object they name
 * the caller. A message names its sender, and has its recipient in a field whose name tells nothing; a note is in the list of those it is shared with.
 */
function explainingPaths(places: readonly Place[], known: readonly Path[], { principals }: People): Path[] {
  const unexplained = places.flatMap((place) =>
    place.objects.flatMap(({ value, call }) => {
      const ids = call.caller === undefined || !choosesNobody(call) ? undefined : principals.get(call.caller)?.ids;
      const isOf = (path: Path): boolean => idsAt(value, path).some((id) => ids?.has(id) === true);
      return ids === undefined || known.some(isOf) ? [] : [isOf];
    }),
  );
  const paths = places.flatMap((place) =>
    [...scalarPaths(place, []), ...listPaths(place)].filter(({ path }) => path[0] !== idFieldOf(place)),
  );
  return unexplained.length === 0
    ? []
    : paths.flatMap(({ path }) => (unexplained.every((isOf) => isOf(path)) ? [path] : []));
}

interface PathAt {
  readonly path: Path;
  readonly place: Place;
}

/** Members that are ids: of the object, and of the objects in it that have an id. */
function* scalarPaths(place: Place, path: Path): Generator<PathAt> {
  for (const [name, below] of place.members) {
    if (!isUsableStep(name)) continue;
    const form = formOf(below);
    if (form === 'plain' && !below.shapes.has('array')) yield { path: [...path, name], place: below };
    const id = form === 'object' && path.length === 0 ? idFieldOf(below) : undefined;
    const field = id === undefined ? undefined : below.members.get(id);
    if (field && id !== undefined) yield { path: [name, id], place: field };
  }
}

/** Members that are lists of ids. */
function* listPaths(place: Place): Generator<PathAt> {
  for (const [name, below] of place.members)
    if (formOf(below) === 'plain' && below.element && isUsableStep(name))
      yield { path: [name, '*'], place: below.element };
}

const isUsableStep = (name: string): boolean => !/[./[\]~]/.test(name) && name !== '*';

function isOwnerPath(
  path: Path,
  at: Place,
  { whole, people }: { readonly whole: Place; readonly people: People },
): boolean {
  const ownId = idFieldOf(whole);
  if (path.length === 1 && path[0] === ownId) return false;
  const values = new Map<string, Set<string>>();
  for (const { value, call } of whole.objects) {
    const [id] = idsAt(value, path);
    if (id === undefined) continue;
    const callers = values.get(id) ?? new Set();
    values.set(id, callers.add(call.caller !== undefined && choosesNobody(call) ? call.caller : ''));
  }
  const known = [...values.keys()].filter((id) => people.ids.has(id));
  if (known.length === 0) return false;
  if (known.some(isRareId)) return true;
  if (at.shapes.has('true-false') || at.shapes.has('number')) return false;
  if (OWNER_WORDS.test(wordsOf(path.length === 1 ? (path[0] ?? '') : path.slice(0, -1).join(' ')))) return true;
  return isOwnEverywhere(values, people.principals);
}

/** In answers that nobody chose, every caller is given objects with its own id here, and there are at least two callers. */
function isOwnEverywhere(
  values: ReadonlyMap<string, ReadonlySet<string>>,
  principals: ReadonlyMap<string, FoundPrincipal>,
): boolean {
  const pairs = [...values].flatMap(([id, callers]) =>
    [...callers].filter((each) => each !== '').map((caller) => ({ id, caller })),
  );
  const isOwn = pairs.every(
    ({ id, caller }) => caller !== ANONYMOUS_CALLER && principals.get(caller)?.ids.has(id) === true,
  );
  return isOwn && new Set(pairs.map(({ caller }) => caller)).size >= 2;
}

/** The ids at a path; `*` is every element of an array. */
export function idsAt(value: unknown, path: Path): string[] {
  const [step, ...rest] = path;
  if (step === undefined) return [idText(value) ?? []].flat();
  if (step === '*') return Array.isArray(value) ? value.flatMap((each) => idsAt(each, rest)) : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
  return idsAt((value as Record<string, unknown>)[step], rest);
}
