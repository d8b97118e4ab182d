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

/** Reads one raw path segment. An invalid percent escape is kept as it is. */
export function readSegment(raw: string, name?: string): Segment {
  const text = decodeSegment(raw);
  const shape = shapeOfString(text);
  return name === undefined ? { text, shape, isId: ID_SHAPES.has(shape) } : { text, shape, isId: true, name };
}

/** True for `v1`, and for dates such as `2024-01-31` in one of the first two segments, which are API versions. */
export function isVersionSegment(text: string, index: number): boolean {
  return shapeOfString(text) === 'version' || (index <= 1 && /^20\d\d-\d\d-\d\d$/.test(text));
}

/** Raw segments of a request target, without its query and a trailing slash. */
export function splitPath(target: string): readonly string[] {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  const segments = path.split('/').slice(1);
  if (segments.length > 1 && segments.at(-1) === '') segments.pop();
  return segments;
}

function decodeSegment(raw: string): string {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
