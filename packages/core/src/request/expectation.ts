import type { Operation, Server } from '../contract/compiled.ts';
import type { Expectation } from '../response/observe.ts';

/** The shape of a REST operation's response at a server. */
export function expectationOf({ returns, narrow }: Operation, { space }: Server): Expectation {
  return { shape: returns, space, ...(narrow ? { narrow } : {}) };
}
