/**
 * The log compared with SQLite (WAL, both values of `synchronous`) and JSON lines. Every writer gets the same facts as objects,
 * encodes them in its own way, and writes one group of blocks for each turn of the event loop. Writers take turns within each
 * round; figures are medians over the rounds.
 */
import { closeSync, fdatasync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { openLog } from '@leakproof/log';
import type { Row } from './shared/row.ts';

interface Fact {
  readonly time: number;
  readonly request: number;
  readonly principal: number;
  readonly owner: number;
  readonly operation: number;
  readonly fieldset: number;
  readonly verdict: number;
}

interface Writer {
  /** Writes the blocks of one turn; resolves when all are acknowledged. */
  write(blocks: readonly (readonly Fact[])[]): Promise<void>;
  close(): Promise<void>;
}

const FACT_BYTES = 40;
const BLOCKS_A_TURN = 64;
const syncLater = promisify(fdatasync);

const ROUNDS = 5;
const FACTS_A_ROUND = 200_000;
const STRICT_MS = 700;

const factsGoal = 1_000_000;
const strictGoal = 0.9;

export const bench = {
  name: 'log',
  async run({ json }: { readonly json: boolean }): Promise<boolean> {
    const rows: Row[] = [];
    for (const facts of [8, 50]) rows.push(await cpuRow(facts));
    for (const inFlight of [8, 64]) rows.push(await strictRow(inFlight, 8));
    for (const row of rows) process.stdout.write(`${json ? JSON.stringify(row) : formatRow(row)}\n`);
    return rows.every(({ holds }) => holds);
  },
};

const writers: Readonly<Record<string, (directory: string) => Promise<Writer>>> = {
  'log, within': (directory) => logWriter(directory, 'within'),
  'log, strict': (directory) => logWriter(directory, 'strict'),
  'SQLite, WAL, NORMAL': async (directory) => sqliteWriter(directory, 'NORMAL'),
  'SQLite, WAL, FULL': async (directory) => sqliteWriter(directory, 'FULL'),
  'JSON lines, appendFile': jsonWriter,
};

async function cpuRow(facts: number): Promise<Row> {
  const blocks = blocksOf(facts);
  const turns = Math.ceil(FACTS_A_ROUND / (facts * BLOCKS_A_TURN));
  const seen = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, start] of Object.entries(writers)) {
      const rate = await inDirectory(async (directory) => {
        const writer = await start(directory);
        const before = process.cpuUsage();
        for (let turn = 0; turn < turns; turn++) await writer.write(blocks);
        await writer.close();
        const { user, system } = process.cpuUsage(before);
        return (turns * BLOCKS_A_TURN * facts) / ((user + system) / 1e6);
      });
      if (round > 0) seen.set(name, [...(seen.get(name) ?? []), rate]);
    }
  }
  const { 'log, within': ours = 0, ...peers } = Object.fromEntries([...seen].map(([name, all]) => [name, median(all)]));
  return {
    bench: 'log',
    case: `${facts} facts a block, ${BLOCKS_A_TURN} blocks a turn`,
    figure: 'facts recorded per CPU-second, encoding included',
    unit: 'facts/CPU-s',
    ours,
    peers,
    goal: factsGoal,
    holds: ours >= factsGoal,
  };
}

/** Closed loop: each sender appends its next block when the last one is on the disk. */
async function strictRow(inFlight: number, facts: number): Promise<Row> {
  const blocks = blocksOf(facts).slice(0, inFlight);
  const bytes = inFlight * (facts * FACT_BYTES + 36);
  const variants: Readonly<Record<string, () => Promise<number>>> = {
    ours: () => turnRate('log, strict', blocks),
    'write + fdatasync from the thread pool, nothing else': () => diskRate(bytes, 'pool'),
    'SQLite, WAL, FULL': () => turnRate('SQLite, WAL, FULL', blocks),
  };
  const seen = new Map<string, number[]>();
  const disk: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, measure] of Object.entries(variants)) {
      const before = await diskRate(bytes, 'turn');
      const rate = await measure();
      const own = (before + (await diskRate(bytes, 'turn'))) / 2;
      if (round === 0) continue;
      disk.push(own);
      seen.set(name, [...(seen.get(name) ?? []), rate / own]);
    }
  }
  const { ours = 0, ...peers } = Object.fromEntries([...seen].map(([name, all]) => [name, median(all)]));
  return {
    bench: 'log',
    case: `strict, ${inFlight} blocks of ${facts} facts in flight, the disk alone: ${Math.round(median(disk))} fdatasync/s`,
    figure: "facts per second over in flight x facts a block x the disk's own write + fdatasync rate",
    unit: 'ratio',
    ours,
    peers,
    goal: strictGoal,
    holds: ours >= strictGoal,
  };
}

interface OpenWriter {
  readonly writer: Writer;
  readonly remove: () => void;
}

