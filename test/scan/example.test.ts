import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContractFile } from '@leakproof/cli';
import { readIdentities } from '@leakproof/scan';
import { expect, test } from 'vitest';
import { CONTRACT } from '../support/cadence.ts';

test('the identities file of the example is valid for its contract', async () => {
  const { contract } = await loadContractFile(CONTRACT);
  const text = readFileSync(join(CONTRACT, '..', 'identities.yaml'), 'utf8');
  expect(readIdentities(text, contract).identities.map(({ name }) => name)).toContain('pia');
});
