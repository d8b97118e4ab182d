import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadContractOrThrow } from '../compile/load-contract.ts';
import { showPlain } from './show.ts';

test('a contract reads as sentences somebody who answers for privacy can approve', async () => {
  const file = resolve(import.meta.dirname, '../../../cases/fitness-profile.yaml');
  const contract = loadContractOrThrow(file, (path) => ({ file: path, text: readFileSync(path, 'utf8') }));
  await expect(showPlain(contract)).toMatchFileSnapshot('show.golden.md');
});

test('undecided rules are listed with their reasons, and shown as the strictest they could be', async () => {
  const file = resolve(import.meta.dirname, '../../../cases/undecided.yaml');
  const contract = loadContractOrThrow(file, (path) => ({ file: path, text: readFileSync(path, 'utf8') }));
  await expect(showPlain(contract)).toMatchFileSnapshot('show-undecided.golden.md');
});
