import { rmSync, statSync } from 'node:fs';
import { type LogSegment, listLogSegments, readLog, type ReadPosition } from '@leakproof/log';
import { createStagedTables } from '../engine/staged-tables.ts';
import type { Change } from './change.ts';
import { hashOf } from './hash-of.ts';
import type { LedgerState } from './ledger-state.ts';
import type { ColumnFile, RolledSegment } from './manifest.ts';
import { Stage } from './stage.ts';
import { writeColumnFile } from './write-file.ts';

export interface RollOptions {
  /** Rolled segments stay in the log for this long: a guard that starts again reads its budgets' window from them. */
  readonly keepLogMs: number;
}

export interface RollReport {
  readonly segments: number;
  readonly facts: number;
  readonly files: number;
  readonly removedSegments: number;
}

/** Bytes of the log that are staged in memory at a time. */
const BATCH_BYTES = 128 * 1024 * 1024;
const FACTS_IN_ORDER = 'order by ts, node, request, owner';

/**
 * Rolls the closed segments of the log into columns: hourly files of facts, daily files of events. A segment is in the columns
 * from the line of the manifest on that names it; before, readers read the log.
 */
export async function roll(change: Change, { keepLogMs }: RollOptions): Promise<RollReport> {
  const report = { segments: 0, facts: 0, files: 0, removedSegments: 0 };
  for (;;) {
    const state = change.state();
    const batch = nextBatch(listLogSegments(change.directory), state);
    if (batch.length === 0) break;
    const { facts, files } = await rollBatch(change, state, batch);
    report.segments += batch.length;
    report.facts += facts;
    report.files += files;
  }
  report.removedSegments = removeRolled(change, keepLogMs);
  return report;
}

/** Undefined at the start of a writer's log, also if its directory was made anew. */
function positionAfter(state: LedgerState, segments: readonly LogSegment[], writer: string): ReadPosition | undefined {
  const position = state.writers[writer];
  const newest = segments.findLast((each) => each.writer === writer);
  if (position === undefined || newest === undefined || newest.node !== position.node) return undefined;
  return { ...position, segment: position.segment + 1 };
}

/** Where reading the log continues after the columns, for each writer. */
export function unrolled(state: LedgerState, segments: readonly LogSegment[]): Readonly<Record<string, ReadPosition>> {
  const after: Record<string, ReadPosition> = {};
  for (const { writer } of segments) {
    const position = positionAfter(state, segments, writer);
    if (position) after[writer] = position;
  }
  return after;
}

function isRolled(state: LedgerState, segments: readonly LogSegment[], { writer, segment }: LogSegment): boolean {
  return segment < (positionAfter(state, segments, writer)?.segment ?? 0);
}

function nextBatch(segments: readonly LogSegment[], state: LedgerState): readonly LogSegment[] {
  let bytes = 0;
  const batch: LogSegment[] = [];
  const full = new Set<string>();
  for (const each of segments) {
    if (!each.isClosed || full.has(each.writer) || isRolled(state, segments, each)) continue;
    bytes += each.bytes;
    if (batch.length > 0 && bytes > BATCH_BYTES) full.add(each.writer);
    else batch.push(each);
  }
  return batch;
}

async function rollBatch(
  change: Change,
  state: LedgerState,
  batch: readonly LogSegment[],
): Promise<{ readonly facts: number; readonly files: number }> {
  const segments = listLogSegments(change.directory);
  const stage = new Stage(state.open);
  const after = unrolled(state, segments);
  const until: Record<string, number> = {};
  for (const { writer } of segments) until[writer] = -1;
  for (const { writer, segment } of batch) until[writer] = segment;
  const writers: Record<string, ReadPosition> = {};
  const frames = readLog(change.directory, {
    after,
    until,
    onWriterRead: (writer, position) => {
      if (until[writer] !== -1) writers[writer] = position;
    },
    onPassedOver: (passed) => stage.passOver(passed, change.nowMs),
  });
  for (const frame of frames) stage.add(frame);
  const rolled: RolledSegment[] = [];
  for (const { writer, segment, bytes, file } of batch)
    rolled.push({ writer, segment, bytes, sha256: await hashOf(file) });
  await createStagedTables(change.duck, stage);
  const add = await writeStaged(change);
  change.record({ do: 'roll', add, segments: rolled, writers, open: stage.open });
  return { facts: stage.rows.owner.filter((owner) => owner !== null).length, files: add.length };
}

async function writeStaged(change: Change): Promise<ColumnFile[]> {
  const { duck, folder } = change;
  const name = `${String(change.nextNumber()).padStart(8, '0')}.parquet`;
  const files: ColumnFile[] = [];
  const hours = await duck.rows(`select distinct strftime(ts, '%Y-%m-%d') as day, strftime(ts, '%H') as hour
    from staged_facts order by all`);
  for (const { day, hour } of hours.map((row) => ({ day: String(row['day']), hour: String(row['hour']) }))) {
    const path = `facts/dt=${day}/h=${hour}/${name}`;
    const from = `timestamptz '${day} ${hour}:00:00+00'`;
    const query = `select * from staged_facts where ts >= ${from} and ts < ${from} + interval 1 hour ${FACTS_IN_ORDER}`;
    files.push(await writeColumnFile(duck, { folder, path, kind: 'facts', day, query }));
  }
  const days = await duck.rows(`select distinct strftime(ts, '%Y-%m-%d') as day from staged_events order by all`);
  for (const day of days.map((row) => String(row['day']))) {
    const query = `select * from staged_events where strftime(ts, '%Y-%m-%d') = '${day}' order by ts, node, position`;
    files.push(await writeColumnFile(duck, { folder, path: `events/dt=${day}/${name}`, kind: 'events', day, query }));
  }
  return files;
}

/** Removes segments that are in the columns and old enough, but never the newest of a writer. */
function removeRolled(change: Change, keepLogMs: number): number {
  const state = change.state();
  const segments = listLogSegments(change.directory);
  const old = segments.filter(
    (each) =>
      !each.isNewest && isRolled(state, segments, each) && change.nowMs - statSync(each.file).mtimeMs >= keepLogMs,
  );
  for (const { file } of old) rmSync(file, { force: true });
  return old.length;
}
