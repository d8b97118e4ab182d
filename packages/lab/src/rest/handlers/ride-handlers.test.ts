import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../lab.ts';
import { openLabClient, type LabClient } from '../../traffic/lab-client.ts';
import { logInCast, type CastDirectory } from '../../traffic/cast-directory.ts';

interface LeaderboardRow {
  readonly rank: number;
  readonly user?: { readonly username: string; readonly age_range?: string; readonly gender?: string } | null;
}

let lab: Lab;
let client: LabClient;
let directory: CastDirectory;
beforeAll(async () => {
  lab = await startLab({ members: 200 });
  client = openLabClient(lab.port);
  directory = await logInCast(lab, client);
});
afterAll(async () => {
  client.close();
  await lab.close();
});

async function board(viewer: string, filter?: string): Promise<readonly LeaderboardRow[]> {
  const path = `/api/ride/${directory.fixtures.us.classId}/leaderboard?limit=100${filter === undefined ? '' : `&filter=${filter}`}`;
  const { body } = await client.send('api.us.lab.test', { method: 'GET', path }, directory.credentialsOf(viewer));
  return (body as { readonly data: readonly LeaderboardRow[] }).data;
}
const namesOn = (rows: readonly LeaderboardRow[]): (string | undefined)[] => rows.map(({ user }) => user?.username);
const US = (): string[] => [...directory.tokens.keys()].filter((name) => !name.endsWith('_uk') && name !== 'sid');

describe('the filters of a leaderboard', () => {
  test('keep rows unchanged, with their ranks', async () => {
    lab.setStage('sealed');
    for (const viewer of US()) {
      const whole = await board(viewer);
      for (const filter of ['just_me', 'following', 'age_and_gender']) {
        for (const row of await board(viewer, filter)) expect(whole).toContainEqual(row);
      }
    }
  });

  test('select the caller, the members they follow, or those of the same age and gender', async () => {
    lab.setStage('sealed');
    expect(namesOn(await board('pia', 'just_me'))).toEqual(['pia']);
    expect(namesOn(await board('sam', 'just_me'))).toEqual([]);
    expect(new Set(namesOn(await board('fay', 'following')))).toEqual(new Set(['hida', 'hugo', 'olga', 'pia', 'vip']));
    expect(namesOn(await board('sam', 'following'))).toEqual([]);
    const [me] = await board('carl', 'just_me');
    const sameGroup = await board('carl', 'age_and_gender');
    expect(sameGroup.length).toBeGreaterThan(0);
    for (const { user } of sameGroup) {
      expect([user?.age_range, user?.gender]).toEqual([me?.user?.age_range, me?.user?.gender]);
    }
  });

  test('do not disclose the age of a rider who hides it, except in the stage members', async () => {
    const found = async (): Promise<number> => {
      const others = US().filter((name) => name !== 'hugo' && name !== 'vip');
      const boards = await Promise.all(others.map((viewer) => board(viewer, 'age_and_gender')));
      return boards.flatMap(namesOn).filter((name) => name === 'hugo' || name === 'vip').length;
    };
    lab.setStage('sealed');
    expect(await found()).toBe(0);
    lab.setStage('members');
    expect(await found()).toBeGreaterThan(0);
  });

  test('are empty for an anonymous caller; an unknown filter is rejected', async () => {
    lab.setStage('open');
    for (const filter of ['just_me', 'following', 'age_and_gender']) {
      expect(await board('anonymous', filter)).toEqual([]);
    }
    const path = `/api/ride/${directory.fixtures.us.classId}/leaderboard?filter=everybody`;
    const response = await client.send('api.us.lab.test', { method: 'GET', path });
    expect(response).toMatchObject({ status: 400, body: { error_code: 'BAD_FILTER' } });
  });
});

test('both search operations return the same, and a list of workouts can be sorted and limited to a time span', async () => {
  lab.setStage('sealed');
  const ask = async (path: string): Promise<readonly { readonly id: string; readonly created_at: number }[]> => {
    const { body } = await client.send('api.us.lab.test', { method: 'GET', path }, directory.credentialsOf('sam'));
    return (body as { readonly data: readonly { readonly id: string; readonly created_at: number }[] }).data;
  };
  const found = await ask('/api/user/search?user_query=ol&limit=5');
  expect(found.length).toBeGreaterThan(0);
  expect(await ask('/api/user/search/ol?limit=5')).toEqual(found);
  const latest = await ask('/api/user/olga/workouts');
  expect(await ask('/api/user/olga/workouts?sort_by=created_at')).toEqual([...latest].reverse());
  const [first, second] = latest;
  expect(await ask(`/api/user/olga/workouts?from=${first?.created_at}`)).toEqual([first]);
  expect((await ask(`/api/user/olga/workouts?to=${first?.created_at}`))[0]).toEqual(second);
});
