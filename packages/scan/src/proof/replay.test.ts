import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { scan } from '../run/scan.ts';
import { type Releases, SOUND, startTinyApi, type TinyOptions } from '../testing/tiny-api.ts';
import { tinyIdentities, tinyOptions } from '../testing/scan-tiny.ts';
import { tinyContract } from '../testing/tiny-contract.ts';
import { FindingRecordSchema, Proof } from './proof.ts';
import { readProof } from './read-proof.ts';
import { type Replay, replay } from './replay.ts';

const OPEN: Partial<Releases> = { anonymous: SOUND.self, member: SOUND.self, 'member:private': SOUND.self };

async function portOf(options: TinyOptions): Promise<number> {
  const api = await startTinyApi(options);
  onTestFinished(() => api.close());
  return api.port;
}

async function proofOf(releases: Partial<Releases>): Promise<Proof> {
  const { proofs } = await scan(tinyOptions(await portOf({ releases })));
  const proof = proofs.find(({ finding }) => finding.check === 'missing-authentication');
  if (!proof) throw new Error('The open API has no proof.');
  return proof;
}

test.each<[string, Replay['verdict'], TinyOptions]>([
  ['as it was', 'open', { releases: OPEN }],
  ['closed to anonymous callers only', 'half fixed', { releases: { ...OPEN, anonymous: [] } }],
  ['sealed as the contract says', 'closed', {}],
  ['sealed for friends too', 'half fixed', { releases: { friend: SOUND['member:private'] } }],
  ['failing on every object', 'cannot tell', { user: () => ({ status: 500, body: {} }) }],
  ['without the member of the proof', 'cannot tell', { loginAs: { bo: 'alba' } }],
])('replayed against an API %s, a proof is %s', async (_title, verdict, options) => {
  const replayed = await replay(await proofOf(OPEN), tinyOptions(await portOf(options)));
  expect(replayed.verdict).toBe(verdict);
});

test('replayed against a server that is down, or without its identities, a proof cannot tell', async () => {
  const proof = await proofOf(OPEN);
  const down = await replay(proof, tinyOptions(1));
  expect([down.verdict, down.reason]).toEqual(['cannot tell', expect.stringContaining('did not respond')]);
  const fewer = await replay(proof, tinyOptions(1, { identities: tinyIdentities(['alba']) }));
  expect(fewer.reason).toContain('the identities file has no');
});

test('a proof is read back as it was written, and only with its own contract', async () => {
  const proof = await proofOf(OPEN);
  expect(readProof(JSON.stringify(proof), tinyContract())).toEqual(proof);
  const other = tinyContract((text) => text.replace('weight: { see: self', 'weight: { see: member'));
  expect(() => readProof(JSON.stringify(proof), other)).toThrow(
    expect.objectContaining({ code: 'LP-PROOF-INVALID' }) as Error,
  );
});

test.each(['', '{', '[]', '{"leakproof-proof":2}'])('%j is not a proof', (text) =>
  expect(() => readProof(text, tinyContract())).toThrow(expect.objectContaining({ code: 'LP-PROOF-INVALID' }) as Error),
);

test.each([
  ['proof', Proof],
  ['finding', FindingRecordSchema],
])('schema/%s.schema.json is the schema that it is read by', async (name, type) => {
  const schema = z.toJSONSchema(type, { io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`../../../../schema/${name}.schema.json`);
});
