import type { CompiledContract, Operation } from '../contract/compiled.ts';
import { isLeakproofError } from '../errors.ts';
import { own } from '../own.ts';
import { decodeUtf8, readJson } from '../wire/json.ts';
import { admitGraphql } from './admit-graphql.ts';
import { notThePrincipal } from './asserted-principal.ts';
import { AskingKnown } from '../rules/asking.ts';
import type { Known } from '../rules/known.ts';
import type { PreRead } from '../rules/claim.ts';
import { principalForServer, isKnown, type OwnerRef, type Principal } from '../rules/principal.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Ask, RequestView, ResponsePlan } from './response-plan.ts';
import { type ServerMatch, type OperationMatch, type Route, routeOf } from './route.ts';
import { Relations } from '../rules/relate.ts';
import { relatesByKind, Standing } from '../rules/standing.ts';

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

/** What is decided for one REST request. */
interface Admission {
  readonly contract: CompiledContract;
  readonly request: RequestView;
  readonly serverMatch: ServerMatch;
  readonly match: OperationMatch;
  readonly principal: Principal;
  readonly known: Known;
  readonly final: boolean;
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
  const admission: Admission = { contract, request, serverMatch, match, principal, known, final };
  return (
    wrongParameters(admission) ??
    wrongBody(contract, operation, request) ??
    whyNotBy(admission) ?? {
      type: 'plan',
      operation: operation.name,
      server: serverMatch.server,
      protocol: 'rest',
      principal,
      expected: {
        shape: operation.returns,
        space: serverMatch.server.space,
        ...(operation.narrow ? { narrow: operation.narrow } : {}),
      },
      mode: operation.mode ?? contract.mode,
    }
  );
}

function wrongParameters({ contract, serverMatch, match, request, principal }: Admission): Refusal | undefined {
  const caller = { principal, server: serverMatch.server };
  const declared = match.operation.parameters;
  const seen = new Set<string>();
  for (const [name, value] of serverMatch.target.query) {
    const parameter = declared.find((each) => each.in === 'query' && each.name === name);
    if (!parameter && contract.undeclared.parameters === 'deny') {
      return refuse(400, 'LP-PARAMETER-UNDECLARED', `The query parameter "${name}" is not declared.`);
    }
    if (seen.has(name) && !parameter?.repeats)
      return refuse(400, 'LP-REQUEST-AMBIGUOUS', `The query parameter "${name}" occurs twice.`);
    seen.add(name);
    const wrong = parameter && notThePrincipal(parameter, value, caller);
    if (wrong) return wrong;
  }
  for (const parameter of declared) {
    if (!parameter.isPrincipal || parameter.in === 'query') continue;
    const values =
      parameter.in === 'path'
        ? [match.parameters.get(parameter.name)]
        : request.headers.filter(([name]) => name === parameter.name).map(([, value]) => value);
    for (const value of values) {
      const wrong = value === undefined ? undefined : notThePrincipal(parameter, value, caller);
      if (wrong) return wrong;
    }
  }
  return undefined;
}

function wrongBody(contract: CompiledContract, operation: Operation, request: RequestView): Refusal | undefined {
  if (!request.body || request.body.length === 0 || contract.undeclared.parameters === 'pass') return undefined;
  if (!operation.accepts) return refuse(400, 'LP-PARAMETER-UNDECLARED', 'The operation takes no body.');
  try {
    const { root } = readJson(decodeUtf8(request.body));
    if (root.type !== 'object') return refuse(400, 'LP-PARAMETER-UNDECLARED', 'The body must be a JSON object.');
    const unknown = root.members.find((member) => !operation.accepts?.includes(member.key));
    return unknown
      ? refuse(400, 'LP-PARAMETER-UNDECLARED', 'The body has a member that is not declared in `accepts`.')
      : undefined;
  } catch (error) {
    if (isLeakproofError(error)) return refuse(400, error.code, error.message);
    throw error;
  }
}

function whyNotBy(admission: Admission): Refusal | Ask | undefined {
  const { contract, principal, known, final } = admission;
  const { operation } = admission.match;
  if (!operation.owner && operation.by.some((relation) => relatesByKind(principal, relation))) return undefined;
  const owners = ownersOf(admission);
  if ('type' in owners) return owners;
  const asking = new AskingKnown(known);
  const relations = new Relations(contract, principal, asking);
  const related = {
    resource: '',
    owners: owners.map((owner) => ({ owner, role: undefined, about: false })),
    evidence: {},
  };
  const standing = new Standing(contract, principal, relations.to(related));
  if (!standing.whyNot({ see: operation.by, narrow: operation.owner?.narrow ?? {} })) return undefined;
  const { asks } = asking;
  if (asks.length > 0 && !final) return { type: 'ask', asks, reads: [] };
  if (!isKnown(principal))
    return refuse(401, 'LP-CALLER-UNKNOWN', `${operation.name} requires ${operation.by.join(', ')}.`);
  const aboutObject =
    operation.owner !== undefined ||
    operation.by.some((relation) => relation === 'self' || own(contract.relations, relation) !== undefined);
  return refuse(
    aboutObject ? contract.foreign : 403,
    'LP-CALLER-NOT-ALLOWED',
    `${operation.name} is for ${operation.by.join(', ')} only.`,
  );
}

/** The owner of the object that the operation acts on, or the pre-read that finds it. */
function ownersOf(admission: Admission): readonly OwnerRef[] | Ask {
  const { serverMatch, known, final } = admission;
  const { operation, parameters } = admission.match;
  if (!operation.owner) return [];
  if (operation.owner.from === 'path') {
    const id = parameters.get(operation.owner.parameter);
    return id ? [{ kind: operation.owner.kind, space: serverMatch.server.space, id }] : [];
  }
  const read = preReadOf(admission, operation.owner.operation);
  const found = known.owners?.(read);
  if (!found && !final) return { type: 'ask', asks: [], reads: [read] };
  return found ?? [];
}

function preReadOf({ contract, serverMatch, match }: Admission, name: string): PreRead {
  const template = contract.operations.find((each) => each.name === name)?.template ?? [];
  const path = template.map((part) =>
    'literal' in part ? part.literal : encodeURIComponent(match.parameters.get(part.parameter) ?? ''),
  );
  return { operation: name, target: `${serverMatch.endpoint.path}/${path.join('/')}` };
}
