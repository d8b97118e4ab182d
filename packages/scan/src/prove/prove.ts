import { type CompiledContract, type Exchange, LeakproofError, type Server } from '@leakproof/core';
import { loadContract } from '@leakproof/core/authoring';
import { type Draft, draft } from '@leakproof/map';
import { buildInventory } from '@leakproof/sources';
import { explore, type Explored, type ExploreEvent, type ExploreNote } from '../explore/explore.ts';
import { endpointOf, type ExploreRequest } from '../explore/explore-request.ts';
import type { IdentitiesSource } from '../identities/identities-source.ts';
import type { ReadCapture } from '../identities/kinds/credential-kind.ts';
import type { ReadSecret } from '../identities/read-secret.ts';
import type { Session } from '../identities/session.ts';
import { Sessions } from '../identities/sessions.ts';
import { scan } from '../run/scan.ts';
import type { ScanEvent } from '../run/scan-event.ts';
import type { ScanResult } from '../run/scan-result.ts';
import type { ResolveMap } from '../transport/resolve-map.ts';
import { openTransport, type Transport } from '../transport/transport.ts';
import { type Baseline, checkCredentials, compareBaselines, findBaselines } from './check-identities.ts';
import { draftedIdentities } from './drafted-scan.ts';
import type { ProvePlan } from './prove-plan.ts';

