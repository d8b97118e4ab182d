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
  /** Why it is lost, or neither open nor closed. */
  readonly reason?: string | undefined;
}

export interface Comparison {
  readonly verdict: ReplayVerdict;
  /** The verdict of the finding's own operation alone; undefined if no attempt is of it. */
  readonly ownOperation?: { readonly operation: string; readonly verdict: ReplayVerdict } | undefined;
  /** Forbidden and received now. In all lists the finding's own operation is first. */
  readonly open: readonly Attempt[];
  /** Received before, not received now. */
  readonly closed: readonly Attempt[];
  /** Allowed and received before, not received now: a fix must not withhold data from those who are allowed it. */
  readonly lost: readonly Attempt[];
  /** Neither open nor closed. */
  readonly unsure: readonly Attempt[];
}

type Compared = Pick<Proof, 'ladder'> & { readonly finding?: Pick<Proof['finding'], 'operation' | 'protocol'> };
type Now = Pick<ScanResult, 'cells' | 'tried'>;

/** Compares the ladder of a proof with the same ladder now. */
export function compareLadder({ ladder, finding }: Compared, now: Now): Comparison {
  const all = attemptsOf(ladder, now.cells);
  const isOwn = ({ operation, protocol }: Attempt): boolean =>
    operation === finding?.operation && protocol === finding.protocol;
  const own = all.filter(isOwn);
  const compared = compareAttempts([...own, ...all.filter((each) => !isOwn(each))], now.tried);
  if (!finding || own.length === 0) return compared;
  const { open, closed, lost, unsure } = compared;
  const verdict = verdictOf({
    open: open.filter(isOwn),
    closed: closed.filter(isOwn),
    lost: lost.filter(isOwn),
    unsure: unsure.filter(isOwn),
  });
  return { ...compared, ownOperation: { operation: finding.operation, verdict } };
}

function attemptsOf(ladder: readonly ProofEntry[], cells: readonly Cell[]): Attempt[] {
  const now = new Map(cells.map((cell) => [attemptKey(cell, cell.attacker), cell]));
  return ladder.flatMap((entry) => {
    const { verdicts, ...location } = entry;
    return Object.entries(verdicts).flatMap(([before, names]) =>
      names.map((attacker): Attempt => {
        const cell = now.get(attemptKey(entry, attacker));
        return {
          ...location,
          attacker,
          before: before as Cell['verdict'],
          now: cell?.verdict ?? 'gone',
          ...(cell?.reason === undefined ? {} : { reason: cell.reason }),
        };
      }),
    );
  });
}

function compareAttempts(attempts: readonly Attempt[], tried: Now['tried']): Comparison {
  const doubts = new Map(tried.map((each) => [operationKey(each, each.attacker), each.doubt]));
  const whyUnanswered = (each: Attempt): string | undefined => {
    if (each.now !== 'gone') return undefined;
    const key = operationKey(each, each.attacker);
    return doubts.has(key) ? doubts.get(key) : 'it could not be tried';
  };
  const wasViolated = ({ before }: Attempt): boolean => before === 'proven' || before === 'likely';
  const unreachable = ownersWithoutOwnObject(attempts);
  const whyUnsure = (each: Attempt): string | undefined => {
    if (each.now === 'inconclusive' || each.now === 'likely') return each.reason ?? `it is ${each.now}`;
    if (unreachable.has(each.owner)) return 'its owner gets its own object nowhere';
    return wasViolated(each) ? whyUnanswered(each) : undefined;
  };
  const open = attempts.filter((each) => each.now === 'proven');
  const closed = attempts.filter(
    (each) => wasViolated(each) && isNotReceived(each.now) && whyUnanswered(each) === undefined,
  );
  const unsure = attempts.flatMap((each) => {
    const reason = whyUnsure(each);
    return reason === undefined ? [] : [{ ...each, reason }];
  });
  const lost = attempts
    .filter(
      (each) =>
        !unreachable.has(each.owner) && (each.now === 'lost' || (each.before === 'by-design' && each.now === 'gone')),
    )
    .map((each) => ({ ...each, reason: each.reason ?? 'it was received before, and nobody gets it there now' }));
  return { verdict: verdictOf({ open, closed, lost, unsure }), open, closed, lost, unsure };
}

function verdictOf({
  open,
  closed,
  lost,
  unsure,
}: Pick<Comparison, 'open' | 'closed' | 'lost' | 'unsure'>): ReplayVerdict {
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
