const SLAB_BYTES = 65_536;

const encoder = new TextEncoder();
let slab = new Uint8Array(0);
let used = 0;

/** Text as UTF-8, allocated from shared slabs that are never overwritten: for many short texts. */
export function encodeText(text: string): Uint8Array {
  // At most three bytes for each UTF-16 code unit.
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
