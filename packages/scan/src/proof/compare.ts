import type { Cell } from '../ladder/cell.ts';
import type { ScanResult } from '../run/scan-result.ts';
import type { Proof, ProofEntry } from './proof.ts';

export type ReplayVerdict = 'open' | 'half fixed' | 'closed' | 'cannot tell';

/** One try of a proof's ladder, then and now. */
export interface Try extends Omit<ProofEntry, 'verdicts'> {
  readonly attacker: string;
  readonly before: Cell['verdict'];
  /** `gone`: not received, and its owner does not get it there any more either. */
  readonly now: Cell['verdict'] | 'gone';
}

export interface Comparison {
  readonly verdict: ReplayVerdict;
  /** Forbidden, and received now. */
  readonly open: readonly Try[];
  /** Received then, and not now. */
  readonly closed: readonly Try[];
  /** Meant and received then, and not now: a seal that takes it from its readers is no fix. */
  readonly lost: readonly Try[];
  /** What is neither open nor closed. */
  readonly unsure: readonly Try[];
}

/** Holds the ladder of a proof beside the same ladder now. */
export function compareLadder(
  { ladder }: Pick<Proof, 'ladder'>,
  { cells, tried }: Pick<ScanResult, 'cells' | 'tried'>,
): Comparison {
  const now = new Map(cells.map((cell) => [keyOf(cell, cell.attacker), cell.verdict]));
  const tries = ladder.flatMap((rung) => {
    const { verdicts, ...place } = rung;
    return Object.entries(verdicts).flatMap(([before, names]) =>
      names.map((attacker): Try => ({
        ...place,
        attacker,
        before: before as Cell['verdict'],
        now: now.get(keyOf(rung, attacker)) ?? 'gone',
      })),
    );
  });
  const answered = new Set(
    tried.filter(({ doubt }) => doubt === undefined).map((each) => endpointKey(each, each.attacker)),
  );
  const isUnanswered = (each: Try): boolean => each.now === 'gone' && !answered.has(endpointKey(each, each.attacker));
  const isViolated = (verdict: Try['now']): boolean => verdict === 'proven';
  const wasViolated = ({ before }: Try): boolean => before === 'proven' || before === 'likely';
  const open = tries.filter((each) => isViolated(each.now));
  const closed = tries.filter((each) => wasViolated(each) && isMissing(each.now) && !isUnanswered(each));
  const gone = ownersWithoutObject(tries);
  const unsure = tries.filter(
    (each) =>
      each.now === 'inconclusive' ||
      each.now === 'likely' ||
      gone.has(each.owner) ||
      (wasViolated(each) && isUnanswered(each)),
  );
  const lost = tries.filter(
    (each) => !gone.has(each.owner) && (each.now === 'lost' || (each.before === 'by-design' && each.now === 'gone')),
  );
  return { verdict: verdictOf({ open, closed, lost, unsure }), open, closed, lost, unsure };
}

function verdictOf({ open, closed, lost, unsure }: Omit<Comparison, 'verdict'>): ReplayVerdict {
  if (open.length > 0) return closed.length > 0 ? 'half fixed' : 'open';
  if (unsure.length > 0) return 'cannot tell';
  return lost.length > 0 ? 'half fixed' : 'closed';
}

const isMissing = (now: Try['now']): boolean => now === 'gone' || now === 'enforced';

/** Owners who were told of themselves somewhere on the ladder, and are nowhere now: their object is gone, or the door is. */
function ownersWithoutObject(tries: readonly Try[]): ReadonlySet<string> {
  const own = tries.filter(({ attacker, owner, before }) => attacker === owner && before === 'by-design');
  const there = new Set(own.filter(({ now }) => now === 'by-design').map(({ owner }) => owner));
  return new Set(own.map(({ owner }) => owner).filter((owner) => !there.has(owner)));
}

function endpointKey(
  { server, protocol, operation }: Pick<Try, 'server' | 'operation'> & { readonly protocol: string },
  attacker: string,
): string {
  return JSON.stringify([server, protocol, operation, attacker]);
}

function keyOf(place: Omit<ProofEntry, 'verdicts'>, attacker: string): string {
  const { server, protocol, operation, at, resource, field, owner } = place;
  return JSON.stringify([server, protocol, operation, at, resource, field, owner, attacker]);
}
