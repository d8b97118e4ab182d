import {
  type CompiledContract,
  isLeakproofError,
  type KnownPrincipal,
  LeakproofError,
  principalOf,
  type Server,
} from '@leakproof/core';
import { callerOf, type Identity, NOBODY } from '../identities/caller.ts';
import type { IdentitySource } from '../identities/identities-source.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import type { Sessions } from '../identities/sessions.ts';
import { type PlannedRequest, makeRequest } from '../plan/make-request.ts';
import type { ReadOperation } from '../plan/read-operation.ts';
import type { Recipe } from '../plan/slot.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import type { RequestRunner } from './request-runner.ts';

export interface PreflightContext {
  readonly contract: CompiledContract;
  readonly operations: readonly ReadOperation[];
  readonly sessions: Sessions;
  readonly runner: RequestRunner;
}

/**
 * Logs every identity in and checks that it gets its own object and that no two identities are the same principal. Throws
 * LP-IDENTITY-DEAD, LP-IDENTITY-DOUBLED, LP-IDENTITY-INVALID, LP-TARGET-UNREACHABLE, LP-SECRET-MISSING for the first that fails.
 */
export async function preflight(sources: readonly IdentitySource[], context: PreflightContext): Promise<Identity[]> {
  const identities: Identity[] = [];
  const names = new Map<string, string>();
  for (const source of sources) {
    const identity = await establish(source, context);
    const { kind, space, id } = identity.principal;
    const key = JSON.stringify([kind, space, id]);
    const other = names.get(key);
    if (other !== undefined)
      throw new LeakproofError('LP-IDENTITY-DOUBLED', `"${other}" and "${identity.name}" are the same principal.`);
    names.set(key, identity.name);
    identities.push(identity);
  }
  return identities;
}

async function establish(source: IdentitySource, context: PreflightContext): Promise<Identity> {
  const { contract, sessions, runner } = context;
  const home = contract.servers.find((server) => server.name === source.server);
  if (!home) throw new LeakproofError('LP-IDENTITIES-INVALID', `The contract has no server "${source.server}".`);
  const { claims } = await sessions.open(source, home);
  const claimed =
    principalFromFile(contract, { source, home }, claims) ?? principalFromClaims(contract, source, claims);
  const { name } = source;
  if (source.probe === 'none') {
    if (!claimed) throw dead(source, 'has neither an operation that returns its own object nor readable claims');
    return { name, principal: claimed, home, source };
  }
  const candidates = probesAt({ home, probe: source.probe, ownId: claimed?.id }, context);
  let isAnonymousToo = false;
  for (const request of candidates) {
    const caller = { name, principal: claimed ?? NOBODY.principal };
    const probe = request.operation.declared.name;
    const first = assertAnswered(await runner.send(caller, request), source);
    const principal = claimed ?? principalFromResponse(contract, { source, home }, first);
    if (!principal || !returnsObjectOf(first, principal)) continue;
    if (returnsObjectOf(assertAnswered(await runner.send(NOBODY, request), source), principal)) {
      isAnonymousToo = true;
      continue;
    }
    if (!returnsObjectOf(assertAnswered(await runner.send(caller, request), source), principal))
      throw dead(source, `gets its own object from ${probe} only some of the time`);
    return { name, principal, home, probe, source };
  }
  if (isAnonymousToo)
    throw new LeakproofError(
      'LP-IDENTITY-DOUBLED',
      `A caller without credentials gets the own object of "${name}": the two cannot be told apart.`,
      { fix: 'Name an operation in `probe` that only its owner gets, or write `probe: none`.' },
    );
  if (candidates.length === 0) throw dead(source, 'has no operation that returns its own object without other input');
  const tried = candidates.map(({ operation }) => operation.declared.name);
  throw dead(source, `does not get its own object from ${tried.join(', ')}`);
}

/** Whether the credential of an identity works now; undefined if it has no probe. */
export async function isAlive(
  identity: Identity,
  context: Omit<PreflightContext, 'sessions'>,
): Promise<boolean | undefined> {
  const { probe, home, principal } = identity;
  const [request] = probe === undefined ? [] : probesAt({ home, probe, ownId: principal.id }, context);
  if (!request) return undefined;
  return returnsObjectOf(await context.runner.send(callerOf(identity), request), identity.principal);
}

