import type { CompiledContract, Door, Operation, Protocol, Server, TemplateSegment } from '../contract/compiled.ts';
import { decodeSegment, readTarget, type Target } from '../wire/target.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';

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

/** Which door of which server a request came to: the one with the longest path. The authority is compared whole. */
export function arrive(contract: CompiledContract, request: RequestLine): Arrival | Refusal {
  const target = readTarget(request.target);
  if (typeof target === 'string') return refuse(400, 'LP-REQUEST-AMBIGUOUS', target);
  const path = `/${target.segments.join('/')}`;
  const doors = contract.servers.flatMap((server) =>
    (['graphql', 'rest'] as const).flatMap((protocol) => {
      const door = server.doors[protocol];
      return door && door.authority === request.authority ? [{ server, protocol, door }] : [];
    }),
  );
  const fitting = doors.filter(({ protocol, door }) =>
    protocol === 'graphql' ? path === door.path : door.path === '' || path.startsWith(`${door.path}/`),
  );
  const [found] = fitting.sort((a, b) => b.door.path.length - a.door.path.length);
  if (!found) return refuse(404, 'LP-OPERATION-UNDECLARED', 'No server of the contract answers here.');
  return { ...found, target };
}

/** The REST operation declared for `method` and the path; of several templates the one that is literal longest. */
export function matchOperation(contract: CompiledContract, arrival: Arrival, method: string): Match | undefined {
  const base = arrival.door.path === '' ? 0 : arrival.door.path.split('/').length - 1;
  const segments = arrival.target.segments.slice(base);
  const wanted = method === 'HEAD' ? 'GET' : method;
  let best: Match | undefined;
  for (const operation of contract.operations) {
    if (operation.protocol !== 'rest' || operation.method !== wanted || !operation.template) continue;
    if (operation.servers && !operation.servers.includes(arrival.server.name)) continue;
    const parameters = bind(operation.template, segments);
    if (parameters && (!best?.operation.template || isMoreLiteral(operation.template, best.operation.template))) {
      best = { operation, parameters };
    }
  }
  return best;
}

function bind(template: readonly TemplateSegment[], segments: readonly string[]): Map<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if ('literal' in part) {
      if (part.literal !== segment) return undefined;
      continue;
    }
    const value = decodeSegment(segment);
    if (!value) return undefined;
    parameters.set(part.parameter, value);
  }
  return parameters;
}

function isMoreLiteral(a: readonly TemplateSegment[], b: readonly TemplateSegment[]): boolean {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other && 'literal' in part !== 'literal' in other) return 'literal' in part;
  }
  return false;
}
