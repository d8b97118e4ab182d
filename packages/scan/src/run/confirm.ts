import type { Caller } from '../identities/caller.ts';
import type { Sessions } from '../identities/sessions.ts';
import { inParallel } from '../in-parallel.ts';
import type { BuiltCell } from '../ladder/build-cells.ts';
import { type Cell, cellKey } from '../ladder/cell.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadEndpoint } from '../plan/read-operations.ts';
import type { ReadResponse } from '../reading/reading.ts';
import type { RequestRunner } from './asker.ts';
import type { Tried } from './matrix.ts';

export interface ConfirmContext {
  readonly callers: readonly Caller[];
  readonly sessions: Sessions;
  readonly asker: RequestRunner;
  readonly parallel: number;
  /** Judges readings anew, exactly as the first time. */
  readonly rebuild: (tried: readonly Tried[]) => readonly BuiltCell[];
  readonly onReplayed: (attacker: string, requests: number, confirmed: boolean) => void;
}

/**
 * Proves every proven cell a second time: a fresh login, the same requests, the same judgement. What does not come again is
 * only likely.
 */
export async function confirm(built: readonly BuiltCell[], room: ConfirmContext): Promise<Cell[]> {
  const confirmed = new Set<string>();
  await inParallel(room.callers, room.parallel, async (caller) => {
    const mine = built.filter(({ cell }) => cell.verdict === 'proven' && cell.attacker === caller.name);
    if (mine.length === 0) return;
    await room.sessions.refresh(caller.name);
    const tried = await repeat(caller, new Set(mine.flatMap(({ proofs }) => proofs)), room);
    const again = new Set(
      room.rebuild(tried).flatMap(({ cell }) => (cell.verdict === 'proven' ? [cellKey(cell)] : [])),
    );
    for (const { cell } of mine) if (again.has(cellKey(cell))) confirmed.add(cellKey(cell));
    const requests = tried.reduce((sum, { readings }) => sum + readings.size, 0);
    room.onReplayed(
      caller.name,
      requests,
      mine.every(({ cell }) => confirmed.has(cellKey(cell))),
    );
  });
  return built.map(({ cell }) =>
    cell.verdict !== 'proven' || confirmed.has(cellKey(cell))
      ? cell
      : { ...cell, verdict: 'likely', reason: 'it did not come again when it was replayed' },
  );
}

async function repeat(caller: Caller, asks: ReadonlySet<PlannedRequest>, room: ConfirmContext): Promise<Tried[]> {
  const byEndpoint = new Map<ReadEndpoint, Map<PlannedRequest, ReadResponse>>();
  await inParallel([...asks], room.parallel, async (ask) => {
    const readings = byEndpoint.get(ask.endpoint) ?? new Map<PlannedRequest, ReadResponse>();
    byEndpoint.set(ask.endpoint, readings);
    readings.set(ask, await room.asker.askAfresh(caller, ask));
  });
  return [...byEndpoint].map(([endpoint, readings]) => ({ endpoint, caller, readings }));
}
