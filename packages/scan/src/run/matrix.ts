import type { OperationAttempt } from '../evidence/operation-attempt.ts';
import type { OwnInput } from '../harvest/own-input.ts';
import type { Caller } from '../identities/caller.ts';
import { inParallel } from '../in-parallel.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadOperation } from '../plan/read-operation.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import { isAlive, type PreflightContext } from './preflight.ts';

export interface MatrixContext extends PreflightContext {
  readonly callers: readonly Caller[];
  /** All operations of the contract: an identity's probe may be one that is not tried. */
  readonly probes: readonly ReadOperation[];
  readonly ownInputs: readonly OwnInput[];
  readonly parallel: number;
  readonly onTried: (attempt: OperationAttempt) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every caller sends every request. A caller's operations follow one another, and after each of them its credential is checked;
 * an expired one is renewed once, and the operation is tried again.
 */
export async function runMatrix(context: MatrixContext): Promise<OperationAttempt[]> {
  const requestsOf = requestsByOperation(context.ownInputs);
  const perCaller = await inParallel(context.callers, context.parallel, async (caller) => {
    const attempts: OperationAttempt[] = [];
    for (const operation of context.operations) {
      const requests = requestsOf.get(operation) ?? [];
      if (requests.length === 0 || context.signal?.aborted) continue;
      const attempt = { operation, caller, ...(await tryOperation(caller, requests, context)) };
      context.onTried(attempt);
      attempts.push(attempt);
    }
    return attempts;
  });
  return perCaller.flat();
}

/** The distinct requests of every operation, in a fixed order. */
function requestsByOperation(inputs: readonly OwnInput[]): ReadonlyMap<ReadOperation, PlannedRequest[]> {
  const byOperation = new Map<ReadOperation, Map<string, PlannedRequest>>();
  for (const { request } of inputs) {
    const requests = byOperation.get(request.operation) ?? new Map<string, PlannedRequest>();
    byOperation.set(request.operation, requests.set(request.key, requests.get(request.key) ?? request));
  }
  return new Map([...byOperation].map(([operation, requests]) => [operation, [...requests.values()]]));
}

async function tryOperation(
  caller: Caller,
  requests: readonly PlannedRequest[],
  context: MatrixContext,
): Promise<Pick<OperationAttempt, 'responses' | 'doubt'>> {
  const responses = await sendAll(caller, requests, context);
  const { identity } = caller;
  if (!identity) return { responses };
  const probing = { ...context, operations: context.probes };
  const isFresh = await isAlive(identity, probing);
  if (isFresh) return { responses };
  if (isFresh === undefined) return { responses, doubt: 'its credential cannot be checked' };
  const renewed = (await context.sessions.renewOnce(identity.name)) && (await isAlive(identity, probing));
  if (!renewed) return { responses, doubt: 'its credential stopped working' };
  for (const request of requests) context.runner.forget(caller, request);
  const again = await sendAll(caller, requests, context);
  if (await isAlive(identity, probing)) return { responses: again };
  return { responses: again, doubt: 'its credential stopped working' };
}

async function sendAll(
  caller: Caller,
  requests: readonly PlannedRequest[],
  { runner, parallel }: MatrixContext,
): Promise<Map<PlannedRequest, ReadResponse>> {
  const responses = await inParallel(requests, parallel, (request) => runner.sendOnce(caller, request));
  return new Map(
    requests.flatMap((request, index) => {
      const response = responses[index];
      return response ? [[request, response] as const] : [];
    }),
  );
}
