import { Agent } from 'node:http';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { account } from '@leakproof/ledger';
import { afterAll, expect, test } from 'vitest';
import { afterMs, chance, KILLS } from './chance.ts';
import { readFirstBytes, requestPage, requestUntilGone } from './client.ts';
import { ClientLogs } from './client-logs.ts';
import { compareWithLog } from './compare-with-log.ts';
import { startCrashSetup } from './crash-setup.ts';
import { type ChildOptions, startGuardChild } from './guard-child.ts';
import type { Page } from './people-origin.ts';

/** Ids of the clients that stop reading are above those of all others. */
const FIRST_STOPPED_ID = 1_000_000;
/** More than the buffers between two sockets take, so that a client that does not read keeps its response open. */
const LARGE: Page = { from: 1, count: 80, pad: 200_000 };

const setup = await startCrashSetup();
const { folder, contractFile, originPort, clients, clientOf } = setup;
afterAll(() => setup.close());

interface Course {
  readonly directory: string;
  readonly logs: ClientLogs;
  /** The writer directory of each guard process. */
  readonly writers: readonly string[];
  readonly statuses: readonly number[];
}

/** Runs guards with the same log, one after the other, under load, and kills each. */
async function runUntilKilled(kills: number, log: ChildOptions['log']): Promise<Course> {
  const directory = join(folder, log);
  const logs = new ClientLogs();
  const random = chance();
  const writers: string[] = [];
  const statuses: number[] = [];
  const onResponse = (status: number): void => void statuses.push(status);
  const nextPage = (): Page => ({ from: 1 + random(5_000), count: 1 + random(100), pad: random(200) });
  for (let kill = 0; kill < kills; kill++) {
    const guard = await startGuardChild({ contractFile, logDirectory: directory, originPort, log });
    writers.push(guard.writer);
    const { port } = guard;
    const load = clients.map((client) => requestUntilGone({ client, port, logs }, nextPage, onResponse));
    const stopped = await readFirstBytes({ client: await clientOf(FIRST_STOPPED_ID + kill), port, logs }, LARGE);
    await afterMs(random(300));
    await guard.kill();
    await Promise.all(load);
    stopped.destroy();
  }
  return { directory, logs, writers, statuses };
}

function filesIn(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(directory, name)).filter((file) => statSync(file).isFile());
}

test(
  `what clients received before each of ${KILLS} kills is recorded, once, and each restart continues the log`,
  async () => {
    const { directory, logs, writers, statuses } = await runUntilKilled(KILLS, 'sound');
    expect(compareWithLog(directory, logs).slice(0, 20)).toEqual([]);
    expect(new Set(writers)).toEqual(new Set(['w-0']));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(statuses.length).toBeGreaterThan(KILLS);

    const { principals } = account(directory);
    const stopped = principals.filter(({ principal }) => Number(principal.token) >= FIRST_STOPPED_ID);
    expect(stopped.map(({ responses }) => responses)).toEqual(
      Array.from({ length: KILLS }, () => ({ complete: 0, cutOff: 0, unfinished: 1 })),
    );
    expect(
      filesIn(directory).filter((file) => /(?:key|email|city|password)-of-/.test(readFileSync(file, 'latin1'))),
    ).toEqual([]);
    for (const { fields } of stopped) for (const { seen, uncertain } of fields) expect(uncertain).toEqual(seen);
  },
  60_000 + KILLS * 10_000,
);

test.each([
  ['forgetful', /received .* which is not recorded/],
  ['repeating', /twice in one response|a second end/],
] as const)('the comparison can fail: a %s log is found', async (log, fault) => {
  const { directory, logs } = await runUntilKilled(2, log);
  expect(compareWithLog(directory, logs).filter((each) => fault.test(each))).not.toEqual([]);
});

test('where no file may grow, what does not fit is refused with 503, and nothing of it is released', async () => {
  const directory = join(folder, 'full');
  const logs = new ClientLogs();
  const options = { contractFile, logDirectory: directory, originPort, log: 'sound' } as const;
  const guard = await startGuardChild(options, 16);
  const [client] = clients;
  if (!client) throw new Error('There is no client.');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statusOf = async (page: Page): Promise<number> =>
    (await requestPage({ client, port: guard.port, logs }, page, agent)).status;
  const statuses: number[] = [];
  for (let from = 1; !statuses.includes(200) || !statuses.includes(503); from += 3) {
    statuses.push(await statusOf({ from, count: 3 }), await statusOf({ from: 10_000, count: 2_000 }));
  }
  while ((await statusOf({ from: 30_000, count: 3 })) !== 200);
  await guard.kill();
  agent.destroy();

  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect(compareWithLog(directory, logs)).toEqual([]);
  expect(logs.clients.get(client.sub)?.received.get('id')).not.toContain('10000');
  expect(account(directory).unread.factsNotRecorded).toBeGreaterThan(0);
});
