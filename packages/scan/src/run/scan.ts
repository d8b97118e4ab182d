import type { CompiledContract } from '@leakproof/core';
import { makeBaseline } from '../evidence/baseline.ts';
import { findingsOf } from '../findings/finding.ts';
import { findOwnInputs } from '../harvest/find-own-inputs.ts';
import type { SymbolicInput } from '../harvest/own-input.ts';
import { type Caller, callerOf, NOBODY } from '../identities/caller.ts';
import type { IdentitiesSource } from '../identities/identities-source.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import type { ReadCapture } from '../identities/kinds/credential-kind.ts';
import type { ReadSecret } from '../identities/read-secret.ts';
import { Sessions } from '../identities/sessions.ts';
import { inParallel } from '../in-parallel.ts';
import { buildCells } from '../ladder/build-cells.ts';
import { planReads, type ReadPlan } from '../plan/plan-reads.ts';
import type { NotTested, ReadOperation } from '../plan/read-operation.ts';
import type { Slot } from '../plan/slot.ts';
import { makeProofs } from '../proof/make-proofs.ts';
import { gatherKnownRelations } from '../rulings/known-relations.ts';
import { operationOwners } from '../rulings/operation-owners.ts';
import type { ResolveMap } from '../transport/resolve-map.ts';
import { openTransport } from '../transport/transport.ts';
import { confirm } from './confirm.ts';
import { notReached, notSent, symbolicInput, triedEndpoint } from './describe-coverage.ts';
import { runMatrix } from './matrix.ts';
import { preflight } from './preflight.ts';
import { RequestRunner } from './request-runner.ts';
import type { ScanEvent } from './scan-event.ts';
import type { ScanResult } from './scan-result.ts';

export interface ScanOptions {
  readonly contract: CompiledContract;
  readonly identities: IdentitiesSource;
  readonly readSecret: ReadSecret;
  /** Needed only for identities whose credentials are in a capture. */
  readonly readCapture?: ReadCapture | undefined;
  readonly resolve?: ResolveMap | undefined;
  /** The tester is allowed to test servers that are not on this machine. */
  readonly authorizedTarget?: boolean | undefined;
  /** Only these operations; default: all. */
  readonly operations?: ReadonlySet<string> | undefined;
  /** Inputs of an earlier scan: tried even if their owner does not get its own object by them any more. */
  readonly knownInputs?: readonly SymbolicInput[] | undefined;
  /** Number of callers, and of requests of each, at the same time. */
  readonly parallel?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ScanEvent) => void) | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly now?: (() => number) | undefined;
}

const PARALLEL = 4;
const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 16 * 1_048_576;

