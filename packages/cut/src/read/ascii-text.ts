/** Texts are kept up to this length, and so many of them, the oldest given up first. */
const MAX_LENGTH = 40;
const TEXTS = 8_192;
const BUCKETS = 4 * TEXTS;

/** In the order in which they were made: what is read again is mostly read in the order of before. */
const texts: string[] = Array.from({ length: TEXTS }, () => '');
const hashes = new Int32Array(TEXTS);
/** By some bits of the hash: where a text of it stands. */
const places = new Int32Array(BUCKETS);
let oldest = 0;
/** Behind the last one read. */
let next = 0;

/**
 * The text of ASCII bytes. The same owners come again and again: a text that was made lately is the same string again, whose
 * hash the maps behind have worked out already. Whoever makes bytes collide is only read more slowly.
 */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > MAX_LENGTH) return makeText(bytes, from, to);
  const likely = texts[next] as string;
  if (stands(likely, bytes, from, to)) {
    next = (next + 1) % TEXTS;
    return likely;
  }
  let hash = to - from;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  const bucket = (hash ^ (hash >>> 15)) & (BUCKETS - 1);
  const place = places[bucket] as number;
  if (hashes[place] === hash && stands(texts[place] as string, bytes, from, to)) {
    next = (place + 1) % TEXTS;
    return texts[place] as string;
  }
  const text = makeText(bytes, from, to);
  texts[oldest] = text;
  hashes[oldest] = hash;
  places[bucket] = oldest;
  oldest = (oldest + 1) % TEXTS;
  next = oldest;
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
