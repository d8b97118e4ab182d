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
      const route = routeOf(engine.contract, request);
      return modeOf(engine, route) === 'monitor' ? monitor(engine, request, route) : enforce(engine, request, route);
    },
    modeOf: (request) => modeOf(engine, routeOf(engine.contract, request)),
  };
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
