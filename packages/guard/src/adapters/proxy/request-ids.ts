import { randomFillSync } from 'node:crypto';

const ID_BYTES = 12;
const IDS_PER_DRAW = 1024;

/** Request ids of 96 random bits, in base64url. Bytes are drawn for many ids at a time: a draw costs the same for few bytes. */
export function requestIds(): () => string {
  const pool = Buffer.alloc(ID_BYTES * IDS_PER_DRAW);
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
