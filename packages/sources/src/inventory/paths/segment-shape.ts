import { shapeOfString, type StringShape } from '../stats/value-shape.ts';

/** Shapes of ids: a path segment with one of them is a parameter without further evidence. */
const ID_SHAPES: ReadonlySet<StringShape> = new Set([
  'uuid',
  'int',
  'decimal',
  'ip',
  'email',
  'jwt',
  'ulid',
  'object-id',
  'hex',
  'phone',
  'global-id',
  'composite',
  'token',
  'date',
  'date-time',
]);

/** A path segment: its decoded text and shape, and whether the shape alone, or a name given by the source, makes it an id. */
export interface Segment {
  readonly text: string;
  readonly shape: StringShape;
  readonly isId: boolean;
  readonly name?: string | undefined;
}

/** Reads the raw path segment at `index`. `name`: it is a parameter of this name. An invalid percent escape is kept as it is. */
export function readSegment(raw: string, index?: number, name?: string): Segment {
  const text = decodeSegment(raw);
  const shape = shapeOfString(text);
  if (name !== undefined) return { text, shape, isId: true, name };
  return { text, shape, isId: ID_SHAPES.has(shape) && !(index === 0 && isVersionSegment(text, index)) };
}

/** True for `v1`; for dates such as `2024-01-31` in one of the first two segments; and for `1.0` in the first. */
export function isVersionSegment(text: string, index: number): boolean {
  if (shapeOfString(text) === 'version' || (index <= 1 && /^20\d\d-\d\d-\d\d$/.test(text))) return true;
  return index === 0 && /^\d{1,2}\.\d{1,2}$/.test(text);
}

/** Raw segments of a request target, without its query. After a trailing slash the last one is empty: `/x/` is not `/x`. */
export function splitPath(target: string): readonly string[] {
  const end = target.search(/[?#]/);
  return (end < 0 ? target : target.slice(0, end)).split('/').slice(1);
}

function decodeSegment(raw: string): string {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