async function openInDirectory(name: string): Promise<OpenWriter> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
  const writer = await writers[name]?.(directory);
  if (writer === undefined) throw new Error(`no writer ${name}`);
  return { writer, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Turns per second of one writer. */
async function turnRate(name: string, blocks: readonly (readonly Fact[])[]): Promise<number> {
  const { writer, remove } = await openInDirectory(name);
  try {
    await writer.write(blocks);
    const began = performance.now();
    let turns = 0;
    for (; performance.now() - began < STRICT_MS; turns++) await writer.write(blocks);
    const rate = turns / ((performance.now() - began) / 1000);
    await writer.close();
    return rate;
  } finally {
    remove();
  }
}

/** Writes of `bytes` with fdatasync per second, one after the other. */
async function diskRate(bytes: number, from: 'turn' | 'pool'): Promise<number> {
  return inDirectory(async (directory) => {
    const file = openSync(join(directory, 'plain'), 'wx');
    const chunk = Buffer.alloc(bytes, 1);
    const append = (): void | Promise<void> => {
      writeSync(file, chunk);
      return from === 'turn' ? fdatasyncSync(file) : syncLater(file);
    };
    await append();
    const began = performance.now();
    let syncs = 0;
    for (; performance.now() - began < STRICT_MS / 2; syncs++) {
      const appending = append();
      if (appending) await appending;
    }
    const rate = syncs / ((performance.now() - began) / 1000);
    closeSync(file);
    return rate;
  });
}

async function logWriter(directory: string, sync: 'within' | 'strict'): Promise<Writer> {
  const log = openLog({ directory, now: Date.now, sync, answerWithinMs: 60_000, maxUnsyncedBytes: 2 ** 30 });
  return {
    async write(blocks) {
      const answers = await Promise.all(
        blocks.map((facts) => log.append({ count: facts.length, payload: encode(facts) })),
      );
      for (const answer of answers) if (!answer.ok) throw new Error(answer.code);
    },
    close: () => log.close(),
  };
}

function sqliteWriter(directory: string, synchronous: 'NORMAL' | 'FULL'): Writer {
  const database = new DatabaseSync(join(directory, 'facts.db'));
  database.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous};
    create table facts (time, request, principal, owner, operation, fieldset, verdict)`);
  const insert = database.prepare('insert into facts values (?, ?, ?, ?, ?, ?, ?)');
  return {
    async write(blocks) {
      database.exec('begin');
      for (const facts of blocks) {
        for (const { time, request, principal, owner, operation, fieldset, verdict } of facts) {
          insert.run(time, request, principal, owner, operation, fieldset, verdict);
        }
      }
      database.exec('commit');
    },
    close: async () => database.close(),
  };
}

async function jsonWriter(directory: string): Promise<Writer> {
  const file: FileHandle = await open(join(directory, 'facts.jsonl'), 'a');
  return {
    async write(blocks) {
      let lines = '';
      for (const facts of blocks) for (const fact of facts) lines += `${JSON.stringify(fact)}\n`;
      await file.appendFile(lines);
    },
    async close() {
      await file.datasync();
      await file.close();
    },
  };
}

function encode(facts: readonly Fact[]): Uint8Array {
  const payload = Buffer.allocUnsafe(facts.length * FACT_BYTES);
  let offset = 0;
  for (const { time, request, principal, owner, operation, fieldset, verdict } of facts) {
    payload.writeDoubleLE(time, offset);
    payload.writeDoubleLE(principal, offset + 8);
    payload.writeDoubleLE(owner, offset + 16);
    payload.writeUInt32LE(request, offset + 24);
    payload.writeUInt32LE(operation, offset + 28);
    payload.writeUInt32LE(fieldset, offset + 32);
    payload.writeUInt32LE(verdict, offset + 36);
    offset += FACT_BYTES;
  }
  return payload;
}

/** The blocks of one turn: deterministic, with numbers distributed like tokens. */
function blocksOf(facts: number): readonly (readonly Fact[])[] {
  let state = 1;
  const token = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: BLOCKS_A_TURN }, (_, request) =>
    Array.from({ length: facts }, () => ({
      time: 1_700_000_000_000 + token(1000),
      request,
      principal: token(2 ** 31) * 2 ** 20,
      owner: token(2 ** 31) * 2 ** 20,
      operation: token(200),
      fieldset: token(600),
      verdict: token(4),
    })),
  );
}

async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function formatRow(row: Row): string {
  const peers = Object.entries(row.peers).map(
    ([name, value]) => `    ${name}: ${format(value)} (${(row.ours / value).toFixed(2)} x)`,
  );
  const verdict = row.holds ? 'reached' : 'missed';
  return [
    `${row.case}: ${format(row.ours)} ${row.unit}, goal ${format(row.goal)}: ${verdict}`,
    `  ${row.figure}`,
    ...peers,
  ].join('\n');
}

function format(value: number): string {
  return value < 100 ? value.toFixed(3) : Math.round(value).toLocaleString('en');
}

if (import.meta.main) process.exitCode = (await bench.run({ json: process.argv.includes('--json') })) ? 0 : 1;
