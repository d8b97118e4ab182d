import {
  type CompiledContract,
  isLeakproofError,
  type KnownPrincipal,
  LeakproofError,
  principalOf,
  type Server,
} from '@leakproof/core';
import { type Caller, type Identity, NOBODY } from '../identities/caller.ts';
import type { IdentitySource } from '../identities/identities-source.ts';
import type { Sessions } from '../identities/sessions.ts';
import { keyOf } from '../rulings/known-relations.ts';
import { type PlannedRequest, makeRequest } from '../plan/make-request.ts';
import type { ReadEndpoint } from '../plan/read-operations.ts';
import type { ReadResponse } from '../reading/reading.ts';
import type { RequestRunner } from './asker.ts';

export interface PreflightContext {
  readonly contract: CompiledContract;
  readonly endpoints: readonly ReadEndpoint[];
  readonly sessions: Sessions;
  readonly asker: RequestRunner;
}

/**
 * Logs every identity in and shows that it is alive, itself, and nobody else. Throws LP-IDENTITY-DEAD, LP-IDENTITY-DOUBLED,
 * LP-IDENTITY-INVALID, LP-TARGET-UNREACHABLE, LP-SECRET-MISSING at the first that is not.
 */
export async function preflight(sources: readonly IdentitySource[], room: PreflightContext): Promise<Identity[]> {
  const identities: Identity[] = [];
  const owners = new Map<string, string>();
  for (const source of sources) {
    const identity = await establish(source, room);
    const { kind, space, id } = identity.principal;
    const key = JSON.stringify([kind, space, id]);
    const twin = owners.get(key);
    if (twin !== undefined)
      throw new LeakproofError('LP-IDENTITY-DOUBLED', `"${twin}" and "${identity.name}" are the same principal.`);
    owners.set(key, identity.name);
    identities.push(identity);
  }
  return identities;
}

async function establish(source: IdentitySource, room: PreflightContext): Promise<Identity> {
  const home = room.contract.servers.find((server) => server.name === source.server);
  if (!home) throw new LeakproofError('LP-IDENTITIES-INVALID', `The contract has no server "${source.server}".`);
  const { claims } = await room.sessions.open(source, home);
  const claimed = principalFrom(room.contract, source, claims);
  if (source.probe === 'none') {
    if (!claimed) throw dead(source, 'has neither an operation that tells it about itself nor claims that can be read');
    return { name: source.name, principal: claimed, home, source };
  }
  const candidates = probesAt(home, source, room);
  let anonymousToo = false;
  for (const ask of candidates) {
    const caller = { name: source.name, principal: claimed ?? NOBODY.principal };
    const first = reached(await room.asker.askAfresh(caller, ask), source);
    const principal = claimed ?? principalSeen(room.contract, source, home, first);
    if (!principal || !tells(first, principal)) continue;
    const nobody = reached(await room.asker.askAfresh(NOBODY, ask), source);
    if (tells(nobody, principal)) {
      anonymousToo = true;
      continue;
    }
    if (!tells(reached(await room.asker.askAfresh(caller, ask), source), principal))
      throw dead(source, `is told about itself by ${ask.endpoint.operation.name} only now and then`);
    return { name: source.name, principal, home, probe: ask.endpoint.operation.name, source };
  }
  if (anonymousToo)
    throw new LeakproofError(
      'LP-IDENTITY-DOUBLED',
      `A caller without credentials is told the same as "${source.name}": neither can be told from the other.`,
    );
  if (candidates.length === 0) throw dead(source, 'has no operation without parameters that tells it about itself');
  throw dead(
    source,
    `is told nothing about itself by ${candidates.map((ask) => ask.endpoint.operation.name).join(', ')}`,
  );
}

/** The request that shows whether an identity is alive. */
export function probeOf(
  identity: Identity,
  room: Pick<PreflightContext, 'contract' | 'endpoints'>,
): PlannedRequest | undefined {
  return identity.probe === undefined ? undefined : probesAt(identity.home, { probe: identity.probe }, room)[0];
}

/** Whether the identity is alive now; undefined if that cannot be seen. */
export async function isAlive(
  identity: Identity,
  room: Omit<PreflightContext, 'sessions'>,
): Promise<boolean | undefined> {
  const ask = probeOf(identity, room);
  if (!ask) return undefined;
  const caller: Caller = { name: identity.name, principal: identity.principal, identity };
  return tells(await room.asker.askAfresh(caller, ask), identity.principal);
}

const SPEAKS_OF_ITSELF = /(?:^|[/._-])(?:me|self|whoami|profile|account|dashboard)(?:$|[/._-])/i;

function probesAt(
  home: Server,
  { probe }: Pick<IdentitySource, 'probe'>,
  { contract, endpoints }: Pick<PreflightContext, 'contract' | 'endpoints'>,
): PlannedRequest[] {
  return endpoints
    .filter((endpoint) => endpoint.server === home && (probe === undefined || endpoint.operation.name === probe))
    .sort((a, b) => likelihood(b) - likelihood(a))
    .flatMap((endpoint) => {
      const recipe = endpoint.recipes.find((each) => each.length === 0);
      const ask = recipe && makeRequest(contract, endpoint, recipe, []);
      return ask ? [ask] : [];
    });
}

const likelihood = ({ operation, protocol }: ReadEndpoint): number =>
  (SPEAKS_OF_ITSELF.test(operation.name) ? 2 : 0) + (protocol === 'rest' ? 1 : 0);

function tells(reading: ReadResponse, principal: KnownPrincipal): boolean {
  return reading.seen.some((seen) => seen.owners.includes(keyOf(principal)));
}

function reached(reading: ReadResponse, { name }: IdentitySource): ReadResponse {
  if (reading.status === 0)
    throw new LeakproofError('LP-TARGET-UNREACHABLE', `While "${name}" was tried, ${reading.doubt ?? 'nothing came'}.`);
  return reading;
}

/** By the claims of a JWT; undefined if it holds none. */
function principalFrom(
  contract: CompiledContract,
  { kind }: IdentitySource,
  claims: Readonly<Record<string, unknown>>,
): KnownPrincipal | undefined {
  try {
    return principalOf(contract, kind, claims);
  } catch (error) {
    if (isLeakproofError(error) && error.code === 'LP-IDENTITY-INVALID' && Object.keys(claims).length === 0)
      return undefined;
    throw error;
  }
}

/** By the object the identity is told first, where its credential says nothing. */
// oxlint-disable-next-line max-params
function principalSeen(
  contract: CompiledContract,
  source: IdentitySource,
  home: Server,
  reading: ReadResponse,
): KnownPrincipal | undefined {
  const kind = contract.principals.find((each) => each.name === source.kind);
  const owner = reading.seen
    .flatMap((seen) => seen.sighting.owners)
    .find((each) => !each.about && each.owner.kind === kind?.ids)?.owner;
  if (!kind || !owner) return undefined;
  return { kind: kind.name, id: owner.id, ids: kind.ids, space: home.space, claims: {} };
}

function dead({ name }: IdentitySource, why: string): LeakproofError {
  return new LeakproofError('LP-IDENTITY-DEAD', `"${name}" ${why}.`);
}
