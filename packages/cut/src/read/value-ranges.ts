import { textOf } from './scalar-bytes.ts';

/** The ranges of the values at a path. */
export interface ReachedRanges {
  readonly ranges: readonly (readonly [number, number])[];
  /** Some step met a value that it does not fit: what is there is unknown, not absent. */
  readonly misfit: boolean;
}

/**
 * The values at a path below the value that starts at `at`, as in core's `stepInto`: a step is a key, or `undefined` for all elements
 * of an array. The bytes must be valid JSON; nothing is checked.
 */
export function valueRanges(bytes: Uint8Array, at: number, steps: readonly (string | undefined)[]): ReachedRanges {
  let starts = [at];
  let misfit = false;
  for (const step of steps) {
    starts = starts.flatMap((start) => {
      const opens = bytes[start] === (step === undefined ? OPEN_LIST : OPEN_OBJECT);
      if (!opens) {
        misfit ||= !isAbsent(bytes, start);
        return [];
      }
      if (step === undefined) return elementsOf(bytes, start);
      const found = memberOf(bytes, start, step);
      return found < 0 ? [] : [found];
    });
  }
  return { ranges: starts.map((start) => [start, valueEnd(bytes, start)]), misfit };
}

const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;

/** Null, an empty string, an empty array. */
function isAbsent(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at];
  if (first === 0x6e) return true;
  if (first === 0x22) return bytes[at + 1] === 0x22;
  return first === OPEN_LIST && bytes[skipSpace(bytes, at + 1)] === 0x5d;
}

function elementsOf(bytes: Uint8Array, open: number): number[] {
  const found: number[] = [];
  if (bytes[open] !== 0x5b) return found;
  let at = skipSpace(bytes, open + 1);
  while (bytes[at] !== 0x5d) {
    found.push(at);
    at = skipSpace(bytes, valueEnd(bytes, at));
    if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1);
  }
  return found;
}

/** The start of a member's value; -1 if the member is absent. */
function memberOf(bytes: Uint8Array, open: number, name: string): number {
  if (bytes[open] !== 0x7b) return -1;
  let at = skipSpace(bytes, open + 1);
  while (bytes[at] !== 0x7d) {
    const keyEnd = stringEnd(bytes, at);
    const key = textOf(bytes, at, keyEnd);
    at = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    if (key === name) return at;
    at = skipSpace(bytes, valueEnd(bytes, at));
    if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1);
  }
  return -1;
}

function valueEnd(bytes: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const byte = bytes[at];
    if (byte === 0x22) at = stringEnd(bytes, at);
    else {
      if (byte === 0x7b || byte === 0x5b) depth++;
      else if (byte === 0x7d || byte === 0x5d) depth--;
      else if (depth === 0) return scalarEnd(bytes, at);
      at++;
    }
  } while (depth > 0);
  return at;
}

function scalarEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte <= 0x20 || byte === 0x2c || byte === 0x5d || byte === 0x7d) break;
  }
  return at;
}

function stringEnd(bytes: Uint8Array, open: number): number {
  let at = open + 1;
  while (bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  return at + 1;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] as number) <= 0x20) at++;
  return at;
}
