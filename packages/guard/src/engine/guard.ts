import { type Mode, type Refusal, type Route, routeOf } from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';
import type { RequestFlow } from './command.ts';
import { enforce } from './enforce.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import { monitor } from './monitor.ts';

/** The guard without sockets. */
export interface Guard {
  readonly engine: Engine;
  /** Starts to process a request. */
  receive(request: IncomingRequest): RequestFlow;
  /** In `monitor` a request has to be forwarded unchanged, even if the engine fails. */
  modeOf(request: IncomingRequest): Mode;
}

export function createGuard(options: EngineOptions): Guard {
  const engine = createEngine(options);
  return {
    engine,
    receive: (request) => {
      const route = findRoute(engine, request);
      return modeOf(engine, route) === 'monitor' ? monitor(engine, request, route) : enforce(engine, request, route);
    },
    modeOf: (request) => modeOf(engine, routeOf(engine.contract, request)),
  };
}

/** The route of a request; a host that is no server of the contract has a code of its own. */
function findRoute({ contract, authorities, notices }: Engine, request: IncomingRequest): Route | Refusal {
  const route = routeOf(contract, request);
  if (!('type' in route) || authorities.endpoints.has(request.authority) || route.status !== 404) return route;
  notices.unknownHost(request.authority);
  return { ...route, code: 'LP-HOST-UNKNOWN' };
}

/**
 * The mode as far as the request line decides it. A GraphQL operation is named in the body: the body has to be read if any
 * GraphQL operation is enforced.
 */
function modeOf({ contract, mode }: Engine, route: Route | Refusal): Mode {
  if (mode) return mode;
  if ('type' in route) return contract.mode;
  if (route.serverMatch.protocol === 'graphql') {
    const enforced = contract.operations.some(
      (operation) => operation.protocol === 'graphql' && (operation.mode ?? contract.mode) === 'enforce',
    );
    return enforced ? 'enforce' : contract.mode;
  }
  return route.match?.operation.mode ?? contract.mode;
}
