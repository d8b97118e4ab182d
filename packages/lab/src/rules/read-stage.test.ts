import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLab } from '../lab.ts';
import { oracle } from '../oracle/oracle.ts';
import { openLabClient } from '../traffic/lab-client.ts';
import { STAGES } from './named-stages.ts';
import { SECURE, SETTING_VALUES } from './posture.ts';
import { parseStage, readStage } from './read-stage.ts';

test.each(STAGES)('the stage $name, written to a file and read, is the same stage', (stage) => {
  expect(parseStage(JSON.stringify(stage), 'mine.json')).toEqual(stage);
});

test('the first value of every setting is the secure one', () => {
  expect(Object.keys(SETTING_VALUES).sort()).toEqual(Object.keys(SECURE).sort());
  for (const [name, secure] of Object.entries(SECURE)) {
    if (typeof secure === 'string') expect(SETTING_VALUES[name as keyof typeof SECURE][0]).toBe(secure);
  }
});

test('a text that does not end in .json is the name of a stage', async () => {
  expect((await readStage('members')).name).toBe('members');
  await expect(readStage('shut')).rejects.toMatchObject({ code: 'LP-LAB-STAGE' });
});

test('the lab and its oracle follow a stage file, and are secure where it sets nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stage-'));
  const file = join(folder, 'towns.json');
  const own = {
    switches: [{ region: 'us', operations: ['GET /api/user/{id}'], set: { forgotten: ['User.location'] } }],
  };
  await writeFile(file, JSON.stringify(own));
  const stage = await readStage(file);
  const leaks = oracle({ stage }).filter(({ verdict }) => verdict === 'violation');
  expect(new Set(leaks.map(({ host, operation, field }) => `${host} ${operation} ${field}`))).toEqual(
    new Set(['api.us.lab.test GET /api/user/{id} location']),
  );
  const lab = await startLab({ members: 200, stage });
  const client = openLabClient(lab.port);
  const login = { method: 'POST', path: '/auth/login', body: { username_or_email: 'sam', password: 'ride-sam' } };
  const { token } = (await client.send('api.us.lab.test', login)).body as { readonly token: string };
  const seen = await client.send(
    'api.us.lab.test',
    { method: 'GET', path: '/api/user/pia' },
    { authorization: `Bearer ${token}` },
  );
  expect(seen.body).toMatchObject({ username: 'pia', location: expect.stringMatching(/^Town-/) as string });
  expect(seen.body).not.toHaveProperty('total_workouts');
  client.close();
  await lab.close();
  await rm(folder, { recursive: true });
});
