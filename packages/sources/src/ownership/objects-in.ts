import { graphqlCalls } from '../inventory/graphql/graphql-calls.ts';
import { rootsOf } from '../inventory/graphql/graphql-stats.ts';
import type { MatchedOperation } from '../inventory/paths/operation-matcher.ts';
import type { ExchangeRead } from '../inventory/read-exchange.ts';
import { shapeOfString, type StringShape } from '../inventory/stats/value-shape.ts';

/** An object with an id in a response. Contains values: keep it in memory. */
export interface ObjectFound {
  /** The name of its list or property in the singular, or `__typename`, in lower case. */
  readonly kind: string;
  readonly id: string;
  readonly operation: string;
  /** Names and values of its scalar properties, and of those of the objects in it (`user/id`), without its id. */
  readonly properties: readonly (readonly [name: string, value: string])[];
  /** The object returned, an element of the list returned, or a part of one of these. */
  readonly place: 'root' | 'element' | 'part';
}

/** A list of objects in a response. `wrapper`: the object that contains it. */
export interface ListFound {
  readonly operation: string;
  readonly ids: readonly string[];
  readonly kind: string;
  readonly wrapper: Readonly<Record<string, unknown>>;
}

export interface BodyObjects {
  readonly objects: readonly ObjectFound[];
  readonly lists: readonly ListFound[];
}

const MAX_OBJECTS = 20_000;
const MAX_DEPTH = 12;

/** All objects with an id in a response, and all lists at its root or in a wrapper. */
export function objectsIn(read: ExchangeRead, matched: MatchedOperation): BodyObjects {
  const into = { objects: [] as ObjectFound[], lists: [] as ListFound[] };
  const calls = graphqlCalls(read);
  if (calls) {
    for (const call of calls) {
      for (const [key, { field }] of rootsOf(call))
        collect(call.data[key], { operation: `Query.${field}`, kind: singular(field), depth: 0, place: 'root', into });
    }
    return into;
  }
  if (read.response.value === undefined) return into;
  collect(read.response.value, {
    operation: matched.name,
    kind: kindOfPath(matched.name),
    depth: 0,
    place: 'root',
    into,
  });
  return into;
}

interface At {
  readonly operation: string;
  readonly kind: string;
  readonly depth: number;
  readonly place: ObjectFound['place'];
  readonly into: { objects: ObjectFound[]; lists: ListFound[] };
}

function collect(value: unknown, at: At, wrapper: Readonly<Record<string, unknown>> = {}): void {
  if (at.depth > MAX_DEPTH || at.into.objects.length >= MAX_OBJECTS) return;
  if (Array.isArray(value)) {
    const ids = value.flatMap((element) => idOf(unwrap(element))?.id ?? []);
    if (at.depth <= 2 && (ids.length > 0 || value.length === 0)) {
      at.into.lists.push({ operation: at.operation, ids, kind: at.kind, wrapper });
    }
    for (const element of value)
      collect(unwrap(element), { ...at, depth: at.depth + 1, place: at.place === 'part' ? 'part' : 'element' });
    return;
  }
  if (value === null || typeof value !== 'object') return;
  const record = value as Record<string, unknown>;
  const found = idOf(record);
  const typename = typeof record['__typename'] === 'string' ? record['__typename'].toLowerCase() : undefined;
  const kind = typename ?? at.kind;
  if (found) {
    const properties = propertiesOf(record, found.name);
    at.into.objects.push({ kind, id: found.id, operation: at.operation, properties, place: at.place });
  }
  for (const [name, below] of Object.entries(record)) {
    if (below === null || typeof below !== 'object') continue;
    const isWrapper = !found && at.depth <= 1 && WRAPPERS.test(name);
    collect(
      below,
      { ...at, kind: isWrapper ? kind : singular(name), depth: at.depth + 1, place: isWrapper ? at.place : 'part' },
      record,
    );
  }
}

const WRAPPERS =
  /^(?:data|items?|results?|records|rows|edges|nodes?|list|content|entries|value|values|_embedded|payload|response)$/i;

/** The node of a Relay edge. */
function unwrap(element: unknown): unknown {
  if (element === null || typeof element !== 'object' || !('node' in element)) return element;
  return element.node;
}

const ID_NAMES = ['id', '_id', 'uuid', 'guid', 'pk', 'key'];
const ID_SHAPES: ReadonlySet<StringShape> = new Set(['uuid', 'ulid', 'object-id', 'hex', 'token', 'global-id']);

/** The id of an object: a property with the name of an id, else one of the first three with the shape of an id. */
function idOf(value: unknown): { readonly name: string; readonly id: string } | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const record = value as Record<string, unknown>;
  for (const name of ID_NAMES) {
    const id = asId(record[name]);
    if (id !== undefined) return { name, id };
  }
  for (const [name, below] of Object.entries(record).slice(0, 3)) {
    if (typeof below === 'string' && ID_SHAPES.has(shapeOfString(below))) return { name, id: below };
  }
  return undefined;
}

function asId(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value.length > 200 ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

function propertiesOf(record: Record<string, unknown>, idName: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (name === idName) continue;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [inner, below] of Object.entries(value))
        if (isScalar(below)) found.push([`${name}/${inner}`, String(below)]);
    } else if (isScalar(value)) found.push([name, String(value)]);
  }
  return found;
}

function isScalar(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'object';
}

/** `GET /api/user/{id}/workouts` → `workout`: the last literal segment, in the singular. */
function kindOfPath(operation: string): string {
  const literal = operation
    .split(' ')
    .at(-1)
    ?.split('/')
    .findLast((segment) => segment !== '' && !segment.includes('{'));
  return singular(literal ?? 'object');
}

function singular(name: string): string {
  const lower = name.toLowerCase();
  if (lower.endsWith('ies')) return `${lower.slice(0, -3)}y`;
  return /[^su]s$/.test(lower) ? lower.slice(0, -1) : lower;
}
