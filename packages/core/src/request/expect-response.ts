import type { CompiledContract } from '../contract/compiled.ts';
import { ANONYMOUS } from '../rules/principal.ts';
import { NOTHING_KNOWN } from '../rules/known.ts';
import { expectGraphql } from './admit-graphql.ts';
import { queryRefusal } from './check-parameters.ts';
import type { ExpectedResponse } from './expected-response.ts';
import { expectationOf } from './expectation.ts';
import { refuse, type Refusal } from './refusal.ts';
import { bodyReader, bodyRefusal } from './request-body.ts';
import type { RequestView } from './response-plan.ts';
import { routeOf } from './route.ts';

/**
 * The shape of the response to a request, whoever sends it: who may call the operation, and what of the response is then released, is
 * not decided. A request of an undeclared form is refused as `admit` does. For GraphQL the response to the very query: nothing is added
 * to it. Pure; the request is untrusted.
 */
export function expectResponse(contract: CompiledContract, request: RequestView): ExpectedResponse | Refusal {
  const route = routeOf(contract, request);
  if ('type' in route) return route;
  const { serverMatch, match } = route;
  if (serverMatch.protocol === 'graphql') return expectGraphql({ contract, serverMatch, request });
  if (!match) return refuse(404, 'LP-OPERATION-UNDECLARED', `No operation is declared for this ${request.method}.`);
  const whoever = { principal: ANONYMOUS, known: NOTHING_KNOWN, final: true };
  const admission = { contract, request, serverMatch, match, ...whoever, body: bodyReader(request) };
  const refusal = queryRefusal(admission) ?? bodyRefusal(admission);
  if (refusal) return refusal;
  return {
    type: 'expected',
    operation: match.operation.name,
    expected: expectationOf(match.operation, serverMatch.server),
  };
}
