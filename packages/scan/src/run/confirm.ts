import type { OperationAttempt } from '../evidence/operation-attempt.ts';
import type { Caller } from '../identities/caller.ts';
import type { Sessions } from '../identities/sessions.ts';
import { inParallel } from '../in-parallel.ts';
import type { BuiltCell } from '../ladder/build-cells.ts';
import { type Cell, cellKey } from '../ladder/cell.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadOperation } from '../plan/read-operation.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import type { RequestRunner } from './request-runner.ts';

export interface ConfirmContext {
  readonly callers: readonly Caller[];
  readonly sessions: Sessions;
  readonly runner: RequestRunner;
  readonly parallel: number;
  /** Builds cells of the new responses, exactly as the first time. */
  readonly rebuild: (attempts: readonly OperationAttempt[]) => readonly BuiltCell[];
  readonly onReplayed: (attacker: string, requests: number, confirmed: boolean) => void;
}

/**
 * Proves every proven cell a second time: with a new login and the same requests. A cell that is not proven again becomes
 * `likely`.
 */
export async function confirm(built: readonly BuiltCell[], context: ConfirmContext): Promise<Cell[]> {
  const confirmed = new Set<string>();
  await inParallel(context.callers, context.parallel, async (caller) => {
    const mine = built.filter(({ cell }) => cell.verdict === 'proven' && cell.attacker === caller.name);
    if (mine.length === 0) return;
    await context.sessions.refresh(caller.name);
    const attempts = await repeat(caller, new Set(mine.flatMap(({ requests }) => requests)), context);
    const again = new Set(
      context.rebuild(attempts).flatMap(({ cell }) => (cell.verdict === 'proven' ? [cellKey(cell)] : [])),
    );
    for (const { cell } of mine) if (again.has(cellKey(cell))) confirmed.add(cellKey(cell));
    const requests = attempts.reduce((sum, { responses }) => sum + responses.size, 0);
    context.onReplayed(
      caller.name,
      requests,
      mine.every(({ cell }) => confirmed.has(cellKey(cell))),
    );
  });
  return built.map(({ cell }) =>
    cell.verdict !== 'proven' || confirmed.has(cellKey(cell))
      ? cell
      : { ...cell, verdict: 'likely', reason: 'it was not received again when the request was repeated' },
  );
}

async function repeat(
  caller: Caller,
  requests: ReadonlySet<PlannedRequest>,
  context: ConfirmContext,
): Promise<OperationAttempt[]> {
  const byOperation = new Map<ReadOperation, Map<PlannedRequest, ReadResponse>>();
  await inParallel([...requests], context.parallel, async (request) => {
    const responses = byOperation.get(request.operation) ?? new Map<PlannedRequest, ReadResponse>();
    byOperation.set(request.operation, responses);
    responses.set(request, await context.runner.send(caller, request));
  });
  return [...byOperation].map(([operation, responses]) => ({ operation, caller, responses }));
}
