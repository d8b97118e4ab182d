import type { CompiledContract } from '@leakproof/core';
import { findingsOf } from '../findings/finding.ts';
import { type OwnInput, findBindings, type KnownInput } from '../harvest/bindings.ts';
import { type Caller, callerOf, type Identity, NOBODY } from '../identities/caller.ts';
import type { IdentitiesSource } from '../identities/identities-source.ts';
import type { ReadSecret } from '../identities/read-secret.ts';
import { Sessions } from '../identities/sessions.ts';
import { inParallel } from '../in-parallel.ts';
import { gatherFacts, keyOf } from '../rulings/known-relations.ts';
import { operationOwners } from '../rulings/operation-owners.ts';
import { makeBaseline } from '../evidence/baseline.ts';
import { buildCells } from '../ladder/build-cells.ts';
import { makeProofs } from '../proof/make-proofs.ts';
import { type NotTested, planReads, type ReadEndpoint, type ReadPlan } from '../plan/read-operations.ts';
import type { ResolveMap } from '../transport/resolve-map.ts';
import { openTransport } from '../transport/transport.ts';
import { RequestRunner } from './asker.ts';
import { confirm } from './confirm.ts';
import { runMatrix, type Tried } from './matrix.ts';
import { preflight } from './preflight.ts';
import type { ScanEvent } from './scan-event.ts';
import type { ReachedBy, ScanResult, TriedEndpoint } from './scan-result.ts';

export interface ScanOptions {
  readonly contract: CompiledContract;
  readonly identities: IdentitiesSource;
  readonly readSecret: ReadSecret;
  readonly resolve?: ResolveMap | undefined;
  /** The servers may be tested although they are not this machine. */
  readonly authorizedTarget?: boolean | undefined;
  /** Only these operations; all if left out. */
  readonly operations?: ReadonlySet<string> | undefined;
  /** Inputs of an earlier run, tried again whatever their owners are told now. */
  readonly knownInputs?: readonly KnownInput[] | undefined;
  /** Callers, and requests of each, at once. */
  readonly parallel?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ScanEvent) => void) | undefined;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: (() => number) | undefined;
}

const PARALLEL = 4;
const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 16 * 1_048_576;

