import { isNumberedWord, readsAsWords } from './readable-words.ts';

/**
 * Shapes of strings, which an inventory prints in place of values. The first pattern that matches is taken.
 */
const SHAPES = [
  ['empty', /^$/],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ['date-time', /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['version', /^v\d{1,3}(?:[._-]\d{1,4})*$/i],
  ['int', /^-?\d{1,40}$/],
  ['decimal', /^-?\d{1,20}\.\d{1,20}$/],
  ['ip', /^(?:\d{1,3}\.){3}\d{1,3}$/],
  ['email', /^[^\s@/]{1,64}@(?=[^@]{0,255}[a-z][^@]{0,255}\.)[^\s@/]{1,255}\.[^\s@/.\d]{2,24}$/i],
  ['jwt', /^eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*$/],
  ['url', /^[a-z][a-z0-9+.-]{1,20}:\/\//i],
  ['ulid', /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/],
  ['object-id', /^[0-9a-f]{24}$/i],
  ['hex', /^(?=.*\d)[0-9a-f]{16,128}$/i],
  ['phone', /^\+\d[\d ().-]{6,20}$/],
] as const satisfies readonly (readonly [string, RegExp])[];

/** `global-id`: a Relay id (base64 of `Type:id`); `token`: a string that looks random; `slug`: words joined by dashes. */
export type StringShape = (typeof SHAPES)[number][0] | 'global-id' | 'composite' | 'token' | 'slug' | 'word' | 'text';

export type ValueShape = StringShape | 'integer' | 'number' | 'true-false' | 'null' | 'object' | 'array';

/** Longer strings are `text` whatever they contain. */
const MAX_SHAPED_CHARS = 512;

/** O(length); backtracking is bounded by the quantifiers of the patterns. */
export function shapeOfString(value: string): StringShape {
  if (value.length > MAX_SHAPED_CHARS) return value.startsWith('eyJ') ? 'jwt' : 'text';
  if (/^(?:[a-z]+|[A-Z][a-z]+)$/.test(value)) return 'word';
  for (const [shape, pattern] of SHAPES) if (pattern.test(value)) return shape;
  if (decodeGlobalId(value)) return 'global-id';
  if (isComposite(value)) return 'composite';
  if (looksRandom(value)) return 'token';
  if (/^[\p{L}\p{N}_.~]+$/u.test(value)) return 'word';
  if (/^[\p{L}\p{N}_.~-]+$/u.test(value)) return 'slug';
  return 'text';
}

export function shapeOfValue(value: unknown): ValueShape {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return shapeOfString(value);
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'bigint':
      return 'integer';
    case 'boolean':
      return 'true-false';
    default:
      return Array.isArray(value) ? 'array' : 'object';
  }
}

/** A decoded Relay global id: base64 of `Type:id` or of `gid://app/Type/id`. */
export interface GlobalId {
  readonly type: string;
  readonly id: string;
}

/** Undefined if `value` is not a Relay global id. */
export function decodeGlobalId(value: string): GlobalId | undefined {
  if (value.length < 6 || value.length > 256 || !/^[\w+/-]+={0,2}$/.test(value)) return undefined;
  const text = Buffer.from(value, 'base64').toString('latin1');
  const match = /^(?:gid:\/\/[\w-]+\/)?([A-Z][A-Za-z0-9_]{1,60})[:/|]([\x21-\x7e]{1,160})$/.exec(text);
  return match?.[1] && match[2] ? { type: match[1], id: match[2] } : undefined;
}

const COMPOSITE = /^[\w.~-]{1,80}(?:[:;,|][\w.~-]{1,80}){1,5}$/;

/** Parts of which one has a digit; `v1:initialize` is a name, not an id. */
function isComposite(value: string): boolean {
  if (!COMPOSITE.test(value)) return false;
  return value.split(/[:;,|]/).some((part) => /\d/.test(part) && !isNumberedWord(part));
}

/** True for long strings in which letters and digits (or upper and lower case) alternate more often than in words. */
function looksRandom(value: string): boolean {
  if (value.length < 8 || !/^[\w-]+$/.test(value) || readsAsWords(value)) return false;
  let changes = 0;
  for (let at = 1; at < value.length; at++) {
    const before = kindOf(value.charCodeAt(at - 1));
    const now = kindOf(value.charCodeAt(at));
    if (before !== now && !(before === 'upper' && now === 'lower')) changes++;
  }
  return /\d/.test(value) ? changes >= 3 && changes >= value.length / 4 : changes >= value.length / 3;
}

function kindOf(code: number): 'digit' | 'upper' | 'lower' | 'other' {
  if (code >= 48 && code <= 57) return 'digit';
  if (code >= 65 && code <= 90) return 'upper';
  return code >= 97 && code <= 122 ? 'lower' : 'other';
}
