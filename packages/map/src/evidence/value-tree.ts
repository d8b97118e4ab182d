import { shapeOfString, shapeOfValue } from '@leakproof/sources';
import { isPasswordHash } from '../classify/classify.ts';
import { idText } from './caller-claims.ts';
import { isRecord, type ObservedCall } from './observed-call.ts';

/** An object in an answer. */
export interface SeenObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly call: ObservedCall;
}

/** Everything that was seen at one place of the answers of one operation; `*` in `steps` is an element, or a value of a map. */
export interface Place {
  readonly operation: string;
  readonly steps: readonly string[];
  readonly shapes: Set<string>;
  readonly members: Map<string, Place>;
  readonly objects: SeenObject[];
  element?: Place;
  /** Objects whose keys are values: ids of what is in them. */
  mapped?: Place;
  readonly callers: Set<string>;
  readonly calls: Set<ObservedCall>;
}

const MAX_DEPTH = 24;
const MAX_ELEMENTS = 500;
const MAX_MEMBERS = 300;
const MAX_KEY = 100;
const ID_FIELDS = ['id', '_id', 'uuid', 'guid', 'pk', 'objectId', '$id'] as const;

export function newPlace(operation: string, steps: readonly string[]): Place {
  return {
    operation,
    steps,
    shapes: new Set(),
    members: new Map(),
    objects: [],
    callers: new Set(),
    calls: new Set(),
  };
}

/** Adds one value. What lies deeper or further than the limits is left out of the draft, and so undeclared. */
export function addValue(place: Place, value: unknown, call: ObservedCall): void {
  if (call.caller !== undefined) place.callers.add(call.caller);
  place.calls.add(call);
  const child = (step: string): Place => newPlace(place.operation, [...place.steps, step]);
  if (Array.isArray(value)) {
    place.shapes.add('array');
    place.element ??= child('*');
    if (place.steps.length >= MAX_DEPTH) return;
    for (const each of value.slice(0, MAX_ELEMENTS)) addValue(place.element, each, call);
    return;
  }
  if (!isRecord(value)) {
    place.shapes.add(typeof value === 'string' && isPasswordHash(value) ? 'password-hash' : shapeOfValue(value));
    return;
  }
  if (place.steps.length >= MAX_DEPTH) {
    place.shapes.add('too-deep');
    return;
  }
  if (isMap(value)) {
    place.shapes.add('map');
    place.mapped ??= child('*');
    for (const each of Object.values(value).slice(0, MAX_ELEMENTS)) addValue(place.mapped, each, call);
    return;
  }
  place.shapes.add('object');
  place.objects.push({ value, call });
  for (const [key, each] of Object.entries(value).slice(0, MAX_MEMBERS)) {
    if (!isUsableKey(key)) continue;
    let below = place.members.get(key);
    if (!below) place.members.set(key, (below = child(key)));
    addValue(below, each, call);
  }
}

/** A key that a contract can name. Others stay undeclared. */
function isUsableKey(key: string): boolean {
  return key !== '' && key.length <= MAX_KEY && key !== '__proto__' && /^[^\p{Cc}\p{Cs}]*$/u.test(key);
}

/** One key of such a shape is enough: it names a person or an object, and no field. */
const VALUE_SHAPES: ReadonlySet<string> = new Set([
  'uuid',
  'email',
  'ulid',
  'object-id',
  'phone',
  'ip',
  'jwt',
  'date-time',
  'url',
]);
/** Names of fields may have such a shape: every key must have one. */
const ID_SHAPES: ReadonlySet<string> = new Set(['int', 'hex', 'date', 'token', 'global-id', 'decimal']);

/** Whether the keys of an object are values: ids, dates, addresses, names with spaces, or the ids of the objects under them. */
function isMap(value: Record<string, unknown>): boolean {
  const entries = Object.entries(value);
  const shapes = entries.map(([key]) => shapeOfString(key));
  if (shapes.some((shape) => VALUE_SHAPES.has(shape)) || entries.some(([key]) => /\s/.test(key))) return true;
  if (shapes.length > 0 && shapes.every((shape) => ID_SHAPES.has(shape))) return true;
  if (entries.length > 2 && areAlike(entries.map(([, each]) => each))) return true;
  return entries.some(([key, each]) => isRecord(each) && KEY_FIELDS.some((name) => idText(each[name]) === key));
}

/** Objects with the same members, and more than one. */
function areAlike(values: readonly unknown[]): boolean {
  const members = new Set(values.map((each) => (isRecord(each) ? JSON.stringify(Object.keys(each).sort()) : '')));
  const [only = ''] = members;
  return members.size === 1 && only.includes(',');
}

const KEY_FIELDS = [...ID_FIELDS, 'name', 'username', 'slug', 'key'] as const;

/** Every place at and below one. */
export function* placesBelow(place: Place): Generator<Place> {
  yield place;
  for (const [, each] of [...place.members].sort(([a], [b]) => (a < b ? -1 : 1))) yield* placesBelow(each);
  if (place.element) yield* placesBelow(place.element);
  if (place.mapped) yield* placesBelow(place.mapped);
}

/** What the values of a place are, if they are all of one form. `empty`: only null, or lists without elements. */
export type Form = 'object' | 'list' | 'map' | 'plain' | 'empty' | 'mixed';

export function formOf(place: Place): Form {
  const shapes = [...place.shapes].filter((shape) => shape !== 'null');
  if (shapes.length === 0) return 'empty';
  if (shapes.includes('too-deep')) return 'mixed';
  const compound = new Set(shapes.map((shape) => (['object', 'array', 'map'].includes(shape) ? shape : 'plain')));
  if (compound.size > 1) return 'mixed';
  if (compound.has('object')) return 'object';
  if (compound.has('map')) return 'map';
  if (!compound.has('array')) return 'plain';
  const inside = place.element ? formOf(place.element) : 'empty';
  if (inside === 'empty') return place.element && place.element.shapes.size > 0 ? 'plain' : 'empty';
  return inside === 'plain' ? 'plain' : 'list';
}

/** The field that holds the id of the objects of a place; undefined if they have none. */
export function idFieldOf(place: Place): string | undefined {
  return ID_FIELDS.find((name) => {
    const field = place.members.get(name);
    return (
      field !== undefined &&
      field.objects.length === 0 &&
      place.objects.some(({ value }) => idText(value[name]) !== undefined)
    );
  });
}

export const pointerOf = ({ steps }: Place): string => steps.map((step) => `/${step}`).join('');
