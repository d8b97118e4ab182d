import { join } from 'node:path';
import { literal } from '../engine/duck.ts';
import type { Change } from './change.ts';
import { filesOf } from './ledger-state.ts';
import type { ColumnFile } from './manifest.ts';
import { columnList, EVENT_COLUMNS, FACT_COLUMNS } from './schema.ts';
import { writeColumnFile } from './write-file.ts';

export interface MergeReport {
  readonly days: number;
  readonly filesBefore: number;
}

/**
 * Merges the files of each day before `beforeDay` (UTC) into one file of facts, in the order of time, with the ends that were
 * recorded later, one of events, and an owner index. A day that is merged already is left alone.
 */
export async function merge(change: Change, beforeDay: string): Promise<MergeReport> {
  const state = change.state();
  const days = [...new Set([...state.files.values()].map(({ day }) => day))].sort();
  const report = { days: 0, filesBefore: 0 };
  for (const day of days) {
    if (day >= beforeDay) continue;
    const ofDay = (kind: ColumnFile['kind']): readonly ColumnFile[] =>
      filesOf(state, kind).filter((file) => file.day === day);
    const facts = ofDay('facts');
    const events = ofDay('events');
    const owners = ofDay('owners');
    const isMerged = facts.every(({ path }) => path.includes('/day-')) && facts.length === owners.length;
    if (isMerged && facts.length <= 1 && events.length <= 1) continue;
    const allEvents = filesOf(change.state(), 'events');
    const add = await mergeDay(change, { day, facts, events, allEvents });
    const remove = [...facts, ...events, ...owners].map(({ path }) => path);
    change.record({ do: 'merge', add, remove });
    report.days += 1;
    report.filesBefore += remove.length;
  }
  return report;
}

interface Day {
  readonly day: string;
  readonly facts: readonly ColumnFile[];
  readonly events: readonly ColumnFile[];
  readonly allEvents: readonly ColumnFile[];
}

async function mergeDay(change: Change, { day, facts, events, allEvents }: Day): Promise<ColumnFile[]> {
  const { duck, folder } = change;
  const name = `day-${String(change.nextNumber()).padStart(8, '0')}.parquet`;
  const add: ColumnFile[] = [];
  if (facts.length > 0) {
    const path = `facts/dt=${day}/${name}`;
    const others = columnList(FACT_COLUMNS.filter(([column]) => column !== 'ended'));
    const query = `with late as (${lateEnds(folder, allEvents)})
      select ${others}, case when facts.ended = 'unfinished' then coalesce(late.code, 'unfinished') else facts.ended end as ended
      from ${readFiles(folder, facts)} facts left join late using (node, request) order by ts, node, request, owner`;
    add.push(await writeColumnFile(duck, { folder, path, kind: 'facts', day, query }));
    add.push(await writeOwnerIndex(change, path, day));
  }
  if (events.length > 0) {
    const query = `select * from ${readFiles(folder, events)} order by ts, node, position`;
    add.push(await writeColumnFile(duck, { folder, path: `events/dt=${day}/${name}`, kind: 'events', day, query }));
  }
  return add;
}

/** Writes the index of a file of facts: `owner` and the number of the row, in the order of owners. */
export async function writeOwnerIndex({ duck, folder }: Change, facts: string, day: string): Promise<ColumnFile> {
  const path = facts.replace(/^facts/, 'owners');
  const query = `select owner, file_row_number::INTEGER as "row"
    from read_parquet(${literal(join(folder, facts))}, file_row_number = true, hive_partitioning = false)
    where owner is not null order by owner, file_row_number`;
  return writeColumnFile(duck, { folder, path, kind: 'owners', day, query });
}

/** `read_parquet` of at least one file. */
export function readFiles(folder: string, files: readonly Pick<ColumnFile, 'path'>[]): string {
  const paths = files.map(({ path }) => literal(join(folder, path)));
  return `read_parquet([${paths.join(', ')}], hive_partitioning = false)`;
}

/** The ends of responses that were rolled before their end was recorded: `node`, `request`, `code`. */
function lateEnds(folder: string, events: readonly ColumnFile[]): string {
  if (events.length === 0) return emptyTable([EVENT_COLUMNS[2], EVENT_COLUMNS[3], EVENT_COLUMNS[8]]);
  return `select node, request, any_value(code) as code from ${readFiles(folder, events)} where type = 'end' group by all`;
}

function emptyTable(columns: readonly (readonly [string, string])[]): string {
  return `select ${columns.map(([name, type]) => `null::${type} as "${name}"`).join(', ')} where false`;
}
