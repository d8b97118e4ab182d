/**
 * The ledger on the facts of a large service, written as merged days. Time: the engine is open and the files are cached; medians of
 * nine. SQLite has the same facts of one day, as many as it can write in the time: its figures are for those, ours beside it too.
 * LEDGER_FACTS (10^8) and LEDGER_DAYS (30) change the amount.
 */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ledgerState } from '../packages/ledger/src/columns/ledger-state.ts';
import { columnsFolder, readManifest } from '../packages/ledger/src/columns/manifest.ts';
import { showToken64 } from '../packages/ledger/src/columns/token64.ts';
import { Duck } from '../packages/ledger/src/engine/duck.ts';
import { DuckEngine } from '../packages/ledger/src/engine/duck-engine.ts';
import type { Question } from '../packages/ledger/src/engine/question.ts';
import { ledgerOf, START_MS } from './ledger/facts.ts';
import { SqliteFacts } from './ledger/sqlite.ts';
import type { Row } from './shared/row.ts';

const RUNS = 9;
const SQLITE_FACTS = 1_000_000;
const DAY_MS = 86_400_000;

export const bench = {
  name: 'ledger',
  async run({ json }: { readonly json: boolean }): Promise<boolean> {
    const facts = Number(process.env['LEDGER_FACTS'] ?? 100_000_000);
    const days = Number(process.env['LEDGER_DAYS'] ?? 30);
    const rows: Row[] = [];
    const print = (row: Row): void => {
      rows.push(row);
      process.stdout.write(`${json ? JSON.stringify(row) : formatRow(row)}\n`);
    };
    const directory = await ledgerOf({ facts, days, ownersPerRequest: 5 });
    const single = await ledgerOf({ facts: Math.ceil(facts / days), days: 1, ownersPerRequest: 1 });
    const sample = await openSample(directory);
    print(bytesRow('facts, all columns, 5 owners a request', directory, 'facts', sample.sqlite.bytesPerFact));
    print(bytesRow('facts, all columns, 1 owner a request', single, 'facts', sample.sqlite.bytesPerFact));
    print(bytesRow('owner index', directory, 'owners', sample.sqlite.bytesPerFact));
    await timeRows(directory, sample, print);
    sample.sqlite.close();
    return rows.every(({ holds }) => holds);
  },
};

interface Sample {
  readonly sqlite: SqliteFacts;
  readonly principal: bigint;
  readonly owner: bigint;
}

/** One day's first facts in SQLite, a principal with many owners, and an owner. */
async function openSample(directory: string): Promise<Sample> {
  const folder = columnsFolder(directory);
  const [first] = filesOf(directory, 'facts');
  const duck = await Duck.open({ directory: folder });
  const source = `read_parquet('${join(folder, first?.path ?? '')}', hive_partitioning = false)`;
  const rows =
    await duck.rows(`select epoch_us(ts) as us, request, principal, owner, resource, "operation", seen, exposed, withheld
    from ${source} limit ${SQLITE_FACTS}`);
  const [{ principal, owner } = {}] = await duck.rows(
    `select principal, any_value(owner) as owner from (select * from ${source} limit 100000) group by 1 order by count(*) desc limit 1`,
  );
  duck.close();
  const sqlite = new SqliteFacts(folder);
  sqlite.add(rows);
  return { sqlite, principal: principal as bigint, owner: owner as bigint };
}

async function timeRows(
  directory: string,
  { sqlite, principal, owner }: Sample,
  print: (row: Row) => void,
): Promise<void> {
  const engine = await DuckEngine.open({
    directory: columnsFolder(directory),
    files: [...ledgerState(readManifest(directory)).files.values()],
    open: {},
    nowMs: START_MS,
    without: [],
    problems: [],
    bound: undefined,
    threads: 2,
    memory: '4GB',
  });
  const week = { sinceMs: START_MS + 7 * DAY_MS, untilMs: START_MS + 14 * DAY_MS };
  const one: Question = { ...week, principal: showToken64(principal), fields: ['age'] };
  print(
    await timeRow('distinct owners of a field to a principal, 7 days', 0.6, {
      ours: () => engine.ask('distinctOwners', one),
      sqlite: () => sqlite.distinctOwners(principal, 'age'),
    }),
  );
  print(
    await timeRow('one owner, all days, by the index', 0.3, {
      ours: () => engine.ask('ownerHistory', { owner: showToken64(owner) }),
      sqlite: () => sqlite.historyOf(owner),
    }),
  );
  print(
    await timeRow('exact top 20 principals, 7 days', 7, {
      ours: () => engine.ask('topPrincipals', { ...week, top: 20 }),
      sqlite: () => sqlite.topPrincipals(),
    }),
  );
  engine.close();
  process.stderr.write(
    `the command from its start, one owner: ${commandSeconds(directory, owner).toFixed(2)} s (files hashed)\n`,
  );
}

interface Variants {
  readonly ours: () => Promise<unknown>;
  readonly sqlite: () => unknown;
}

async function timeRow(name: string, goal: number, { ours, sqlite }: Variants): Promise<Row> {
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let run = 0; run <= RUNS; run++) {
    const began = performance.now();
    await ours();
    const middle = performance.now();
    sqlite();
    // The first run reads the files.
    if (run === 0) continue;
    mine.push((middle - began) / 1000);
    theirs.push((performance.now() - middle) / 1000);
  }
  const spread = `${Math.min(...mine).toFixed(3)} to ${Math.max(...mine).toFixed(3)}`;
  return {
    bench: 'ledger',
    case: `${name} (${spread})`,
    figure: 'median of 9, engine open, files cached, 2 threads',
    unit: 's',
    ours: median(mine),
    peers: { 'SQLite with indexes, 10^6 facts of one day': median(theirs) },
    goal,
    holds: median(mine) < goal,
  };
}

function bytesRow(name: string, directory: string, kind: 'facts' | 'owners', sqlite: number): Row {
  const files = filesOf(directory, kind);
  const sum = (key: 'bytes' | 'rows'): number => files.reduce((all, file) => all + file[key], 0);
  const ours = sum('bytes') / sum('rows');
  return {
    bench: 'ledger',
    case: `${name}: ${sum('rows').toLocaleString('en')} facts in ${files.length} files`,
    figure: 'bytes a fact on disk',
    unit: 'B/fact',
    ours,
    peers: { 'SQLite, 6 columns and 2 indexes, 10^6 facts': sqlite },
    goal: 14,
    holds: ours <= 14,
  };
}

function filesOf(directory: string, kind: 'facts' | 'owners') {
  return [...ledgerState(readManifest(directory)).files.values()].filter((file) => file.kind === kind);
}

function commandSeconds(directory: string, owner: bigint): number {
  const began = performance.now();
  const main = resolve(import.meta.dirname, '../scripts/leakproof.ts');
  const argv = ['--conditions=source', main, 'ledger', 'account', '--log', directory, '--owner', showToken64(owner)];
  execFileSync(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  return (performance.now() - began) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function formatRow({ case: name, figure, unit, ours, peers, goal, holds }: Row): string {
  const beside = Object.entries(peers).map(([peer, value]) => `    ${peer}: ${value.toFixed(3)}`);
  const verdict = holds ? 'reached' : 'missed';
  return [`${name}: ${ours.toFixed(3)} ${unit}, goal ${goal}: ${verdict}`, `  ${figure}`, ...beside].join('\n');
}

if (import.meta.main) process.exitCode = (await bench.run({ json: process.argv.includes('--json') })) ? 0 : 1;
