/** Texts are kept up to this length, and so many of them. */
const MAX_LENGTH = 40;
const SLOTS = 4_096;

const hashes = new Int32Array(SLOTS);
const texts: string[] = Array.from({ length: SLOTS }, () => '');

/**
 * The text of ASCII bytes. The same owners come again and again: a text that was made lately is the same string again, whose
 * hash the maps behind have worked out already. Whoever makes bytes collide is only read as slowly as before.
 */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > MAX_LENGTH) return makeText(bytes, from, to);
  let hash = to - from;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  if (hashes[slot] === hash && stands(texts[slot] as string, bytes, from, to)) return texts[slot] as string;
  const text = makeText(bytes, from, to);
  hashes[slot] = hash;
  texts[slot] = text;
  return text;
}

function stands(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let at = from; at < to; at++) if (text.charCodeAt(at - from) !== bytes[at]) return false;
  return true;
}

/** Without a decoder's overhead. */
function makeText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  let at = from;
  for (; at + 8 <= to; at += 8) text += fourChars(bytes, at) + fourChars(bytes, at + 4);
  if (at + 4 <= to) {
    text += fourChars(bytes, at);
    at += 4;
  }
  for (; at < to; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function fourChars(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(
    bytes[at] as number,
    bytes[at + 1] as number,
    bytes[at + 2] as number,
    bytes[at + 3] as number,
  );
}
