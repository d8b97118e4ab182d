import { isLeakproofError } from '@leakproof/core';
import { type Proof, readProof, replay, type Replay, type ScanOptions } from '@leakproof/scan';
import type { Replayed, ReplayLimits, ReplayProof } from './replay-proof.ts';

const VERDICTS = {
  open: 'reproduced',
  'half fixed': 'half',
  closed: 'not reproduced',
  'cannot tell': 'inconclusive',
} as const satisfies Record<Replay['verdict'], Replayed['verdict']>;

/** Requests of one identity that are no attempt: its login, its probe, twice. */
const REQUESTS_PER_IDENTITY = 3;
/** Every value that counts is read twice by its owner, and confirmed by the attacker. */
const READS_PER_INPUT = 2;

/**
 * The scanner's replay: only operations that the contract declares and that read, on its servers, as the identities of the identities
 * file. A proof of another contract needs a person.
 */
export function scanReplay(options: () => Promise<ScanOptions>): ReplayProof {
  return async (text, limits) => {
    const scanning = await options();
    const whole = read(text, scanning);
    if (typeof whole === 'string') return { needsPerson: whole };
    const isWhole = beyond(whole, scanning, limits) === undefined;
    const proof = isWhole ? whole : firstAttempt(whole);
    const refusal = beyond(proof, scanning, limits);
    if (refusal !== undefined) return { needsPerson: refusal };
    const stop = new AbortController();
    let tried = 0;
    const result = await replay(proof, {
      ...scanning,
      parallel: 1,
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === 'tried' && ++tried > limits.maxRequests) stop.abort();
      },
    }).catch((error: unknown) => {
      if (isLeakproofError(error)) return error;
      throw error;
    });
    if (result instanceof Error) return { verdict: 'inconclusive', why: result.message, requests: 0 };
    const part = isWhole ? '' : ' Only its first attempt was run: a person can start all of them.';
    return { verdict: VERDICTS[result.verdict], why: `${whyOf(result)}${part}`.trim(), requests: result.requests };
  };
}

function read(text: string, { contract }: ScanOptions): Proof | string {
  try {
    return readProof(text, contract);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A proof with one attacker, one owner and one server: enough to reproduce it, and never to call it fixed. */
function firstAttempt(proof: Proof): Proof {
  const first = proof.ladder.find(
    ({ operation, verdicts }) => operation === proof.finding.operation && (verdicts.proven ?? []).length > 0,
  );
  const attacker = first?.verdicts.proven?.[0];
  if (!first || attacker === undefined) return proof;
  const isOfIt = (each: { readonly server: string; readonly operation: string; readonly owner: string }): boolean =>
    each.server === first.server && each.operation === first.operation && each.owner === first.owner;
  const ladder = proof.ladder.filter(isOfIt).flatMap((entry) => {
    const verdicts = Object.fromEntries(
      Object.entries(entry.verdicts).flatMap(([verdict, callers]) => {
        const kept = callers.filter((caller) => caller === attacker || caller === first.owner);
        return kept.length > 0 ? [[verdict, kept]] : [];
      }),
    );
    return [{ ...entry, verdicts }];
  });
  return { ...proof, ladder, inputs: proof.inputs.filter(isOfIt) };
}

/** Why a proof is more than `limits` allow; undefined if it is not. An upper bound of its requests, before any is sent. */
function beyond(proof: Proof, { contract, identities }: ScanOptions, limits: ReplayLimits): string | undefined {
  const known = new Set(identities.identities.map(({ name }) => name));
  const names = new Set(proof.ladder.flatMap(({ owner, verdicts }) => [owner, ...Object.values(verdicts).flat()]));
  names.delete('anonymous');
  const strangers = [...names].filter((name) => !known.has(name));
  if (strangers.length > 0) return `It needs identities that are not ours: ${strangers.join(', ')}.`;
  const declared = new Set(contract.operations.map(({ name }) => name));
  const unknown = [...proof.ladder, ...proof.requests].find(({ operation }) => !declared.has(operation));
  if (unknown) return 'It calls an operation that the contract does not declare.';
  const attempts = new Set(
    proof.ladder.flatMap(({ server, operation, owner, verdicts }) =>
      Object.values(verdicts).flatMap((callers) =>
        callers.map((caller) => `${server} ${operation} ${owner} ${caller}`),
      ),
    ),
  );
  const requests = attempts.size + proof.inputs.length * READS_PER_INPUT + names.size * REQUESTS_PER_IDENTITY;
  if (requests > limits.maxRequests) return `It may need ${requests} requests; ${limits.maxRequests} are allowed.`;
  return undefined;
}

function whyOf({ verdict, open, closed, lost, unsure, reason }: Replay): string {
  if (reason !== undefined) return `${reason}.`;
  const places = (list: readonly { readonly server: string }[]): string =>
    `${list.length} on ${[...new Set(list.map(({ server }) => server))].join(', ')}`;
  const parts = [
    ...(open.length > 0 ? [`Attempts that still succeed: ${places(open)} (${callers(open)}).`] : []),
    ...(closed.length > 0 ? [`Attempts that are closed: ${places(closed)}.`] : []),
    ...(lost.length > 0 ? [`Data that its own owners or callers who are allowed it have lost: ${places(lost)}.`] : []),
    ...(unsure.length > 0 && verdict === 'cannot tell' ? [`Attempts without a clear result: ${unsure.length}.`] : []),
  ];
  return parts.join(' ');
}

const callers = (list: readonly { readonly attacker: string }[]): string => {
  const anonymous = list.some(({ attacker }) => attacker === 'anonymous');
  const members = list.some(({ attacker }) => attacker !== 'anonymous');
  return [...(anonymous ? ['anonymous callers'] : []), ...(members ? ['signed-in callers'] : [])].join(' and ');
};
