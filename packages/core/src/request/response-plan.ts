import type { Mode, Protocol, Server } from '../contract/compiled.ts';
import type { Claim, PreRead } from '../rules/claim.ts';
import type { Expectation } from '../response/observe.ts';
import type { Principal } from '../rules/principal.ts';
import type { RequestLine } from './route.ts';

/** A request, as far as the contract speaks of it. Header names in lower case. */
export interface RequestView extends RequestLine {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Codings undone. */
  readonly body?: Uint8Array | undefined;
}

/** What has to be known before the request may go on. */
export interface Ask {
  readonly type: 'ask';
  readonly asks: readonly Claim[];
  readonly reads: readonly PreRead[];
}

/** The request may go on; this is how its response will be judged. */
export interface ResponsePlan {
  readonly type: 'plan';
  /** As in the contract; for GraphQL the root fields, joined by a comma. */
  readonly operation: string;
  readonly server: Server;
  readonly protocol: Protocol;
  /** The caller as this server knows it: anonymous, where its ids are of another space. Judge by this one. */
  readonly principal: Principal;
  readonly expected: Expectation;
  readonly mode: Mode;
  /** Sent on in place of the caller's body, where evidence had to be added to a GraphQL selection. */
  readonly body?: string;
}
