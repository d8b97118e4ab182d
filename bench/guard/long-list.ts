/** A list of small objects, a gigabyte of them, through the guard and through nginx: how much memory each of them grows by. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../shared/row.ts';
import { debianPeers } from './install-peers.ts';
import { Connection } from './load.ts';
import { startNginxProxy } from './nginx.ts';
import type { GuardScript } from './serve-guard.ts';
import { type Serving, startScript } from './serving.ts';
import { getHead, writeContract } from './subjects.ts';

/** LEAKPROOF_LIST_BYTES makes it shorter, for trying things out. */
const LIST_BYTES = Number(process.env['LEAKPROOF_LIST_BYTES'] ?? 1e9);
/** So much fills the engine's nursery and every pool; from then on memory has to stay where it is. */
const WARM_UP_BYTES = 20e6;
const SAMPLE_EVERY_MS = 25;
const GOAL_MIB = 64;

export async function longListRow(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
  const running: Serving[] = [];
  const start = async (starting: Promise<Serving>): Promise<Serving> => {
    const serving = await starting;
    running.push(serving);
    return serving;
  };
  try {
    const origin = await start(startScript('serve-long-list.ts', {}));
    const internal = await start(startScript('serve-follows.ts', {}));
    const { contractFile, tokens } = await writeContract(folder);
    const logDirectory = join(folder, 'log');
    const ours: GuardScript = { contractFile, logDirectory, originPort: origin.port, internalPort: internal.port };
    const guard = await start(startScript('serve-guard.ts', ours));
    const root = debianPeers();
    const nginx = root && (await start(startNginxProxy(root, folder, origin.port)));
    const token = tokens[0] ?? '';
    const mib = await growthOf(guard, token);
    return {
      bench: 'guard',
      case: `list of ${LIST_BYTES / 1e9} GB, objects of 300 bytes`,
      figure: `growth of resident memory after the first 20 MB, at most ${GOAL_MIB} MiB`,
      unit: 'MiB',
      ours: mib,
      peers: nginx ? { nginx: await growthOf(nginx, token) } : {},
      goal: GOAL_MIB,
      holds: mib < GOAL_MIB,
    };
  } finally {
    await Promise.all(running.map((each) => each.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function growthOf(serving: Serving, token: string): Promise<number> {
  const connection = await Connection.open(serving.port);
  const ask = (bytes: number): Promise<number> => connection.ask(getHead(bytes, token));
  await ask(WARM_UP_BYTES);
  const idle = serving.residentBytes();
  let most = idle;
  const sampling = setInterval(() => (most = Math.max(most, serving.residentBytes())), SAMPLE_EVERY_MS);
  const received = await ask(LIST_BYTES);
  clearInterval(sampling);
  connection.close();
  if (received < LIST_BYTES / 2) throw new Error(`Of the list only ${received} bytes arrived.`);
  return Math.round((most - idle) / 2 ** 20);
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await longListRow())}\n`);
