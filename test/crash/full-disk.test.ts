import { Agent } from 'node:http';
import { join } from 'node:path';
import { account } from '@leakproof/ledger';
import { afterAll, expect, test } from 'vitest';
import { afterMs, chance, KILLS } from './chance.ts';
import { askUntilGone, type Client, get } from './client.ts';
import { Ledger } from './client-ledger.ts';
import { compareWithLog } from './compare-with-log.ts';
import { type GuardChild, startGuardChild } from './guard-child.ts';
import { leaveRoom } from './narrow-disk.ts';
import { type Page, targetOf } from './people-origin.ts';
import { openStand } from './stand.ts';

/** Room for the facts of a few answers: the disk is full again within milliseconds. */
const LITTLE = 60_000;
const PLENTY = 10_000_000;

const stand = await openStand();
const { folder, contractFile, originPort, clients } = stand;
afterAll(() => stand.close());

test(
  `while the disk fills up, is full and has room again, ${KILLS} kills lose nothing and double nothing`,
  async () => {
    const directory = join(folder, 'log');
    const sizeFile = join(folder, 'disk-size');
    const start = (): Promise<GuardChild> =>
      startGuardChild({ contractFile, logDirectory: directory, originPort, log: 'sound', sizeFile });
    const ledger = new Ledger();
    const random = chance();
    const writers: string[] = [];
    const statuses: number[] = [];
    const note = (status: number): void => void statuses.push(status);
    const nextPage = (): Page => ({ from: 1 + random(5_000), count: 1 + random(30), pad: random(200) });
    for (let kill = 0; kill < KILLS; kill++) {
      leaveRoom(directory, sizeFile, random(LITTLE));
      const guard = await start();
      writers.push(guard.writer);
      const load = clients.map((client) => askUntilGone(client, guard.port, nextPage, ledger, note));
      const before = statuses.length;
      while (!statuses.includes(503, before)) await afterMs(5);
      for (let fillings = random(5); fillings > 0; fillings--) {
        await afterMs(random(100));
        leaveRoom(directory, sizeFile, random(LITTLE));
      }
      await afterMs(random(100));
      await guard.kill();
      await Promise.all(load);
    }
    expect(new Set(statuses)).toEqual(new Set([200, 503]));

    leaveRoom(directory, sizeFile, 0);
    const last = await start();
    const [client] = clients;
    if (!client) throw new Error('There is no client.');
    expect(await askOnce(client, last.port, ledger)).toBe(503);
    leaveRoom(directory, sizeFile, PLENTY);
    while ((await askOnce(client, last.port, ledger)) !== 200);
    await last.kill();

    expect(compareWithLog(directory, ledger).slice(0, 20)).toEqual([]);
    expect(new Set([...writers, last.writer])).toEqual(new Set(['w-0']));
    expect(account(directory).unread.factsNotRecorded).toBeGreaterThan(0);
  },
  60_000 + KILLS * 10_000,
);

async function askOnce(client: Client, port: number, ledger: Ledger): Promise<number> {
  const page: Page = { from: 1, count: 3 };
  const agent = new Agent();
  ledger.asks(client.sub, page);
  const answer = await get(agent, port, client.token, targetOf(page));
  ledger.receives(client.sub, answer);
  agent.destroy();
  return answer.status;
}
