import { expect, test } from 'vitest';
import { proofOf } from '../testing/test-desk.ts';
import { UNSEEN } from './replay-proof.ts';
import { scanReplay } from './scan-replay.ts';

test('a proof of another contract, or text that is none, needs a person, and sends nothing', async () => {
  const replay = scanReplay(() =>
    Promise.resolve({ contract: { operations: [] }, identities: { identities: [] } } as never),
  );
  expect(await replay(proofOf('f'), UNSEEN)).toEqual({
    needsPerson: expect.stringContaining('another contract') as string,
  });
  expect(await replay('{', UNSEEN)).toEqual({ needsPerson: 'It is not JSON.' });
});
