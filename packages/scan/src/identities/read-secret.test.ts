import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SecretSource } from './secret-source.ts';
import { secretsBeside } from './read-secret.ts';

function reader() {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-scan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'token'), 'from-file\n');
  return secretsBeside(join(folder, 'identities.yaml'), { TOKEN: 'from-env' });
}

test.each<[SecretSource, string]>([
  [{ env: 'TOKEN' }, 'from-env'],
  [{ file: 'token' }, 'from-file'],
  [{ exec: [process.execPath, '-e', 'console.log("from-exec")'] }, 'from-exec'],
])('a secret is read from %j', async (source, secret) => expect(await reader()(source)).toBe(secret));

test.each<SecretSource>([{ env: 'ABSENT' }, { file: 'absent' }, { exec: ['/absent/program', 'with-a-secret'] }])(
  'a secret that is missing from %j is reported without its content',
  async (source) => {
    const thrown: unknown = await reader()(source).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'LP-SECRET-MISSING' });
    expect(String(thrown)).not.toContain('with-a-secret');
  },
);
