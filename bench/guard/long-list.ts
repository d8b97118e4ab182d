/** The growth of memory of the guard and of nginx while a list of a gigabyte passes through. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../shared/row.ts';
import { debianPeers } from './install-peers.ts';
import { Connection } from './load.ts';
import { startNginxProxy } from './nginx.ts';
import type { GuardScript } from './serve-guard.ts';
import { type ServerProcess, startScript } from './server-process.ts';
import { requestBytes, writeContract } from './bench-setup.ts';

/** LEAKPROOF_LIST_BYTES makes it shorter for trials. */
const LIST_BYTES = Number(process.env['LEAKPROOF_LIST_BYTES'] ?? 1e9);
/** Enough to fill the young generation and every pool; after that, memory must not grow. */
const WARM_UP_BYTES = 20e6;
const SAMPLE_EVERY_MS = 25;
const GOAL_MIB = 64;

export async function longListRow(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
  const running: ServerProcess[] = [];
  const start = async (starting: Promise<ServerProcess>): Promise<ServerProcess> => {
    const server = await starting;
    running.push(server);
    return server;
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

async function growthOf(server: ServerProcess, token: string): Promise<number> {
  const connection = await Connection.open(server.port);
  const ask = (bytes: number): Promise<number> => connection.request(requestBytes(bytes, token));
  await ask(WARM_UP_BYTES);
  const idle = server.residentBytes();
  let most = idle;
  const sampling = setInterval(() => (most = Math.max(most, server.residentBytes())), SAMPLE_EVERY_MS);
  const received = await ask(LIST_BYTES);
  clearInterval(sampling);
  connection.close();
  if (received < LIST_BYTES / 2) throw new Error(`Only ${received} bytes of the list were received.`);
  return Math.round((most - idle) / 2 ** 20);
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await longListRow())}\n`);
