import type { Mode, Protocol, Server } from '../contract/compiled.ts';
import type { Claim, PreRead } from '../rules/claim.ts';
import type { Expectation } from '../response/observe.ts';
import type { Principal } from '../rules/principal.ts';
import type { RequestLine } from './route.ts';

/** The parts of a request that the contract can speak of. Header names in lower case. */
export interface RequestView extends RequestLine {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Content codings undone. `unread`: it has not arrived yet; what needs it is asked (`Ask` with nothing to answer). */
  readonly body?: Uint8Array | 'unread' | undefined;
}

/** What must be known before the request can be decided. */
export interface Ask {
  readonly type: 'ask';
  readonly asks: readonly Claim[];
  readonly reads: readonly PreRead[];
}

/** The request may be forwarded; its response is judged by this. */
export interface ResponsePlan {
  readonly type: 'plan';
  /** As in the contract; for GraphQL the root fields, joined by a comma. */
  readonly operation: string;
  readonly server: Server;
  readonly protocol: Protocol;
  /** The caller at this server: anonymous if its id is of another id space. Judge by this one. */
  readonly principal: Principal;
  readonly expected: Expectation;
  readonly mode: Mode;
  /** Sent instead of the caller's body, where evidence was added to a GraphQL selection. */
  readonly body?: string;
}
