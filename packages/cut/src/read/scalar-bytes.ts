import { internAscii } from './intern-ascii.ts';
import type { Window } from './window.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a validated string; the range includes its quotes. */
export function stringAt(window: Window, from: number, to: number): string {
  if (from >= window.base) return textOf(window.bytes, from - window.base, to - window.base);
  const bytes = window.slice(from, to);
  return textOf(bytes, 0, bytes.length);
}

/** The text of a validated string in `bytes`; the range includes its quotes. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  for (let at = from + 1; at < to - 1; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === BACKSLASH) return slowText(bytes.subarray(from, to));
  }
  return internAscii(bytes, from + 1, to - 1);
}

function slowText(quoted: Uint8Array): string {
  const text = decoder.decode(quoted);
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}

/** A validated scalar as an id, by the rules of `idOf`; undefined if it is no id. */
export function idAt(window: Window, from: number, to: number): string | undefined {
  if (from >= window.base) return idOfBytes(window.bytes, from - window.base, to - window.base);
  const bytes = window.slice(from, to);
  return idOfBytes(bytes, 0, bytes.length);
}

/** Whether a range contains another id than `key`, the key of its object in a map. */
// oxlint-disable-next-line max-params -- an object here would be one more for each entry of a map
export function contradictsKey(window: Window, from: number, to: number, key: string): boolean {
  return !isAbsentAt(window, from, to) && idAt(window, from, to) !== key;
}

export function idOfBytes(bytes: Uint8Array, from: number, to: number): string | undefined {
  const first = bytes[from] as number;
  if (first === QUOTE) return to - from === 2 ? undefined : textOf(bytes, from, to);
  return isInteger(bytes, from, to) ? internAscii(bytes, from, to) : undefined;
}

/** Whether `idOf` accepts a number as an id: no fraction, exponent or minus zero. */
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

/** Whether a range is null or the empty string: as the id of an owner they mean that there is none. */
export function isAbsentAt(window: Window, from: number, to: number): boolean {
  const first = from >= window.base ? window.bytes[from - window.base] : window.slice(from, to)[0];
  return first === 0x6e || (first === QUOTE && to - from === 2);
}
