import type { CompiledContract, Endpoint, Operation, Protocol, Server, TemplateSegment } from '../contract/compiled.ts';
import { decodeSegment, readTarget, type Target } from '../wire/target.ts';
import { type Refusal, refuse } from './refusal.ts';
import { routeTable } from './route-table.ts';

/** The parts of a request that select its route. `target` is in origin form, as sent. */
export interface RequestLine {
  readonly method: string;
  readonly authority: string;
  readonly target: string;
}

/** The endpoint of a request, and its parsed target. */
export interface ServerMatch {
  readonly server: Server;
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  readonly target: Target;
}

/** A declared operation, with the values of its path parameters. */
export interface OperationMatch {
  readonly operation: Operation;
  readonly parameters: ReadonlyMap<string, string>;
  /** The same as sent, still percent-encoded. */
  readonly rawParameters: ReadonlyMap<string, string>;
}

/** The route of a request: its endpoint, and for REST the declared operation. */
export interface Route {
  readonly serverMatch: ServerMatch;
  readonly match: OperationMatch | undefined;
}

/** The route of a request, or why it has none. */
export function routeOf(contract: CompiledContract, request: RequestLine): Route | Refusal {
  const serverMatch = matchServer(contract, request);
  if ('type' in serverMatch) return serverMatch;
  const match = serverMatch.protocol === 'rest' ? matchOperation(contract, serverMatch, request.method) : undefined;
  return { serverMatch, match };
}

/** The endpoint of a request: the one with the longest matching path. The authority is compared exactly. */
export function matchServer(contract: CompiledContract, request: RequestLine): ServerMatch | Refusal {
  const target = readTarget(request.target);
  if (typeof target === 'string') return refuse(400, 'LP-REQUEST-AMBIGUOUS', target);
  const mark = request.target.indexOf('?');
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  for (const { server, protocol, endpoint } of routeTable(contract).endpointsAt(request.authority)) {
    const fits =
      protocol === 'graphql' ? path === endpoint.path : endpoint.path === '' || path.startsWith(`${endpoint.path}/`);
    if (fits) return { server, protocol, endpoint, target };
  }
  return refuse(404, 'LP-OPERATION-UNDECLARED', 'No server of the contract answers here.');
}

/** The REST operation declared for `method` and the path; of several templates the one with the longest literal prefix. */
export function matchOperation(
  contract: CompiledContract,
  serverMatch: ServerMatch,
  method: string,
): OperationMatch | undefined {
  const { server, endpoint, target } = serverMatch;
  const segments = endpoint.path === '' ? target.segments : target.segments.slice(endpoint.path.split('/').length - 1);
  const wanted = method === 'HEAD' ? 'GET' : method;
  for (const { operation, template } of routeTable(contract).declaredFor(server, wanted, segments)) {
    const bound = bind(template, segments);
    if (bound) return { operation, ...bound };
  }
  return undefined;
}

type Bound = Pick<OperationMatch, 'parameters' | 'rawParameters'>;

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();
const NOTHING_BOUND: Bound = { parameters: NO_PARAMETERS, rawParameters: NO_PARAMETERS };

/** The path parameters by a template of the same length; undefined if it does not match. */
function bind(template: readonly TemplateSegment[], segments: readonly string[]): Bound | undefined {
  let bound: { parameters: Map<string, string>; rawParameters: Map<string, string> } | undefined;
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if ('literal' in part) {
      if (part.literal !== segment) return undefined;
      continue;
    }
    const value = decodeSegment(segment);
    if (!value) return undefined;
    bound ??= { parameters: new Map(), rawParameters: new Map() };
    bound.parameters.set(part.parameter, value);
    bound.rawParameters.set(part.parameter, segment);
  }
  return bound ?? NOTHING_BOUND;
}
