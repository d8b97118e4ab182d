/** Longer texts are not kept. */
const MAX_LENGTH = 40;
/** How many texts are kept; the oldest is replaced first. */
const TEXTS = 8_192;
const BUCKETS = 4 * TEXTS;

/** In the order in which they were first read: a body mostly repeats them in the same order. */
const texts: string[] = Array.from({ length: TEXTS }, () => '');
const hashes = new Int32Array(TEXTS);
/** The index in `texts` of the newest text in each hash bucket. */
const indexes = new Int32Array(BUCKETS);
let oldest = 0;
/** The text after the one returned last: the most likely one to follow. */
let next = 0;

/**
 * The text of ASCII bytes, interned: the same ids come again and again, and a string that is reused has its hash computed already.
 * Colliding hashes cost time, nothing else.
 */
export function internAscii(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > MAX_LENGTH) return makeText(bytes, from, to);
  const likely = texts[next] as string;
  if (equalsText(likely, bytes, from, to)) {
    next = (next + 1) % TEXTS;
    return likely;
  }
  let hash = to - from;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  const bucket = (hash ^ (hash >>> 15)) & (BUCKETS - 1);
  const index = indexes[bucket] as number;
  if (hashes[index] === hash && equalsText(texts[index] as string, bytes, from, to)) {
    next = (index + 1) % TEXTS;
    return texts[index] as string;
  }
  const text = makeText(bytes, from, to);
  texts[oldest] = text;
  hashes[oldest] = hash;
  indexes[bucket] = oldest;
  oldest = (oldest + 1) % TEXTS;
  next = oldest;
  return text;
}

// oxlint-disable-next-line max-params -- an object here would be one more for each id
function equalsText(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let at = from; at < to; at++) if (text.charCodeAt(at - from) !== bytes[at]) return false;
  return true;
}

/** Faster than `TextDecoder` for short texts. */
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
