import { isLeakproofError } from '@leakproof/core';
import { scan, type ScanOptions } from '../run/scan.ts';
import { type Comparison, compareLadder } from './compare.ts';
import type { Proof } from './proof.ts';

export interface Replay extends Comparison {
  /** Why the verdict is `cannot tell`. */
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
 * Repeats every attempt of a proof's ladder, on every operation and server, with new logins. A dead identity or a server that is
 * down makes the verdict `cannot tell`; it is no error. Throws LP-TARGET-REFUSED, LP-SECRET-MISSING, LP-IDENTITIES-INVALID.
 */
export async function replay(proof: Proof, options: ScanOptions): Promise<Replay> {
  const symbols = proof.inputs.flatMap(({ input }) => Object.values(input));
  const needed = new Set(proof.ladder.flatMap(({ owner, verdicts }) => [owner, ...Object.values(verdicts).flat()]));
  const identities = options.identities.identities.filter(
    ({ name }) => needed.has(name) || symbols.some((symbol) => symbol.startsWith(`${name}.`)),
  );
  const missing = [...needed].filter((name) => name !== 'anonymous' && !identities.some((each) => each.name === name));
  if (missing.length > 0) return { ...CANNOT_TELL, reason: `the identities file has no ${missing.join(', ')}` };
  const operations = new Set([
    proof.finding.operation,
    ...proof.ladder.map(({ operation }) => operation),
    ...proof.needs,
  ]);
  try {
    const result = await scan({
      ...options,
      operations,
      identities: { ...options.identities, identities },
      knownInputs: proof.inputs,
    });
    const { requests, seconds, interrupted } = result;
    if (interrupted) return { ...CANNOT_TELL, reason: 'it was interrupted', requests, seconds };
    const compared = compareLadder(proof, result);
    return { ...compared, ...reasonOf(compared), requests, seconds };
  } catch (error) {
    if (isLeakproofError(error) && MAKES_INCONCLUSIVE.has(error.code)) return { ...CANNOT_TELL, reason: error.message };
    throw error;
  }
}

/** The distinct reasons of what is unknown, the finding's own operation first. */
function reasonOf({ verdict, unsure }: Comparison): Pick<Replay, 'reason'> {
  if (verdict !== 'cannot tell') return {};
  const reasons = [...new Set(unsure.flatMap(({ reason }) => reason ?? []))];
  return { reason: reasons.slice(0, MAX_REASONS).join('; ') + (reasons.length > MAX_REASONS ? '; …' : '') };
}

const MAX_REASONS = 3;

const MAKES_INCONCLUSIVE = new Set<string>(['LP-IDENTITY-DEAD', 'LP-IDENTITY-DOUBLED', 'LP-TARGET-UNREACHABLE']);
