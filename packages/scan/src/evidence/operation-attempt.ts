import type { Caller } from '../identities/caller.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadOperation } from '../plan/read-operation.ts';
import type { ReadResponse } from '../reading/read-response.ts';

/** The responses of one operation to one caller, for every input that is known to return an object of an identity. */
export interface OperationAttempt {
  readonly operation: ReadOperation;
  readonly caller: Caller;
  readonly responses: ReadonlyMap<PlannedRequest, ReadResponse>;
  /** Why the absence of data proves nothing for this caller: its credential could not be shown to work. */
  readonly doubt?: string | undefined;
}
