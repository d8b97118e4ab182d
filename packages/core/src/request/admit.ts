import type { CompiledContract } from '../contract/compiled.ts';
import { own } from '../own.ts';
import { AskingKnown } from '../rules/asking.ts';
import type { Known } from '../rules/known.ts';
import { isKnown, type Principal, principalForServer } from '../rules/principal.ts';
import { Relations } from '../rules/relate.ts';
import { relatesByKind, Standing } from '../rules/standing.ts';
import type { Admission } from './admission.ts';
import { admitGraphql } from './admit-graphql.ts';
import { parameterRefusal } from './check-parameters.ts';
import { expectationOf } from './expectation.ts';
import { operationOwners } from './operation-owners.ts';
import { refuse, type Refusal } from './refusal.ts';
import { bodyReader, bodyRefusal, needsBody } from './request-body.ts';
import type { Ask, RequestView, ResponsePlan } from './response-plan.ts';
import { type Route, routeOf } from './route.ts';

/**
 * Decides whether a request may be forwarded. A value from the request may deny, never grant. Pure; the request is
 * untrusted. In `monitor` the caller decides what to do with a refusal. `final`: unknown claims stay unknown, nothing is asked.
 */
// oxlint-disable-next-line max-params -- the signature of the shared functions (ARCHITECTURE.md)
export function admit(
  contract: CompiledContract,
  request: RequestView,
  caller: Principal,
  known: Known,
  final = false,
): Refusal | Ask | ResponsePlan {
  return admitRouted(contract, { ...request, route: routeOf(contract, request) }, caller, known, final);
}

/** A request and its route (`routeOf`). */
export interface RoutedRequest extends RequestView {
  readonly route: Route | Refusal;
}

/** The same for a request whose route is known. */
// oxlint-disable-next-line max-params -- the signature of the shared functions (ARCHITECTURE.md)
export function admitRouted(
  contract: CompiledContract,
  request: RoutedRequest,
  caller: Principal,
  known: Known,
  final = false,
): Refusal | Ask | ResponsePlan {
  const { route } = request;
  if ('type' in route) return route;
  const { serverMatch, match } = route;
  const principal = principalForServer(contract, serverMatch.server, caller);
  if (serverMatch.protocol === 'graphql') return admitGraphql({ contract, serverMatch, request, principal });
  if (!match) return refuse(404, 'LP-OPERATION-UNDECLARED', `No operation is declared for this ${request.method}.`);
  const { operation } = match;
  const admission: Admission = {
    contract,
    request,
    serverMatch,
    match,
    principal,
    known,
    final,
    body: bodyReader(request),
  };
  const refusal =
    kindRefusal(admission) ?? parameterRefusal(admission) ?? bodyRefusal(admission) ?? callerRefusal(admission);
  if (refusal) return refusal;
  if (request.body === 'unread' && needsBody(admission)) return { type: 'ask', asks: [], reads: [] };
  return {
    type: 'plan',
    operation: operation.name,
    server: serverMatch.server,
    protocol: 'rest',
    principal,
    expected: expectationOf(operation, serverMatch.server),
    mode: operation.mode ?? contract.mode,
  };
}

/** Why no principal of the caller's kind is allowed, whoever owns the object: nothing is read or asked for such a caller. */
function kindRefusal(admission: Admission): Refusal | undefined {
  const { contract, principal, match } = admission;
  const isPossible = match.operation.by.some(
    (relation) => relatesByKind(principal, relation) || couldHold(contract, principal, relation),
  );
  return isPossible ? undefined : refusalOf(admission);
}

/** Why a caller is not allowed to call the operation; or what must be known to decide it. */
function callerRefusal(admission: Admission): Refusal | Ask | undefined {
  const { contract, principal, known, final, request } = admission;
  const { name, by, owner } = admission.match.operation;
  const narrow = owner?.narrow ?? {};
  const byKind = by.some((relation) => relatesByKind(principal, relation));
  if (byKind && Object.keys(narrow).length === 0) return undefined;
  if (owner?.from === 'body' && request.body === 'unread') return { type: 'ask', asks: [], reads: [] };
  const owners = operationOwners(admission);
  if (owners === 'unknown')
    return refuse(contract.foreign, 'LP-OWNER-UNKNOWN', `The owner of the object of ${name} could not be learnt.`);
  if ('type' in owners) return owners;
  const asking = new AskingKnown(known);
  const related = {
    resource: '',
    owners: owners.map((each) => ({ owner: each, role: undefined, about: false })),
    evidence: {},
  };
  const standing = new Standing(contract, principal, new Relations(contract, principal, asking).to(related));
  if (!standing.whyNot({ see: by, narrow })) return undefined;
  const { asks } = asking;
  return asks.length > 0 && !final ? { type: 'ask', asks, reads: [] } : refusalOf(admission);
}

/** Whether the relation could hold to some owner: then the owner must be learnt before the caller is refused. */
function couldHold(contract: CompiledContract, principal: Principal, relation: string): boolean {
  return isKnown(principal) && (relation === 'self' || own(contract.relations, relation) !== undefined);
}

function refusalOf({ contract, principal, match: { operation } }: Admission): Refusal {
  const { name, by, owner } = operation;
  if (!isKnown(principal)) return refuse(401, 'LP-CALLER-UNKNOWN', `${name} requires ${by.join(', ')}.`);
  const isAboutObject = owner !== undefined || by.some((relation) => couldHold(contract, principal, relation));
  const status = isAboutObject ? contract.foreign : 403;
  return refuse(status, 'LP-CALLER-NOT-ALLOWED', `${name} is for ${by.join(', ')} only.`);
}
