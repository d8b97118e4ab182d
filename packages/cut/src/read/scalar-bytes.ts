import { asciiText } from './ascii-text.ts';
import type { Window } from './window.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a string that was validated, its quotes included in the range. */
export function stringAt(window: Window, from: number, to: number): string {
  if (from >= window.base) return textOf(window.bytes, from - window.base, to - window.base);
  const bytes = window.slice(from, to);
  return textOf(bytes, 0, bytes.length);
}

/** The text of a validated string that stands, quotes included, in `bytes`. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  for (let at = from + 1; at < to - 1; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === BACKSLASH) return slowText(bytes.subarray(from, to));
  }
  return asciiText(bytes, from + 1, to - 1);
}

function slowText(quoted: Uint8Array): string {
  const text = decoder.decode(quoted);
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}

/** A validated scalar as an id, by the rules of `idOf`; undefined if it is none. */
export function idAt(window: Window, from: number, to: number): string | undefined {
  if (from >= window.base) return idOfBytes(window.bytes, from - window.base, to - window.base);
  const bytes = window.slice(from, to);
  return idOfBytes(bytes, 0, bytes.length);
}

/** Whether another id stands there than the key of a map that its object is listed under. */
export function contradicts(window: Window, from: number, to: number, key: string): boolean {
  return !isAbsentAt(window, from, to) && idAt(window, from, to) !== key;
}

export function idOfBytes(bytes: Uint8Array, from: number, to: number): string | undefined {
  const first = bytes[from] as number;
  if (first === QUOTE) return to - from === 2 ? undefined : textOf(bytes, from, to);
  return isInteger(bytes, from, to) ? asciiText(bytes, from, to) : undefined;
}

/** Digits as `idOf` takes them: no fraction, no exponent, no minus zero. */
export function isInteger(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative) at++;
  if (bytes[at] === 0x30 && (isNegative || to - at > 1)) return false;
  for (; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return to > from;
}

/** True for null and the empty string: where an owner should stand, they name nobody. */
export function isAbsentAt(window: Window, from: number, to: number): boolean {
  const first = from >= window.base ? window.bytes[from - window.base] : window.slice(from, to)[0];
  return first === 0x6e || (first === QUOTE && to - from === 2);
}
