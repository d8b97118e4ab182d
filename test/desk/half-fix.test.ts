import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeskConfig, openDesk, type Replayed, scanReplay } from '@leakproof/desk';
import { readResolve, scan, type ScanOptions } from '@leakproof/scan';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Cadence, startCadence } from '../support/cadence.ts';
import { identitiesFor } from '../support/identities.ts';
import { startTinyApi } from '../../packages/scan/src/testing/tiny-api.ts';
import { tinyIdentities, tinyOptions } from '../../packages/scan/src/testing/scan-tiny.ts';

/* The deploy of 2 February 2021 against the lab: proof, replay and desk are the real ones. */

let cadence: Cadence;
let options: ScanOptions;
beforeAll(async () => {
  cadence = await startCadence();
  const { contract } = cadence.file;
  options = {
    contract,
    operations: new Set(['GET /api/me', 'GET /api/user/{id}']),
    identities: identitiesFor(cadence.lab, ['sam', 'pia'], new Set(Object.keys(contract.states))),
    readSecret: () => Promise.reject(new Error('There are no external secrets.')),
    resolve: readResolve(
      ['api.us', 'api.uk', 'gql.us', 'gql.uk'].map((host) => `${host}.lab.test:80:127.0.0.1:${cadence.lab.port}`),
    ),
  };
});
afterAll(() => cadence.close());

test('a report with a proof is reproduced on arrival, half fixed after the silent deploy, and closed only when every server is sealed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-desk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const opened = await openDesk(DeskConfig.parse({ database: join(folder, 'desk.db') }), {
    scanOptions: () => Promise.resolve(options),
  });
  onTestFinished(() => opened.close());
  const { desk } = opened;
  const { proofs } = await scan(options);
  const proof = proofs.find(({ finding }) => finding.relation === 'anyone');
  const content = Buffer.from(JSON.stringify(proof));
  const submit = { report: { title: 'Any profile is open', text: 'See the proof.' }, channel: 'form' } as const;
  const { id } = await desk.submit({ ...submit, files: [{ name: 'proof.json', content }] });
  await desk.retests.idle();
  const last = async () =>
    (await desk.load(id)).events.flatMap(({ body }) => (body.kind === 'retest' ? [body] : [])).at(-1);
  expect(await last()).toMatchObject({ verdict: 'reproduced' });

  cadence.lab.setStage('members');
  await desk.retests.enqueueAll('deploy');
  await desk.retests.idle();
  expect(await last()).toMatchObject({
    verdict: 'half',
    trigger: 'deploy',
    why: expect.stringContaining('signed-in callers') as string,
  });
  await desk.staffDoes(id, 'ann', { do: 'write', text: 'It is fixed.' });
  for (const to of ['valid', 'accepted'] as const) await desk.staffDoes(id, 'ann', { do: 'judge', to, reason: 'r' });
  await desk.staffDoes(id, 'ann', { do: 'fact', fact: 'fix-ready', reason: 'r' });
  await desk.staffDoes(id, 'ann', { do: 'fact', fact: 'fix-deployed', reason: 'r' });
  await desk.retests.idle();
  await desk.staffDoes(id, 'ann', { do: 'breach', isBreach: true, reason: 'r', people: 200, records: 200 });
  await expect(desk.staffDoes(id, 'ann', { do: 'close', resolution: 'fixed', reason: 'r' })).rejects.toThrow(
    'half fixed',
  );

  cadence.lab.setStage('sealed');
  await desk.retests.enqueueAll('deploy');
  await desk.retests.idle();
  expect(await last()).toMatchObject({ verdict: 'not reproduced' });
  await desk.staffDoes(id, 'ann', { do: 'close', resolution: 'fixed', reason: 'r' });
  expect((await desk.load(id)).row.party).toBeNull();

  cadence.lab.setStage('open');
  await desk.retests.enqueueAll('schedule');
  await desk.retests.idle();
  expect((await desk.load(id)).row.party).toBe('us');
});

test('a proof against servers that are down is inconclusive, and says so', async () => {
  const down: ScanOptions = {
    ...options,
    resolve: readResolve(['api.us', 'api.uk', 'gql.us', 'gql.uk'].map((host) => `${host}.lab.test:80:127.0.0.1:1`)),
  };
  cadence.lab.setStage('open');
  const { proofs } = await scan(options);
  const replayed = await scanReplay(() => Promise.resolve(down))(JSON.stringify(proofs[0]), { maxRequests: 2_000 });
  expect(replayed).toMatchObject({ verdict: 'inconclusive' });
});

test.each([[['alba', 'bo'] as const], [['alba', 'bo', 'cato', 'dina'] as const]])(
  'a proof with the identities %s is reproduced on arrival with at most 20 requests',
  async (names) => {
    const api = await startTinyApi({ releases: { anonymous: ['id', 'weight'] } });
    onTestFinished(() => api.close());
    const tiny = tinyOptions(api.port, { identities: tinyIdentities(names) });
    const { proofs } = await scan(tiny);
    const replayed = await scanReplay(() => Promise.resolve(tiny))(JSON.stringify(proofs[0]), { maxRequests: 20 });
    expect(replayed).toMatchObject({
      verdict: 'reproduced',
      why: expect.stringContaining('Only its first attempt') as string,
    });
    const { requests } = replayed as Replayed;
    expect(requests).toBeGreaterThan(2);
    expect(requests).toBeLessThanOrEqual(20);
  },
);
