import { visitLeaves } from './visit-leaves.ts';

/** 4 MiB: about 1 % false positives at three million values. */
const BITS_LOG2 = 25;
const BITS = 1 << BITS_LOG2;
const PROBES = 4;
/** A field whose values rarely repeat identifies something; one with few distinct values is an enumeration. */
const DISTINCT_ENOUGH = 8;
const DISTINCT_COUNTED = 64;
const MAX_NAMES = 2000;

interface NameEvidence {
  seen: number;
  readonly distinct: Set<number>;
}

/** Word-like values in responses, by field name, in a Bloom filter: bounded, independent of order, and without any value. */
export interface ValueEvidence {
  readonly bits: Uint8Array;
  readonly names: Map<string, NameEvidence>;
}

export function newValueEvidence(): ValueEvidence {
  return { bits: new Uint8Array(BITS / 8), names: new Map() };
}

/** Adds the word-like strings of a response body. O(leaves). */
export function noteValues(into: ValueEvidence, body: unknown): void {
  visitLeaves(body, ({ pointer, value }) => {
    if (typeof value !== 'string' || value.length < 2 || value.length > 100) return;
    const name = pointer.slice(pointer.lastIndexOf('/') + 1);
    const hash = probesOf(name, value);
    for (const bit of hash) into.bits[bit >>> 3] = (into.bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
    const known = into.names.get(name);
    if (!known && into.names.size >= MAX_NAMES) return;
    const evidence = known ?? { seen: 0, distinct: new Set<number>() };
    into.names.set(name, evidence);
    evidence.seen++;
    if (evidence.distinct.size < DISTINCT_COUNTED) evidence.distinct.add(hash[0] ?? 0);
  });
}

/** True if `word` was probably a value of an identifying field: one with many distinct values. */
export function identifies(evidence: ValueEvidence, word: string): boolean {
  for (const [name, { seen, distinct }] of evidence.names) {
    const isIdentifying =
      distinct.size >= DISTINCT_COUNTED || (distinct.size >= DISTINCT_ENOUGH && distinct.size * 8 >= seen);
    if (isIdentifying && probesOf(name, word).every((bit) => ((evidence.bits[bit >>> 3] ?? 0) >> (bit & 7)) & 1))
      return true;
  }
  return false;
}

/** Bits of a value by double hashing (two FNV-1a sums with different seeds): fast, not cryptographic. */
function probesOf(name: string, value: string): readonly number[] {
  const text = `${name}\0${value.toLowerCase()}`;
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
  }
  const probes: number[] = [];
  for (let index = 0; index < PROBES; index++) probes.push((a + Math.imul(index, b | 1)) >>> (32 - BITS_LOG2));
  return probes;
}
