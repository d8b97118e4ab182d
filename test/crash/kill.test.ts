import { Agent } from 'node:http';
import { join } from 'node:path';
import { account } from '@leakproof/ledger';
import { afterAll, expect, test } from 'vitest';
import { afterMs, chance, KILLS } from './chance.ts';
import { askUntilGone, get, readFirstBytes } from './client.ts';
import { Ledger } from './client-ledger.ts';
import { compareWithLog } from './compare-with-log.ts';
import { type ChildOptions, startGuardChild } from './guard-child.ts';
import { type Page, targetOf } from './people-origin.ts';
import { openStand } from './stand.ts';

/** Ids of the readers that stand still are above those of everybody else. */
const STUCK = 1_000_000;
/** More than the buffers between two sockets take, so that a client that does not read holds its response open. */
const HELD: Page = { from: 1, count: 80, pad: 200_000 };

const stand = await openStand();
const { folder, contractFile, originPort, clients, clientOf } = stand;
afterAll(() => stand.close());

interface Course {
  readonly directory: string;
  readonly ledger: Ledger;
  /** The writer directory of each life of the guard. */
  readonly writers: readonly string[];
  readonly statuses: readonly number[];
}

/** Lets the guard serve on one log, under load, until it has been killed `kills` times. */
async function runUntilKilled(kills: number, log: ChildOptions['log']): Promise<Course> {
  const directory = join(folder, log);
  const ledger = new Ledger();
  const random = chance();
  const writers: string[] = [];
  const statuses: number[] = [];
  const nextPage = (): Page => ({ from: 1 + random(5_000), count: 1 + random(100), pad: random(200) });
  for (let kill = 0; kill < kills; kill++) {
    const guard = await startGuardChild({ contractFile, logDirectory: directory, originPort, log });
    writers.push(guard.writer);
    const note = (status: number): void => void statuses.push(status);
    const load = clients.map((client) => askUntilGone(client, guard.port, nextPage, ledger, note));
    const held = await readFirstBytes(await clientOf(STUCK + kill), guard.port, HELD, ledger);
    await afterMs(random(300));
    await guard.kill();
    await Promise.all(load);
    held.destroy();
  }
  return { directory, ledger, writers, statuses };
}

test(
  `what clients received before any of ${KILLS} kills is in the log, once, and each restart goes on with it`,
  async () => {
    const { directory, ledger, writers, statuses } = await runUntilKilled(KILLS, 'sound');
    expect(compareWithLog(directory, ledger).slice(0, 20)).toEqual([]);
    expect(new Set(writers)).toEqual(new Set(['w-0']));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(statuses.length).toBeGreaterThan(KILLS);

    const { principals } = account(directory);
    const held = principals.filter(({ principal }) => Number(principal.token) >= STUCK);
    expect(held.map(({ responses }) => responses)).toEqual(
      Array.from({ length: KILLS }, () => ({ complete: 0, cutOff: 0, unfinished: 1 })),
    );
    for (const { fields } of held) for (const { seen, uncertain } of fields) expect(uncertain).toEqual(seen);
  },
  60_000 + KILLS * 10_000,
);

test.each([
  ['forgetful', /received .* and the log has it not/],
  ['doubling', /twice in one response|a second end/],
] as const)('is able to fail: a %s log is found out', async (log, fault) => {
  const { directory, ledger } = await runUntilKilled(2, log);
  expect(compareWithLog(directory, ledger).filter((each) => fault.test(each))).not.toEqual([]);
});

test('where no file may grow, what does not fit is refused with 503, and nothing of it released', async () => {
  const directory = join(folder, 'full');
  const ledger = new Ledger();
  const options = { contractFile, logDirectory: directory, originPort, log: 'sound' } as const;
  const guard = await startGuardChild(options, 16);
  const [client] = clients;
  if (!client) throw new Error('There is no client.');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (page: Page): Promise<number> => {
    ledger.asks(client.sub, page);
    const answer = await get(agent, guard.port, client.token, targetOf(page));
    ledger.receives(client.sub, answer);
    return answer.status;
  };
  const statuses: number[] = [];
  for (let from = 1; !statuses.includes(200) || !statuses.includes(503); from += 3) {
    statuses.push(await ask({ from, count: 3 }), await ask({ from: 10_000, count: 2_000 }));
  }
  while ((await ask({ from: 30_000, count: 3 })) !== 200);
  await guard.kill();
  agent.destroy();

  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect(compareWithLog(directory, ledger)).toEqual([]);
  expect(ledger.clients.get(client.sub)?.received.get('id')).not.toContain('10000');
  expect(account(directory).unread.factsNotRecorded).toBeGreaterThan(0);
});
