import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../run.ts';

afterEach(() => vi.restoreAllMocks());

const CONTRACT = `
leakproof: 1
api: { servers: { us: { rest: 'http://api.test' } } }
owners: { person: { subject: true } }
resources: { Ride: { owner: none, see: anyone, fields: { id: anyone } } }
operations: { GET /rides: { by: anyone, returns: [ Ride ] } }
`;

async function guardRun(...more: string[]): Promise<{ exit: number; err: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'contract.yaml'), CONTRACT);
  writeFileSync(join(folder, 'broken.yaml'), CONTRACT.replace('by: anyone', 'by: anyon'));
  let err = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  const files = ['--log', join(folder, 'log'), '--key-file', join(folder, 'key')];
  const options = more.map((each) => each.replace('FOLDER', folder));
  return { exit: await run(['guard', 'run', ...files, ...options]), err };
}

const valid = ['--contract', 'FOLDER/contract.yaml', '--listen', '127.0.0.1:0', '--upstream', 'api.test=127.0.0.1:1'];

test.each([
  ['LP-CONTRACT-INVALID', valid.map((each) => each.replace('contract.yaml', 'broken.yaml'))],
  ['LP-FILE-UNREADABLE', valid.map((each) => each.replace('contract.yaml', 'absent.yaml'))],
  ['LP-USAGE', valid.map((each) => each.replace('127.0.0.1:0', '127.0.0.1'))],
  ['LP-USAGE', valid.map((each) => each.replace('127.0.0.1:1', 'nowhere'))],
  ['LP-USAGE', [...valid, '--mode', 'watch']],
  ['LP-USAGE', [...valid, '--max-connections', '0']],
  ['LP-USAGE', [...valid, '--drain-ms', 'soon']],
  ['LP-UPSTREAM-MISSING', valid.map((each) => each.replace('api.test=', 'other.test='))],
  ['LP-GUARD-LISTEN', valid.map((each) => each.replace('127.0.0.1:0', '192.0.2.1:1'))],
])('a guard that cannot start as requested fails with %s', async (code, argv) => {
  const { exit, err } = await guardRun(...argv);
  expect([exit, err]).toEqual([2, expect.stringContaining(code)]);
});
