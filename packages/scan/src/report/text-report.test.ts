import { expect, test } from 'vitest';
import { PEOPLE, SOUND } from '../testing/tiny-api.ts';
import { scanTiny, tinyOptions } from '../testing/scan-tiny.ts';
import { replay } from '../proof/replay.ts';
import { replayReport } from './replay-report.ts';
import { textReport } from './text-report.ts';

const bare = (_style: unknown, text: string): string => text;

test('a report lists what was not tested before the findings, and shows the ladder', async () => {
  const result = await scanTiny({
    releases: { anonymous: ['id', 'name'], 'member:private': SOUND.member, friend: SOUND['member:private'] },
    user: ({ caller, owner, released }) =>
      caller === 'alba' && owner === PEOPLE.cato ? { body: { ...released, weight: 1 } } : undefined,
  });
  await expect(textReport({ ...result, seconds: 0.1 }, bare)).toMatchFileSnapshot('text-report.golden.txt');
});

test('a replay report lists which callers still get which fields by which operation', async () => {
  const { proofs } = await scanTiny({ releases: { anonymous: SOUND.member, 'member:private': SOUND.member } });
  const [proof] = proofs;
  const { api } = await scanTiny({ releases: { 'member:private': SOUND.member } });
  if (!proof) throw new Error('Nothing was proven.');
  const replayed = await replay(proof, tinyOptions(api.port));
  await expect(replayReport({ ...replayed, seconds: 0.1 }, bare)).toMatchFileSnapshot('replay-report.golden.txt');
});