const PROBABLY_OWN_ACCOUNT = /(?:^|[/._-])(?:me|self|whoami|profile|account|dashboard)(?:$|[/._-])/i;

interface ProbePlace {
  readonly home: Server;
  readonly probe: string | undefined;
  /** The id of the identity, if it is known before it is asked for. */
  readonly ownId: string | undefined;
}

/** Operations tried with the own id, if none is named. */
const MAX_BY_ID = 4;

/**
 * Requests at the server that an identity could get its own object by, the likeliest first: those without input, then those whose
 * only parameter is an id, with its own.
 */
function probesAt(
  { home, probe, ownId }: ProbePlace,
  { contract, operations }: Pick<PreflightContext, 'contract' | 'operations'>,
): PlannedRequest[] {
  const here = operations
    .filter(({ server, declared }) => server === home && (probe === undefined || declared.name === probe))
    .sort((a, b) => likelihood(b) - likelihood(a));
  const requests = (wanted: (recipe: Recipe) => boolean, values: readonly string[]): PlannedRequest[] =>
    here.flatMap((operation) => {
      const recipe = operation.recipes.find(wanted);
      const request = recipe && makeRequest(contract, { operation, recipe, values });
      return request ? [request] : [];
    });
  // An operation for the own account that does not return it is a sign of another credential: no other operation counts then.
  const hasOwnAccount =
    probe === undefined && here.some((each) => likelihood(each) > 1 && each.recipes[0]?.length === 0);
  const byId =
    ownId === undefined || hasOwnAccount
      ? []
      : requests((recipe) => recipe.length === 1 && recipe[0]?.in === 'path', [ownId]);
  return [...requests((recipe) => recipe.length === 0, []), ...byId.slice(0, MAX_BY_ID)];
}

const likelihood = ({ declared, protocol }: ReadOperation): number =>
  (PROBABLY_OWN_ACCOUNT.test(declared.name) ? 2 : 0) + (protocol === 'rest' ? 1 : 0);

function returnsObjectOf({ objects }: ReadResponse, principal: KnownPrincipal): boolean {
  return objects.some(({ owners }) => owners.includes(ownerKeyOf(principal)));
}

function assertAnswered(response: ReadResponse, { name }: IdentitySource): ReadResponse {
  if (response.status === 0)
    throw new LeakproofError('LP-TARGET-UNREACHABLE', `Preflight of "${name}": ${response.doubt ?? 'no response'}.`);
  return response;
}

/** With the id that the identities file has for it; undefined if it has none. */
function principalFromFile(
  contract: CompiledContract,
  { source, home }: Pick<Identity, 'source' | 'home'>,
  claims: Readonly<Record<string, unknown>>,
): KnownPrincipal | undefined {
  const kind = contract.principals.find((each) => each.name === source.kind);
  if (!kind || source.id === undefined) return undefined;
  return { kind: kind.name, id: source.id, ids: kind.ids, space: home.space, claims };
}

/** From the claims of a JWT; undefined if there are none. */
function principalFromClaims(
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

/** From the first object that the identity gets, if its credential has no claims. */
function principalFromResponse(
  contract: CompiledContract,
  { source, home }: Pick<Identity, 'source' | 'home'>,
  { objects }: ReadResponse,
): KnownPrincipal | undefined {
  const kind = contract.principals.find((each) => each.name === source.kind);
  const owner = objects
    .flatMap(({ sighting }) => sighting.owners)
    .find((each) => !each.about && each.owner.kind === kind?.ids)?.owner;
  if (!kind || !owner) return undefined;
  return { kind: kind.name, id: owner.id, ids: kind.ids, space: home.space, claims: {} };
}

function dead({ name }: IdentitySource, why: string): LeakproofError {
  return new LeakproofError('LP-IDENTITY-DEAD', `"${name}" ${why}.`);
}
