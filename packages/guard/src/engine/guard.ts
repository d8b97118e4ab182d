import { type Mode, type Refusal, type Route, routeOf } from '@leakproof/core';
import type { RequestFlow } from './command.ts';
import { enforce } from './enforce.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import type { IncomingRequest } from '@leakproof/http';
import { monitor } from './monitor.ts';

/** The guard without sockets: each request is a passage that gives commands and takes events. */
export interface Guard {
  readonly engine: Engine;
  /** What happens to a request that has arrived. */
  receive(request: IncomingRequest): RequestFlow;
  /** `monitor`: whatever goes wrong, the request is to be passed on as it is. */
  modeOf(request: IncomingRequest): Mode;
}

export function guard(options: EngineOptions): Guard {
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
 * The mode that can be told from the request line. At a GraphQL door the operations stand in the body: it is read if any of
 * them is enforced.
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