/**
 * Tries the whole ladder: every operation that reads, on every door, as nobody and as every identity. Nothing is left to
 * chance, so two runs on the same API give the same cells. Throws the codes of `preflight`, LP-TARGET-REFUSED.
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const { contract, signal, parallel = PARALLEL, onEvent = () => undefined } = options;
  const now = options.now ?? (() => performance.now());
  const started = now();
  const plan = planFor(options);
  onEvent({ type: 'planned', endpoints: plan.endpoints.length, notTested: plan.notTested.length });
  const transport = await openTransport(contract, {
    resolve: options.resolve ?? new Map(),
    authorized: options.authorizedTarget ?? false,
    connections: parallel * 4,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    maxBodyBytes: MAX_BODY_BYTES,
    signal,
  });
  try {
    const sessions = new Sessions({ transport, readSecret: options.readSecret });
    const asker = new RequestRunner({ contract, transport, sessions });
    const { endpoints } = plan;
    const identities = await preflight(options.identities.identities, {
      contract,
      endpoints: planReads(contract, options.identities).endpoints,
      sessions,
      asker,
    });
    onEvent({ type: 'identities', names: identities.map(({ name }) => name) });

    const bindings = (
      await inParallel(identities, parallel, async (identity) => {
        const found = await findBindings(identity, {
          contract,
          asker,
          endpoints,
          identities,
          knownInputs: options.knownInputs,
        });
        onEvent({ type: 'harvested', identity: identity.name, endpoints: found.length });
        return found;
      })
    ).flat();

    asker.keepOnly(new Set(identities.map(({ principal }) => keyOf(principal))));
    const callers: Caller[] = [NOBODY, ...identities.map(callerOf)];
    let done = 0;
    const bound = new Set(bindings.map(({ ask }) => ask.endpoint));
    const room = { contract, endpoints, sessions, asker, callers, bindings, parallel, signal };
    const tried = await runMatrix({
      ...room,
      onTried: ({ caller, endpoint }) =>
        onEvent({
          type: 'tried',
          attacker: caller.name,
          endpoint: endpoint.key,
          done: ++done,
          of: callers.length * bound.size,
        }),
    });
    const told = [...tried].flatMap(({ caller, readings }) =>
      caller.identity ? [{ to: caller.identity, seen: [...readings.values()].flatMap(({ seen }) => seen) }] : [],
    );
    const own = bindings.map(({ owner, first }) => ({ to: owner, seen: first.seen }));
    const facts = gatherFacts(contract, identities, [...own, ...told]);
    const owners = operationOwners(contract, bindings, identities);
    const baseline = makeBaseline(bindings, owners);
    const cellRoom = { contract, identities, bindings, baseline, owners, facts };
    const built = buildCells(tried, cellRoom);
    const cells = signal?.aborted
      ? built.map(({ cell }) => (cell.verdict === 'proven' ? { ...cell, verdict: 'likely' as const } : cell))
      : await confirm(built, {
          callers,
          sessions,
          asker,
          parallel,
          rebuild: (again) => buildCells(again, cellRoom),
          onReplayed: (attacker, requests, confirmed) => onEvent({ type: 'replayed', attacker, requests, confirmed }),
        });
    const findings = findingsOf(cells);
    for (const finding of findings) onEvent({ type: 'finding', finding });
    const result: ScanResult = {
      notTested: [...plan.notTested, ...unreached(endpoints, identities, bindings)].sort(byPlace),
      findings,
      cells,
      conflicts: facts.conflicts,
      endpoints: bound.size,
      nobodys: plan.nobodys,
      requests: transport.sent,
      seconds: Math.round(now() - started) / 1000,
      interrupted: signal?.aborted ?? false,
      inputs: bindings.map(reachedBy),
      tried: tried.map(triedBy).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      proofs: makeProofs({ contract, findings, cells, built, bindings, baseline }),
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
    endpoints: plan.endpoints.filter(({ operation }) => operations.has(operation.name)),
    notTested: plan.notTested.filter(({ operation }) => operations.has(operation)),
    nobodys: 0,
  };
}

/** Doors through which somebody, or nobody, was found to reach an object of their own. */
function unreached(
  endpoints: readonly ReadEndpoint[],
  identities: readonly Identity[],
  bindings: readonly OwnInput[],
): NotTested[] {
  return endpoints.flatMap((endpoint) => {
    const owners = identities.filter(
      ({ principal }) =>
        principal.space === endpoint.server.space && bindings.some(({ owner }) => owner.principal === principal),
    );
    const missing = owners.filter(
      (owner) => !bindings.some((each) => each.owner === owner && each.ask.endpoint === endpoint),
    );
    if (missing.length === 0 && owners.length > 0) return [];
    const slots = [...new Set(endpoint.recipes.flat().map(({ name }) => name))].join(', ');
    const whose = missing.length === owners.length ? 'any identity' : missing.map(({ name }) => name).join(', ');
    const input = slots === '' ? 'it was told nothing of its own' : `no value was found for: ${slots}`;
    const reason =
      owners.length === 0 ? `no identity owns anything at ${endpoint.server.name}` : `for ${whose}: ${input}`;
    return [{ server: endpoint.server.name, protocol: endpoint.protocol, operation: endpoint.operation.name, reason }];
  });
}

function reachedBy({ owner, ask, symbols }: OwnInput): ReachedBy {
  const { server, protocol, operation } = ask.endpoint;
  const input = Object.fromEntries(ask.recipe.map((slot, index) => [slot.name, symbols[index] ?? '']));
  return { server: server.name, protocol, operation: operation.name, owner: owner.name, input };
}

function triedBy({ endpoint, caller, readings, doubt }: Tried): TriedEndpoint {
  const [unread] = [...readings.values()].flatMap((reading) => reading.doubt ?? []);
  const why = doubt ?? unread;
  return {
    server: endpoint.server.name,
    protocol: endpoint.protocol,
    operation: endpoint.operation.name,
    attacker: caller.name,
    ...(why === undefined ? {} : { doubt: why }),
  };
}

const byPlace = (a: NotTested, b: NotTested): number =>
  `${a.server} ${a.operation} ${a.reason}` < `${b.server} ${b.operation} ${b.reason}` ? -1 : 1;
