import type { Framing } from '@leakproof/http';

const LF = 0x0a;
const CR = 0x0d;

/** True if a chunk of a stream certainly ends with a whole record or event. */
export function endsWithRecord(chunk: Uint8Array, framing: Framing): boolean {
  if (framing === 'json' || chunk.at(-1) !== LF) return false;
  if (framing === 'ndjson') return true;
  return chunk.at(-2) === LF || (chunk.at(-2) === CR && chunk.at(-3) === LF && chunk.at(-4) === CR);
}
