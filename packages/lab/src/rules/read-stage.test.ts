import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLab } from '../lab.ts';
import { oracle } from '../oracle/oracle.ts';
import { openVisitor } from '../traffic/visitor.ts';
import { STAGES } from './drifts.ts';
import { SOUND, SWITCH_VALUES } from './posture.ts';
import { parseStage, readStage } from './read-stage.ts';

test.each(STAGES)('the stage $name, written into a file, is the same stage', (stage) => {
  expect(parseStage(JSON.stringify(stage), 'mine.json')).toEqual(stage);
});

test('every switch has sides, the sound one first', () => {
  expect(Object.keys(SWITCH_VALUES).sort()).toEqual(Object.keys(SOUND).sort());
  for (const [name, sound] of Object.entries(SOUND)) {
    if (typeof sound === 'string') expect(SWITCH_VALUES[name as keyof typeof SOUND][0]).toBe(sound);
  }
});

test('words that do not end in .json name a stage of the lab', async () => {
  expect((await readStage('members')).name).toBe('members');
  await expect(readStage('shut')).rejects.toMatchObject({ code: 'LP-LAB-STAGE' });
});

test('the lab and its oracle both stand as the file says, and sound where it says nothing', async () => {
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
  const visitor = openVisitor(lab.port);
  const login = { method: 'POST', path: '/auth/login', body: { username_or_email: 'sam', password: 'ride-sam' } };
  const { token } = (await visitor.ask('api.us.lab.test', login)).body as { readonly token: string };
  const seen = await visitor.ask(
    'api.us.lab.test',
    { method: 'GET', path: '/api/user/pia' },
    { authorization: `Bearer ${token}` },
  );
  expect(seen.body).toMatchObject({ username: 'pia', location: expect.stringMatching(/^Town-/) as string });
  expect(seen.body).not.toHaveProperty('total_workouts');
  visitor.close();
  await lab.close();
  await rm(folder, { recursive: true });
});
