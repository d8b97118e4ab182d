/** A 32-bit hash of numbers under a seed (murmur3 finalizer), the same on every machine: the lab's only source of randomness. */
export function seededHash(seed: number, ...parts: readonly number[]): number {
  let hash = seed | 0;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) ^ Math.trunc(part / 0x1_0000_0000);
    hash ^= hash >>> 16;
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
}

/** 32 hex digits that look random; they can be computed from the seed. */
export function hexId(seed: number, kind: number, number: number): string {
  return [1, 2, 3, 4].map((part) => seededHash(seed, kind, number, part).toString(16).padStart(8, '0')).join('');
}

/** A number below `limit`, different for every `key` below `limit`: for canaries that identify their owner. */
export function distinctBelow(limit: number, key: number): number {
  return Number((BigInt(key) * 37_139_213n + 11_939_993n) % BigInt(limit));
}

/** The element of `list` that `random` selects. */
export function pick<Item>(list: readonly Item[], random: number): Item {
  const item = list[random % list.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
