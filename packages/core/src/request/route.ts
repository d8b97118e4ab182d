import type { CompiledContract, Endpoint, Operation, Protocol, Server } from '../contract/compiled.ts';
import type { TemplateSegment } from '../wire/path-template.ts';
import { decodeSegment, readTarget, type Target } from '../wire/target.ts';
import { compareTemplates } from '../wire/template-order.ts';
import { bindSegment } from '../wire/template-pattern.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type Declared, routeTable } from './route-table.ts';

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
  const found = serverMatch.protocol === 'rest' ? findOperation(contract, serverMatch, request.method) : undefined;
  return found && 'type' in found ? found : { serverMatch, match: found };
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

/** The REST operation declared for `method` and the path: of several templates the most specific (`compareTemplates`). */
export function matchOperation(
  contract: CompiledContract,
  serverMatch: ServerMatch,
  method: string,
): OperationMatch | undefined {
  const found = findOperation(contract, serverMatch, method);
  return found && 'type' in found ? undefined : found;
}

/** The same; a refusal if another server could take the path for that of an operation which is as specific or more. */
function findOperation(
  contract: CompiledContract,
  serverMatch: ServerMatch,
  method: string,
): OperationMatch | Refusal | undefined {
  const { server, endpoint, target } = serverMatch;
  const segments = endpoint.path === '' ? target.segments : target.segments.slice(endpoint.path.split('/').length - 1);
  const templates = routeTable(contract).templatesOf(server, method === 'HEAD' ? 'GET' : method);
  let ambiguous: Declared | undefined;
  const match = templates?.find(segments.map(textOf), (declared) => {
    const bound = bindTemplate(declared.template, segments);
    if (bound === 'ambiguous') ambiguous ??= declared;
    else if (bound) return { declared, bound };
    return undefined;
  });
  const isAmbiguous = ambiguous && (!match || compareTemplates(ambiguous.template, match.declared.template) < 0);
  if (isAmbiguous) return refuse(400, 'LP-REQUEST-AMBIGUOUS', 'The path could be read as another one than it is.');
  return match && { operation: match.declared.operation, ...match.bound };
}

const textOf = (segment: string): string => decodeSegment(segment) ?? segment;

type Bound = Pick<OperationMatch, 'parameters' | 'rawParameters'>;

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();
const NOTHING_BOUND: Bound = { parameters: NO_PARAMETERS, rawParameters: NO_PARAMETERS };

/** The path parameters by a template of the same length; undefined if it does not match. */
export function bindTemplate(
  template: readonly TemplateSegment[],
  segments: readonly string[],
): Bound | 'ambiguous' | undefined {
  let bound: { parameters: Map<string, string>; rawParameters: Map<string, string> } | undefined;
  let isAmbiguous = false;
  for (const [index, part] of template.entries()) {
    const values = bindSegment(part, segments[index] ?? '');
    if (!values) return undefined;
    if (values === 'ambiguous') isAmbiguous = true;
    else if (values.length > 0) {
      bound ??= { parameters: new Map(), rawParameters: new Map() };
      for (const { parameter, value, raw } of values) {
        bound.parameters.set(parameter, value);
        bound.rawParameters.set(parameter, raw);
      }
    }
  }
  return isAmbiguous ? 'ambiguous' : (bound ?? NOTHING_BOUND);
}
