import { randomFillSync } from 'node:crypto';

const ID_BYTES = 12;
const POOLED = 1024;

/** Names for requests, of 96 random bits each. Drawn many at a time: asking for a few bytes costs as much as for many. */
export function requestIds(): () => string {
  const pool = Buffer.alloc(ID_BYTES * POOLED);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += ID_BYTES;
    return pool.toString('base64url', at - ID_BYTES, at);
  };
}
