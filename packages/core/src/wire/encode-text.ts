const SLAB_BYTES = 65_536;

const encoder = new TextEncoder();
let slab = new Uint8Array(0);
let used = 0;

/** Text as UTF-8, side by side with others in memory that is never written again: for many short texts. */
export function encodeText(text: string): Uint8Array {
  // Three bytes at most for each unit of UTF-16.
  const most = text.length * 3;
  if (most > SLAB_BYTES / 4) return encoder.encode(text);
  if (used + most > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const start = used;
  used += encoder.encodeInto(text, slab.subarray(start)).written;
  return slab.subarray(start, used);
}
