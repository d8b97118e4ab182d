import { isLeakproofError } from '@leakproof/core';
import { scan, type ScanOptions } from '../run/scan.ts';
import { type Comparison, compareLadder } from './compare.ts';
import type { Proof } from './proof.ts';

export interface Replay extends Comparison {
  /** Why nothing can be told, where that is known. */
  readonly reason?: string | undefined;
  readonly requests: number;
  readonly seconds: number;
}

const CANNOT_TELL = {
  verdict: 'cannot tell',
  open: [],
  closed: [],
  lost: [],
  unsure: [],
  requests: 0,
  seconds: 0,
} as const;

/**
 * Walks the whole ladder of a proof again, on every sibling door, with fresh logins. What stops it (a dead identity, a server
 * that is down) is a verdict, not an error. Throws LP-TARGET-REFUSED, LP-SECRET-MISSING and what is wrong with the files.
 */
export async function replay(proof: Proof, options: ScanOptions): Promise<Replay> {
  const symbols = proof.inputs.flatMap(({ input }) => Object.values(input));
  const named = new Set(proof.ladder.flatMap(({ owner, verdicts }) => [owner, ...Object.values(verdicts).flat()]));
  const identities = options.identities.identities.filter(
    ({ name }) => named.has(name) || symbols.some((symbol) => symbol.startsWith(`${name}.`)),
  );
  const missing = [...named].filter((name) => name !== 'anonymous' && !identities.some((each) => each.name === name));
  if (missing.length > 0) return { ...CANNOT_TELL, reason: `the identities file does not have ${missing.join(', ')}` };
  const operations = new Set([...proof.ladder.map(({ operation }) => operation), ...proof.needs]);
  try {
    const result = await scan({
      ...options,
      operations,
      identities: { ...options.identities, identities },
      knownInputs: proof.inputs,
    });
    const { requests, seconds, interrupted } = result;
    if (interrupted) return { ...CANNOT_TELL, reason: 'it was interrupted', requests, seconds };
    return { ...compareLadder(proof, result), requests, seconds };
  } catch (error) {
    if (isLeakproofError(error) && SAYS_NOTHING.has(error.code)) return { ...CANNOT_TELL, reason: error.message };
    throw error;
  }
}

const SAYS_NOTHING = new Set<string>(['LP-IDENTITY-DEAD', 'LP-IDENTITY-DOUBLED', 'LP-TARGET-UNREACHABLE']);