/**
 * Tries the whole ladder: every operation that only reads, on every server, as the anonymous caller and as every identity. No
 * step is random, so two scans of the same API give the same cells. Throws the codes of `preflight`, LP-TARGET-REFUSED.
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const { contract, signal, parallel = PARALLEL, onEvent = () => undefined } = options;
  const now = options.now ?? (() => performance.now());
  const started = now();
  const plan = planFor(options);
  const { operations } = plan;
  onEvent({ type: 'planned', endpoints: operations.length, notTested: plan.notTested.length });
  const transport = await openTransport(
    contract.servers.flatMap(({ endpoints }) => Object.values(endpoints)),
    {
      resolve: options.resolve ?? new Map(),
      authorized: options.authorizedTarget ?? false,
      connections: parallel * 4,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      signal,
    },
  );
  try {
    const sessions = new Sessions({ transport, readSecret: options.readSecret, readCapture: options.readCapture });
    const runner = new RequestRunner({ contract, transport, sessions });
    const probes = planReads(contract, options.identities).operations;
    const identities = await preflight(options.identities.identities, {
      contract,
      operations: probes,
      sessions,
      runner,
    });
    onEvent({ type: 'identities', names: identities.map(({ name }) => name) });

    const { knownInputs } = options;
    const filtersTried = new Set<string>();
    const filterKey = ({ key }: ReadOperation, slot: Pick<Slot, 'in' | 'name'>): string =>
      `${key} ${slot.in}.${slot.name}`;
    const onFilterTried = (operation: ReadOperation, slot: Slot): void =>
      void filtersTried.add(filterKey(operation, slot));
    const perIdentity = await inParallel(identities, parallel, async (identity) => {
      const found = await findOwnInputs(identity, {
        contract,
        runner,
        operations,
        identities,
        knownInputs,
        onFilterTried,
      });
      const reached = new Set(found.map(({ request }) => request.operation));
      onEvent({ type: 'harvested', identity: identity.name, endpoints: reached.size });
      return found;
    });
    const ownInputs = perIdentity.flat();
    runner.keepOnlyOwners(new Set(identities.map(({ principal }) => ownerKeyOf(principal))));

    const callers: Caller[] = [NOBODY, ...identities.map(callerOf)];
    const reached = new Set(ownInputs.map(({ request }) => request.operation));
    const of = callers.length * reached.size;
    let done = 0;
    const attempts = await runMatrix({
      contract,
      operations,
      probes,
      sessions,
      runner,
      callers,
      ownInputs,
      parallel,
      signal,
      onTried: ({ caller, operation }) =>
        onEvent({ type: 'tried', attacker: caller.name, endpoint: operation.key, done: ++done, of }),
    });

    const seen = attempts.flatMap(({ caller: { identity }, responses }) =>
      identity ? [{ identity, objects: [...responses.values()].flatMap(({ objects }) => objects) }] : [],
    );
    const own = ownInputs.map(({ owner, first }) => ({ identity: owner, objects: first.objects }));
    const relations = gatherKnownRelations(contract, identities, [...own, ...seen]);
    const owners = operationOwners(contract, ownInputs, identities);
    const baseline = makeBaseline(ownInputs, owners);
    const cellContext = { contract, identities, baseline, owners, relations };
    const built = buildCells(attempts, cellContext);
    const cells = signal?.aborted
      ? built.map(({ cell }) => (cell.verdict === 'proven' ? { ...cell, verdict: 'likely' as const } : cell))
      : await confirm(built, {
          callers,
          sessions,
          runner,
          parallel,
          rebuild: (again) => buildCells(again, cellContext),
          onReplayed: (attacker, requests, confirmed) => onEvent({ type: 'replayed', attacker, requests, confirmed }),
        });
    const findings = findingsOf(cells);
    for (const finding of findings) onEvent({ type: 'finding', finding });
    const result: ScanResult = {
      notTested: [
        ...plan.notTested,
        ...notReached(operations, identities, ownInputs),
        ...notSent(operations, ownInputs, (operation, slot) => filtersTried.has(filterKey(operation, slot))),
      ].sort(byOperation),
      undeclaredInDocument: plan.undeclaredInDocument,
      findings,
      cells,
      conflicts: relations.conflicts,
      endpoints: reached.size,
      nobodys: plan.ownerless,
      requests: transport.sent,
      seconds: Math.round(now() - started) / 1000,
      interrupted: signal?.aborted ?? false,
      inputs: ownInputs.map(symbolicInput),
      tried: attempts.map(triedEndpoint).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      proofs: makeProofs({ contract, findings, cells, built, ownInputs, baseline }),
    };
    onEvent({ type: 'finished', result });
    return result;
  } finally {
    await transport.close();
  }
}

function planFor({ contract, identities, operations }: ScanOptions): ReadPlan {
  const plan = planReads(contract, identities);
  if (!operations) return plan;
  return {
    operations: plan.operations.filter(({ declared }) => operations.has(declared.name)),
    notTested: plan.notTested.filter(({ operation }) => operations.has(operation)),
    ownerless: 0,
    undeclaredInDocument: [],
  };
}

const byOperation = (a: NotTested, b: NotTested): number =>
  `${a.server} ${a.operation} ${a.reason}` < `${b.server} ${b.operation} ${b.reason}` ? -1 : 1;
