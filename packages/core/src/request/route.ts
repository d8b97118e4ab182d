import type { CompiledContract, Door, Operation, Protocol, Server, TemplateSegment } from '../contract/compiled.ts';
import { decodeSegment, readTarget, type Target } from '../wire/target.ts';
import { type Refusal, refuse } from './refusal.ts';
import { routeTable } from './route-table.ts';

/** What of a request decides where it goes. `target` is origin-form, as sent. */
export interface RequestLine {
  readonly method: string;
  readonly authority: string;
  readonly target: string;
}

/** The door a request came to, and its target taken apart. */
export interface Arrival {
  readonly server: Server;
  readonly protocol: Protocol;
  readonly door: Door;
  readonly target: Target;
}

/** A declared operation, with what its template's parameters stand for. */
export interface Match {
  readonly operation: Operation;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Where a request goes: its door, and at a REST door the operation that is declared for it. */
export interface Route {
  readonly arrival: Arrival;
  readonly match: Match | undefined;
}

/** Where a request goes, or why nowhere. */
export function routeOf(contract: CompiledContract, request: RequestLine): Route | Refusal {
  const arrival = arrive(contract, request);
  if ('type' in arrival) return arrival;
  const match = arrival.protocol === 'rest' ? matchOperation(contract, arrival, request.method) : undefined;
  return { arrival, match };
}

/** Which door of which server a request came to: the one with the longest path. The authority is compared whole. */
export function arrive(contract: CompiledContract, request: RequestLine): Arrival | Refusal {
  const target = readTarget(request.target);
  if (typeof target === 'string') return refuse(400, 'LP-REQUEST-AMBIGUOUS', target);
  const mark = request.target.indexOf('?');
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  for (const { server, protocol, door } of routeTable(contract).doorsAt(request.authority)) {
    const fits = protocol === 'graphql' ? path === door.path : door.path === '' || path.startsWith(`${door.path}/`);
    if (fits) return { server, protocol, door, target };
  }
  return refuse(404, 'LP-OPERATION-UNDECLARED', 'No server of the contract answers here.');
}

/** The REST operation declared for `method` and the path; of several templates the one that is literal longest. */
export function matchOperation(contract: CompiledContract, arrival: Arrival, method: string): Match | undefined {
  const { server, door, target } = arrival;
  const segments = door.path === '' ? target.segments : target.segments.slice(door.path.split('/').length - 1);
  const wanted = method === 'HEAD' ? 'GET' : method;
  for (const { operation, template } of routeTable(contract).declaredFor(server, wanted, segments)) {
    const parameters = bind(template, segments);
    if (parameters) return { operation, parameters };
  }
  return undefined;
}

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();

/** What the parameters of a template of the same length stand for; undefined if it does not fit. */
function bind(
  template: readonly TemplateSegment[],
  segments: readonly string[],
): ReadonlyMap<string, string> | undefined {
  let parameters: Map<string, string> | undefined;
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if ('literal' in part) {
      if (part.literal !== segment) return undefined;
      continue;
    }
    const value = decodeSegment(segment);
    if (!value) return undefined;
    parameters ??= new Map();
    parameters.set(part.parameter, value);
  }
  return parameters ?? NO_PARAMETERS;
}
