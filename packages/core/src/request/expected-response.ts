import type { Expectation } from '../response/observe.ts';

/** What the response to a request looks like, whoever sends it. */
export interface ExpectedResponse {
  readonly type: 'expected';
  /** As in the contract; for GraphQL the root fields, joined by a comma. */
  readonly operation: string;
  readonly expected: Expectation;
}
