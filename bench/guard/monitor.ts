/** What judging adds to the latency of monitor: the same guard with room in its backlog, and with none, so that it judges nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecord } from '@leakproof/core';
import { readLog } from '@leakproof/log';
import type { Row } from '../shared/row.ts';
import { requestBytes, writeContract } from './bench-setup.ts';
import { Load } from './load.ts';
import { MEMBERS, PAGES, type Size } from './people.ts';
import type { GuardScript } from './serve-guard.ts';
import { type ServerProcess, startScript } from './server-process.ts';

const CONNECTIONS = 32;
const ROUNDS = 5;
const WARM_UP_MS = 6_000;
const STEADY_MS = 2_500;
const MOST = 1.2;

interface Monitor {
  readonly server: ServerProcess;
  readonly logDirectory: string;
  readonly p99s: number[];
}

/** The p99 of an open loop at a quarter of the full load, with judging and without: the median of five runs of each, in turns. */
export async function monitorRow(size: Size): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
  const origin = await startScript('serve-follows.ts', { size });
  const internal = await startScript('serve-follows.ts', {});
  const { contractFile, tokens } = await writeContract(folder);
  const start = async (name: string, limits: GuardScript['limits'] = {}): Promise<Monitor> => {
    const logDirectory = join(folder, name);
    const ports = { originPort: origin.port, internalPort: internal.port };
    const script: GuardScript = { contractFile, logDirectory, ...ports, mode: 'monitor', limits };
    return { server: await startScript('serve-guard.ts', script), logDirectory, p99s: [] };
  };
  const judging = await start('judging');
  const passing = await start('passing', { maxBacklogBodies: 0 });
  const requests = Array.from({ length: MEMBERS * PAGES }, (_, index) =>
    requestBytes((index * 7) % PAGES, tokens[index % MEMBERS] ?? ''),
  );
  const loadOn = async <T>({ server }: Monitor, run: (load: Load) => Promise<T>): Promise<T> => {
    const load = await Load.connect(server.port, CONNECTIONS, requests);
    const result = await run(load);
    load.close();
    return result;
  };
  try {
    await loadOn(passing, (load) => load.closedLoop(WARM_UP_MS));
    const full = await loadOn(judging, (load) => load.closedLoop(WARM_UP_MS));
    const atFullLoad = gapsIn(judging);
    const perSecond = (full.requests * 250) / full.tookMs;
    const before = loadavg()[0] ?? NaN;
    for (let round = 0; round < ROUNDS; round++) {
      for (const each of round % 2 === 0 ? [judging, passing] : [passing, judging]) {
        process.stderr.write(`guard: monitor, round ${round + 1} of ${ROUNDS}\n`);
        const latencies = await loadOn(each, (load) => load.openLoop(perSecond, STEADY_MS));
        each.p99s.push(latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? NaN);
      }
    }
    const gaps = gapsIn(judging) - atFullLoad;
    process.stderr.write(
      `guard: monitor: load of the machine before ${before.toFixed(2)}; responses not judged: ${gaps}, and ${atFullLoad} of ${full.requests} under full load\n`,
    );
    const ours = median(judging.p99s);
    const theirs = median(passing.p99s);
    const figure = `latency p99 in monitor at ${Math.round(perSecond)} requests/s, at most ${MOST} × without judging`;
    const goal = MOST * theirs;
    const peers = { 'without judging': theirs };
    return {
      bench: 'guard',
      case: size.name,
      figure,
      unit: 'ms',
      ours,
      peers,
      goal,
      holds: ours <= goal && gaps === 0,
    };
  } finally {
    await Promise.all([judging.server, passing.server, origin, internal].map((each) => each.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function gapsIn({ logDirectory }: Monitor): number {
  let gaps = 0;
  for (const frame of readLog(logDirectory))
    if ('payload' in frame && decodeRecord(frame.payload).type === 'gap') gaps++;
  return gaps;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
