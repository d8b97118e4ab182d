import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContractFile } from './contract-file.ts';
import { followKeyFiles } from './key-files.ts';
import { afterEach, expect, test, vi } from 'vitest';

const folders: string[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const CONTRACT = `
leakproof: 1
api: { servers: { us: { rest: 'http://api.test' } } }
owners: { person: { subject: true } }
principals:
  partner: { api-key: { in: header, name: x-api-key, secret: { env: KEY_SECRET }, keys: ./keys.yaml }, ids: person }
resources: { Ride: { owner: none, see: anyone, fields: { id: anyone } } }
operations: { GET /rides: { by: anyone, returns: [ Ride ] } }
`;
const line = (digit: string, id: string): string => `- { digest: ${digit.repeat(64)}, id: '${id}' }\n`;

/** The ids of the keys that are known after each text of the file, and what was said. */
async function followed(...texts: readonly string[]): Promise<{ known: unknown[]; said: string[]; isSame: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-keys-'));
  folders.push(folder);
  writeFileSync(join(folder, 'keys.yaml'), line('a', '1') + line('b', '2'));
  writeFileSync(join(folder, 'contract.yaml'), CONTRACT);
  const { contract } = await loadContractFile(join(folder, 'contract.yaml'));
  const by = contract.principals[0]?.by;
  if (by?.how !== 'api-key') throw new Error('The contract has no API keys.');
  const said: string[] = [];
  const files = followKeyFiles(contract, join(folder, 'contract.yaml'), (text) => said.push(text));
  const known: unknown[] = [];
  for (const text of texts) {
    if (text === 'absent') rmSync(join(folder, 'keys.yaml'));
    else writeFileSync(join(folder, 'keys.yaml'), text);
    await files.reread();
    known.push(files.keysOf(by).map(({ claims }) => claims.id));
  }
  files.close();
  return { known, said, isSame: files.keysOf(by) === by.keys };
}

test('a key that is removed from its file is no longer known, also if it was the last', async () => {
  const { known, said } = await followed(line('b', '2'), '[]');
  expect(known).toEqual([['2'], []]);
  expect(said).toEqual([
    './keys.yaml has changed: 1 API key is known.',
    './keys.yaml has changed: 0 API keys are known.',
  ]);
});

test('an unchanged file, or one that differs only in its comments, leaves the keys as they are', async () => {
  const { said, isSame } = await followed(`# of today\n${line('a', '1')}${line('b', '2')}`);
  expect([said, isSame]).toEqual([[], true]);
});

test.each([['absent'], ['- {'], ['- { digest: abc, id: 1 }'], [line('a', '1') + line('a', '7')], ['']])(
  'a file that holds no list of keys changes nothing, and is reported once: %j',
  async (text) => {
    const { known, said } = await followed(text, text === 'absent' ? '- {' : text, line('b', '2'));
    expect(known).toEqual([['1', '2'], ['1', '2'], ['2']]);
    expect(said).toEqual([
      expect.stringContaining('The keys of before remain valid'),
      './keys.yaml can be read again.',
      './keys.yaml has changed: 1 API key is known.',
    ]);
    expect(said.join('')).not.toContain('abc');
  },
);

test('files are read again by themselves, within a minute of a change', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-keys-'));
  folders.push(folder);
  writeFileSync(join(folder, 'keys.yaml'), line('a', '1'));
  writeFileSync(join(folder, 'contract.yaml'), CONTRACT);
  const { contract } = await loadContractFile(join(folder, 'contract.yaml'));
  const said: string[] = [];
  const files = followKeyFiles(contract, join(folder, 'contract.yaml'), (text) => said.push(text));
  writeFileSync(join(folder, 'keys.yaml'), line('b', '2'));
  vi.advanceTimersByTime(59_000);
  await vi.waitFor(() => expect(said).toEqual(['./keys.yaml has changed: 1 API key is known.']), 5_000);
  files.close();
});
