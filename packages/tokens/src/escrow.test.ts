import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  createEscrowKey,
  type EscrowEntry,
  eraseFromEscrow,
  openEscrow,
  readEscrow,
  readEscrowKey,
  tokenizer,
  tokenKey,
} from './index.ts';

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-escrow-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

const person = (id: string) => ({ kind: 'person', space: 'us', id });

function filled(files: { readonly second?: boolean } = {}): {
  readonly directory: string;
  readonly keys: { readonly file: string; readonly secondFile?: string };
  readonly tokens: Readonly<Record<string, string>>;
} {
  const base = folder();
  const directory = join(base, 'escrow');
  const keys = { file: join(base, 'key'), ...(files.second ? { secondFile: join(base, 'second') } : {}) };
  createEscrowKey(directory, keys);
  const escrow = openEscrow(directory);
  const tokenize = tokenizer(Buffer.alloc(32, 7), (owner, token) => escrow.add(owner, token));
  const tokens = Object.fromEntries(['alice-id', 'bob-id', 'carol-id'].map((id) => [id, tokenize(person(id))]));
  tokenize(person('alice-id'));
  escrow.close();
  return { directory, keys, tokens };
}

function opened(directory: string, keys: Parameters<typeof readEscrowKey>[1]): readonly EscrowEntry[] {
  return [...readEscrow(directory, readEscrowKey(directory, keys), () => undefined)];
}

test('the private key turns each token back into its id; nothing else does', () => {
  const { directory, keys, tokens } = filled();
  expect(opened(directory, keys)).toEqual(
    ['alice-id', 'bob-id', 'carol-id'].map((id) => ({ token: tokens[id], owner: person(id) })),
  );
  const written = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'));
  expect(written.join('')).not.toContain('alice');
  const other = filled();
  expect(() => readEscrowKey(directory, other.keys)).toThrow(expect.objectContaining({ code: 'LP-ESCROW-KEY' }));
});

test('with a second key file, neither file opens it alone', () => {
  const { directory, keys } = filled({ second: true });
  expect(opened(directory, keys)).toHaveLength(3);
  for (const file of [keys.file, keys.secondFile ?? ''])
    expect(() => readEscrowKey(directory, { file })).toThrow(expect.objectContaining({ code: 'LP-ESCROW-KEY' }));
});

test('a person is erased without the private key, and the others stay', () => {
  const { directory, keys, tokens } = filled();
  expect(eraseFromEscrow(directory, new Set([tokens['bob-id'] ?? '']))).toBe(1);
  expect(opened(directory, keys).map(({ owner }) => owner.id)).toEqual(['alice-id', 'carol-id']);
});

test('a changed entry is passed over with its place, and a torn end is ignored', () => {
  const { directory, keys } = filled();
  const name = readdirSync(directory).find((each) => each.endsWith('.escrow')) ?? '';
  const bytes = readFileSync(join(directory, name));
  bytes[70] = (bytes[70] ?? 0) ^ 1;
  writeFileSync(join(directory, name), bytes.subarray(0, -3));
  const damaged: number[] = [];
  const entries = [...readEscrow(directory, readEscrowKey(directory, keys), ({ offset }) => damaged.push(offset))];
  expect([entries.map(({ owner }) => owner.id), damaged]).toEqual([['bob-id'], [40]]);
});

test('a key is never overwritten, and is readable by its owner only', () => {
  const { directory, keys } = filled();
  expect(() => createEscrowKey(directory, keys)).toThrow(expect.objectContaining({ code: 'LP-ESCROW-KEY' }));
  expect(statSync(keys.file).mode & 0o777).toBe(0o600);
});

test('the key of the tokens is never inside the folder of the data', () => {
  const data = folder();
  expect(() => tokenKey(join(data, 'leakproof.key'), data)).toThrow(expect.objectContaining({ code: 'LP-TOKEN-KEY' }));
  expect(existsSync(join(data, 'leakproof.key'))).toBe(false);
  expect(tokenKey(join(folder(), 'leakproof.key'), data)).toHaveLength(32);
});