export interface ProveOptions {
  readonly readSecret: ReadSecret;
  readonly readCapture?: ReadCapture | undefined;
  readonly resolve?: ResolveMap | undefined;
  /** The tester is allowed to test servers that are not on this machine. */
  readonly authorizedTarget?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly onEvent?: ((event: ExploreEvent | ScanEvent) => void) | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** A drafted contract, and the scan by it. */
export interface Proven {
  readonly draft: Draft;
  readonly identities: IdentitiesSource | undefined;
  /** What was not explored, not drafted, or not judged. */
  readonly notTested: readonly ExploreNote[];
  /** Undefined if no identity can be judged by the draft. */
  readonly scan: ScanResult | undefined;
  /** Requests of the exploration. */
  readonly explored: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

const TIMEOUT_MS = 8_000;
const CONNECTIONS = 16;
const MAX_BODY_BYTES = 4 * 1_048_576;

/**
 * Reads the API as every identity, drafts a contract from what it answered, and scans by it. What strangers were given is no reason
 * to allow anything: it is undecided, and a cell of an undecided rule is neither proven nor clean. Throws LP-IDENTITY-DEAD,
 * LP-IDENTITY-DOUBLED, LP-SECRET-MISSING, LP-TARGET-REFUSED, LP-TARGET-UNREACHABLE.
 */
export async function prove(plan: ProvePlan, options: ProveOptions): Promise<Proven> {
  const started = performance.now();
  const { exchanges, requests, notes, interrupted } = await exploreAll(plan, options);
  const { input } = plan;
  const builder = buildInventory();
  for (const each of exchanges) builder.add(each);
  for (const each of input.declared) builder.declare(each);
  const drafted = draft({
    exchanges,
    inventory: builder.finish(),
    declared: input.declared,
    answers: input.answers,
  });
  const { contract } = loadContract('contract.yaml', (file) => ({ file, text: drafted.source }));
  if (!contract) throw new LeakproofError('LP-INTERNAL', 'The drafted contract does not compile.');
  const { source, notTested } = draftedIdentities({
    ...input,
    draft: drafted,
    contract,
    exchanges,
    common: plan.common,
  });
  const result = source && !interrupted ? await scanBy(contract, source, options) : undefined;
  return {
    draft: drafted,
    identities: source,
    notTested: [
      ...plan.notSent.map(({ operation, why }) => ({ what: operation, why })),
      ...notes,
      ...drafted.leftOut,
      ...notTested,
    ],
    scan: result,
    explored: requests,
    seconds: Math.round(performance.now() - started) / 1000,
    interrupted: interrupted || (result?.interrupted ?? false),
  };
}

async function exploreAll(
  plan: ProvePlan,
  options: ProveOptions,
): Promise<{ exchanges: Exchange[]; requests: number; notes: readonly ExploreNote[]; interrupted: boolean }> {
  const { input, origins, seeds, common, budget } = plan;
  const transport = await openTransport(origins.map(endpointOf), {
    resolve: options.resolve ?? new Map(),
    authorized: options.authorizedTarget ?? false,
    connections: CONNECTIONS,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    maxBodyBytes: MAX_BODY_BYTES,
    signal: options.signal,
  });
  try {
    const sessions = new Sessions({ transport, readSecret: options.readSecret, readCapture: options.readCapture });
    const opened = await openAll(plan, sessions);
    checkCredentials(opened, origins, (options.now ?? Date.now)());
    const identities = input.identities.map(({ name }) => name);
    const known = new Map([...opened].map(([name, { claims }]) => [name, valuesIn(claims)]));
    const captured = input.exchanges.filter(({ response }) => response !== undefined);
    const { signal, onEvent } = options;
    const explored = await explore({
      seeds,
      origins,
      identities,
      known,
      common,
      sessions,
      transport,
      budget,
      signal,
      onEvent,
      declared: input.declared,
      captured: input.exchanges,
    });
    if (!explored.interrupted) await checkAfter({ explored, identities, transport, sessions, plan });
    return {
      exchanges: [...captured, ...explored.exchanges],
      requests: transport.sent,
      notes: explored.notes,
      interrupted: explored.interrupted,
    };
  } finally {
    await transport.close();
  }
}

async function openAll({ input, origins }: ProvePlan, sessions: Sessions): Promise<Map<string, Session>> {
  const home: Server = {
    name: 'input',
    endpoints: { rest: endpointOf(origins[0] ?? '') },
    space: 'all',
    authenticatesCaller: true,
  };
  const opened = new Map<string, Session>();
  for (const { name, credential } of input.identities)
    opened.set(name, await sessions.open({ name, kind: 'member', server: home.name, ...credential }, home));
  return opened;
}

/** The claims of a token that can be ids. */
function valuesIn(claims: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  return Object.entries(claims).flatMap(([name, value]) => {
    if (/^(?:iss|aud|exp|nbf|iat|jti)$/.test(name) || (typeof value !== 'string' && typeof value !== 'number'))
      return [];
    return name === 'sub' ? [['userid', String(value)] as const] : [[name.toLowerCase(), String(value)] as const];
  });
}

interface AfterContext {
  readonly explored: Explored;
  readonly identities: readonly string[];
  readonly transport: Transport;
  readonly sessions: Sessions;
  readonly plan: ProvePlan;
}

/** Whether every identity was logged in, and still is. */
async function checkAfter({ explored, identities, transport, sessions, plan }: AfterContext): Promise<void> {
  if (explored.exchanges.length === 0)
    throw new LeakproofError('LP-TARGET-UNREACHABLE', `No request to ${plan.origins.join(', ')} was answered.`);
  const locked = [...explored.stopped].find(([, origins]) => [...origins.values()].includes('the account was locked'));
  if (locked)
    throw new LeakproofError('LP-IDENTITY-DEAD', `The account of "${locked[0]}" was locked: nothing more was sent.`);
  const baselines = findBaselines(explored.exchanges, identities);
  const again = new Map<string, Exchange | undefined>();
  for (const baseline of baselines) again.set(baseline.identity, await repeat(baseline, { transport, sessions, plan }));
  compareBaselines(baselines, again, explored.exchanges);
}

async function repeat(
  { identity, exchange }: Baseline,
  { transport, sessions, plan }: Pick<AfterContext, 'transport' | 'sessions' | 'plan'>,
): Promise<Exchange | undefined> {
  const { request } = exchange;
  const origin = `${request.scheme}://${request.authority}`;
  const headers = request.headers.filter(([name]) => name === 'content-type' || name === 'accept');
  const body = request.body && Buffer.from(request.body).toString('utf8');
  const template: Omit<ExploreRequest, 'endpoint' | 'why' | 'operation'> = {
    method: request.method,
    target: request.target,
    headers: [...(plan.common.get(origin) ?? []), ...headers],
    ...(body === undefined ? {} : { body }),
  };
  const signed = sessions.sign(identity, endpointOf(origin), template);
  const response = await transport.send(endpointOf(origin), signed.template, signed.credential);
  if (response.type === 'no-response') return undefined;
  return { ...exchange, response: { status: response.status, headers: response.headers, body: response.body } };
}

function scanBy(contract: CompiledContract, identities: IdentitiesSource, options: ProveOptions): Promise<ScanResult> {
  const { readSecret, readCapture, resolve, authorizedTarget, signal, onEvent } = options;
  return scan({
    contract,
    identities,
    readSecret,
    readCapture,
    resolve,
    authorizedTarget,
    signal,
    onEvent,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  });
}
