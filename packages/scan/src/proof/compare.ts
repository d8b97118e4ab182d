import type { Cell } from '../ladder/cell.ts';
import type { ScanResult } from '../run/scan-result.ts';
import type { Proof, ProofEntry } from './proof.ts';

export type ReplayVerdict = 'open' | 'half fixed' | 'closed' | 'cannot tell';

/** One attempt of a proof's ladder, before and now. */
export interface Attempt extends Omit<ProofEntry, 'verdicts'> {
  readonly attacker: string;
  readonly before: Cell['verdict'];
  /** `gone`: neither the attacker nor the owner gets it there any more. */
  readonly now: Cell['verdict'] | 'gone';
}

export interface Comparison {
  readonly verdict: ReplayVerdict;
  /** Forbidden and received now. */
  readonly open: readonly Attempt[];
  /** Received before, not received now. */
  readonly closed: readonly Attempt[];
  /** Allowed and received before, not received now: a fix must not withhold data from those who are allowed it. */
  readonly lost: readonly Attempt[];
  /** Neither open nor closed. */
  readonly unsure: readonly Attempt[];
}

/** Compares the ladder of a proof with the same ladder now. */
export function compareLadder(
  { ladder }: Pick<Proof, 'ladder'>,
  { cells, tried }: Pick<ScanResult, 'cells' | 'tried'>,
): Comparison {
  const now = new Map(cells.map((cell) => [attemptKey(cell, cell.attacker), cell.verdict]));
  const attempts = ladder.flatMap((entry) => {
    const { verdicts, ...location } = entry;
    return Object.entries(verdicts).flatMap(([before, names]) =>
      names.map((attacker): Attempt => ({
        ...location,
        attacker,
        before: before as Cell['verdict'],
        now: now.get(attemptKey(entry, attacker)) ?? 'gone',
      })),
    );
  });
  const answered = new Set(
    tried.filter(({ doubt }) => doubt === undefined).map((each) => operationKey(each, each.attacker)),
  );
  const isUnanswered = (each: Attempt): boolean =>
    each.now === 'gone' && !answered.has(operationKey(each, each.attacker));
  const isViolated = (verdict: Attempt['now']): boolean => verdict === 'proven';
  const wasViolated = ({ before }: Attempt): boolean => before === 'proven' || before === 'likely';
  const open = attempts.filter((each) => isViolated(each.now));
  const closed = attempts.filter((each) => wasViolated(each) && isNotReceived(each.now) && !isUnanswered(each));
  const unreachable = ownersWithoutOwnObject(attempts);
  const unsure = attempts.filter(
    (each) =>
      each.now === 'inconclusive' ||
      each.now === 'likely' ||
      unreachable.has(each.owner) ||
      (wasViolated(each) && isUnanswered(each)),
  );
  const lost = attempts.filter(
    (each) =>
      !unreachable.has(each.owner) && (each.now === 'lost' || (each.before === 'by-design' && each.now === 'gone')),
  );
  return { verdict: verdictOf({ open, closed, lost, unsure }), open, closed, lost, unsure };
}

function verdictOf({ open, closed, lost, unsure }: Omit<Comparison, 'verdict'>): ReplayVerdict {
  if (open.length > 0) return closed.length > 0 ? 'half fixed' : 'open';
  if (unsure.length > 0) return 'cannot tell';
  return lost.length > 0 ? 'half fixed' : 'closed';
}

const isNotReceived = (now: Attempt['now']): boolean => now === 'gone' || now === 'enforced';

/** Owners who got their own object somewhere on the ladder before and nowhere now: the object or the operation no longer exists. */
function ownersWithoutOwnObject(attempts: readonly Attempt[]): ReadonlySet<string> {
  const own = attempts.filter(({ attacker, owner, before }) => attacker === owner && before === 'by-design');
  const reachable = new Set(own.filter(({ now }) => now === 'by-design').map(({ owner }) => owner));
  return new Set(own.map(({ owner }) => owner).filter((owner) => !reachable.has(owner)));
}

function operationKey(
  { server, protocol, operation }: Pick<Attempt, 'server' | 'operation'> & { readonly protocol: string },
  attacker: string,
): string {
  return JSON.stringify([server, protocol, operation, attacker]);
}

function attemptKey(location: Omit<ProofEntry, 'verdicts'>, attacker: string): string {
  const { server, protocol, operation, at, resource, field, owner } = location;
  return JSON.stringify([server, protocol, operation, at, resource, field, owner, attacker]);
}
