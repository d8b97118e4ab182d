import { Agent } from 'node:http';
import { join } from 'node:path';
import { account } from '@leakproof/ledger';
import { afterAll, expect, test } from 'vitest';
import { afterMs, chance, KILLS } from './chance.ts';
import { type Client, requestPage, requestUntilGone } from './client.ts';
import { ClientLogs } from './client-logs.ts';
import { compareWithLog } from './compare-with-log.ts';
import { startCrashSetup } from './crash-setup.ts';
import { type GuardChild, startGuardChild } from './guard-child.ts';
import { setFreeBytes } from './limited-disk.ts';
import type { Page } from './people-origin.ts';

/** Space for the facts of a few responses: the disk is full again within milliseconds. */
const LITTLE = 60_000;
const PLENTY = 10_000_000;

const setup = await startCrashSetup();
const { folder, contractFile, originPort, clients } = setup;
afterAll(() => setup.close());

test(
  `while the disk fills up, is full and has space again, ${KILLS} kills lose nothing and repeat nothing`,
  async () => {
    const directory = join(folder, 'log');
    const sizeFile = join(folder, 'disk-size');
    const start = (): Promise<GuardChild> =>
      startGuardChild({ contractFile, logDirectory: directory, originPort, log: 'sound', sizeFile });
    const logs = new ClientLogs();
    const random = chance();
    const writers: string[] = [];
    const statuses: number[] = [];
    const onResponse = (status: number): void => void statuses.push(status);
    const nextPage = (): Page => ({ from: 1 + random(5_000), count: 1 + random(30), pad: random(200) });
    for (let kill = 0; kill < KILLS; kill++) {
      setFreeBytes(directory, sizeFile, random(LITTLE));
      const guard = await start();
      writers.push(guard.writer);
      const load = clients.map((client) => requestUntilGone({ client, port: guard.port, logs }, nextPage, onResponse));
      const before = statuses.length;
      while (!statuses.includes(503, before)) await afterMs(5);
      for (let fillings = random(5); fillings > 0; fillings--) {
        await afterMs(random(100));
        setFreeBytes(directory, sizeFile, random(LITTLE));
      }
      await afterMs(random(100));
      await guard.kill();
      await Promise.all(load);
    }
    expect(new Set(statuses)).toEqual(new Set([200, 503]));

    setFreeBytes(directory, sizeFile, 0);
    const last = await start();
    const [client] = clients;
    if (!client) throw new Error('There is no client.');
    expect(await requestOnce(client, last.port, logs)).toBe(503);
    setFreeBytes(directory, sizeFile, PLENTY);
    while ((await requestOnce(client, last.port, logs)) !== 200);
    await last.kill();

    expect(compareWithLog(directory, logs).slice(0, 20)).toEqual([]);
    expect(new Set([...writers, last.writer])).toEqual(new Set(['w-0']));
    expect(account(directory).unread.factsNotRecorded).toBeGreaterThan(0);
  },
  60_000 + KILLS * 10_000,
);

async function requestOnce(client: Client, port: number, logs: ClientLogs): Promise<number> {
  const agent = new Agent();
  const { status } = await requestPage({ client, port, logs }, { from: 1, count: 3 }, agent);
  agent.destroy();
  return status;
}
