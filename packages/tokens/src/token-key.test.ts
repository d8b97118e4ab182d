import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { tokenizer, tokenKey } from './token-key.ts';

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-key-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('a key is created once, readable by its owner only, and then read', () => {
  const file = join(folder(), 'key');
  const key = tokenKey(file);
  expect(key).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(Buffer.from(tokenKey(file))).toEqual(Buffer.from(key));
  expect(readFileSync(file)).toEqual(Buffer.from(key));
});

test.each([
  ['of the wrong length', 'short', 0o600],
  ['that other users may read', 'x'.repeat(32), 0o644],
])('a key %s is refused', (_, content, mode) => {
  const file = join(folder(), 'key');
  writeFileSync(file, content);
  chmodSync(file, mode);
  expect(() => tokenKey(file)).toThrow(expect.objectContaining({ code: 'LP-TOKEN-KEY' }));
});

test('a key that cannot be created is an error', () => {
  expect(() => tokenKey(join(folder(), 'none', 'key'))).toThrow(expect.objectContaining({ code: 'LP-TOKEN-KEY' }));
});

test('a token is the HMAC of its owner, whatever other tokens were computed before', () => {
  const key = Buffer.alloc(32, 1);
  const tokenize = tokenizer(key);
  const name = fc.constantFrom('', 'person', 'us', '","');
  const owner = fc.record({ kind: name, space: name, id: fc.oneof(name, fc.string({ unit: 'grapheme' })) });
  fc.assert(
    fc.property(fc.array(owner, { maxLength: 20 }), (owners) => {
      for (const { kind, space, id } of owners) {
        const hmac = createHmac('sha256', key)
          .update(JSON.stringify([kind, space, id]))
          .digest();
        expect(tokenize({ kind, space, id })).toBe(hmac.subarray(0, 16).toString('base64url'));
      }
    }),
  );
});

test('two owners have the same token only if they are equal and the key is the same', () => {
  const tokenize = tokenizer(Buffer.alloc(32, 1));
  const ref = fc.record({ kind: fc.string(), space: fc.string(), id: fc.string() });
  fc.assert(
    fc.property(ref, ref, (a, b) => {
      const same = a.kind === b.kind && a.space === b.space && a.id === b.id;
      expect(tokenize(a) === tokenize(b)).toBe(same);
      expect(tokenize(a)).toMatch(/^[\w-]{22}$/);
      expect(tokenizer(Buffer.alloc(32, 2))(a)).not.toBe(tokenize(a));
    }),
  );
});
