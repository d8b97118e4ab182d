import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;

/** SHA-256 of the first `length` bytes of an open file. */
export function hashFile(file: number, length: number): Buffer {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(1, length)));
  for (let position = 0; position < length;) {
    const read = readSync(file, chunk, 0, Math.min(chunk.byteLength, length - position), position);
    if (read === 0) break;
    hash.update(chunk.subarray(0, read));
    position += read;
  }
  return hash.digest();
}
