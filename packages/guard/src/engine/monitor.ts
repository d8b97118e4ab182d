import { ANONYMOUS, type ErrorCode, type Refusal, type Route, type ServerMatch } from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';
import { headersToOrigin, passThroughHeaders } from '../headers/to-origin.ts';
import { type Command, type Passed, perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { judgeResponse, type KnownOfRequest } from './judge-response.ts';
import { mirrorDestination } from './mirror-destination.ts';
import type { MonitoredRequest } from './monitored-plan.ts';
import { recordGap } from './records.ts';
import { reject, type RequestContext } from './request-context.ts';
import { requestFault } from './request-fault.ts';
import { unsentHeaders } from './unsent-headers.ts';

/** A request whose server is known. */
type RoutedRequest = RequestContext & { readonly serverMatch: ServerMatch };

/**
 * Monitors one request: it is forwarded unchanged and its response is streamed back. Everything else happens behind it;
 * whatever fails there is recorded as a gap. The one refusal is 421: the host names no endpoint, and there are several.
 */
export function* monitor(engine: Engine, request: IncomingRequest, route: Route | Refusal): RequestFlow {
  const monitored: MonitoredRequest = { engine, request, route };
  const { to, target, unknownHost } = mirrorDestination(engine.contract, request);
  if (unknownHost !== undefined) engine.notices.unknownHost(unknownHost);
  if (!to)
    return yield* reject(
      { engine, request, route, serverMatch: undefined, principal: ANONYMOUS },
      421,
      'LP-HOST-UNKNOWN',
    );
  const passed = yield* pass(engine, { do: 'pass', to, target, headers: passThroughHeaders(request, to) });
  if ('failed' in passed) return;
  yield* recordFaults(monitored, function* () {
    const operations = 'type' in route || !route.match ? [] : [route.match.operation.name];
    unsentHeaders(engine, request, { operations, isMonitored: true });
    if (unknownHost !== undefined) return yield* recordGap(engine, request, 'LP-HOST-UNKNOWN');
    const fault = requestFault(request, engine);
    if (fault) return yield* recordGap(engine, request, fault.code);
    const identified = yield* perform({ do: 'identify', request });
    if ('invalid' in identified) return yield* recordGap(engine, request, identified.invalid);
    if ('unavailable' in identified) return yield* recordGap(engine, request, identified.unavailable);
    yield* judgeResponse(monitored, passed.response, { principal: identified.principal });
  });
}

/** Monitors a request whose body had to be read to find that its operation is monitored. */
export function* judgePassed(monitored: RoutedRequest, known: Required<KnownOfRequest>): RequestFlow {
  const { engine, request, serverMatch } = monitored;
  const to = serverMatch.endpoint;
  const { target } = request;
  const passed = yield* pass(engine, { do: 'pass', to, target, headers: passThroughHeaders(request, to) });
  if ('failed' in passed) return;
  yield* recordFaults(monitored, () => judgeResponse(monitored, passed.response, known));
}

/**
 * Forwards an undeclared request where the contract says `undeclared: { operations: pass }`, with the headers that any operation
 * may send.
 */
export function* passUnjudged(monitored: RoutedRequest, code: ErrorCode): RequestFlow {
  const { engine, request, serverMatch } = monitored;
  const to = serverMatch.endpoint;
  const { sent, isRefused } = unsentHeaders(engine, request, { operations: [] });
  if (isRefused) return yield* reject(monitored, 400, 'LP-REQUEST-FRAMING');
  // The body is sent as it came, with its coding.
  const headers = headersToOrigin(request, { to, sent: new Set([...sent, 'content-encoding']) });
  const passed = yield* pass(engine, { do: 'pass', to, target: request.target, headers });
  if (!('failed' in passed)) yield* recordGap(engine, request, code);
}

function* pass(engine: Engine, command: Extract<Command, { do: 'pass' }>): RequestFlow<Passed> {
  engine.counts.passed++;
  return yield* perform(command);
}

/** Turns an internal error into a gap: the response is forwarded whatever happens here. */
function* recordFaults({ engine, request }: MonitoredRequest, flow: () => RequestFlow): RequestFlow {
  try {
    yield* flow();
  } catch {
    engine.counts.faults++;
    yield* recordGap(engine, request, 'LP-INTERNAL');
  }
}
