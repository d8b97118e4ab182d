import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { contractDigest } from './contract-digest.ts';

test('the digest is the SHA-256 of the compiled JSON, two hexadecimal digits for each byte', () => {
  const contract = contractFrom('operations: { GET /a: { by: anyone } }');
  const expected = createHash('sha256').update(JSON.stringify(contract)).digest('hex');
  expect(contractDigest(contract, (bytes) => createHash('sha256').update(bytes).digest())).toBe(expected);
  expect(contractDigest(contract, () => Uint8Array.of(0, 10, 255))).toBe('000aff');
});
