import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exchangeOf } from '../testing/exchange-of.ts';
import { readRecording } from './read-recording.ts';
import type { RecordingKey } from './recording-header.ts';
import { writeRecording } from './write-recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'recording-'));
const key = { bytes: new Uint8Array(32).fill(7) };
const NOW = 1_700_100_000_000;
const whole = join(folder, 'whole.rec');
const writer = writeRecording(whole, {
  identity: 'alice',
  mode: 'full',
  key,
  created: 1_700_000_000_000,
  expires: 1_700_600_000_000,
});
for (let at = 0; at < 5; at++) writer.add(exchangeOf(`GET /rides/${at}`, { answer: { at } }));
writer.close();
const bytes = readFileSync(whole);

async function targetsOf(content: Uint8Array): Promise<{ targets: string[]; torn: boolean }> {
  const path = join(folder, 'changed.rec');
  writeFileSync(path, content);
  const recording = await readRecording(path, key, NOW);
  const targets: string[] = [];
  for await (const { request } of recording.exchanges) targets.push(request.target);
  return { targets, torn: recording.outcome.torn };
}

const all = Array.from({ length: 5 }, (_, at) => `/rides/${at}`);
const CODES = ['LP-RECORDING-INVALID', 'LP-RECORDING-KEY', 'LP-RECORDING-EXPIRED'];

test('a recording torn anywhere yields the exchanges before the damage, and is torn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
      try {
        const { targets, torn } = await targetsOf(bytes.subarray(0, length));
        expect(torn).toBe(true);
        expect(all.slice(0, targets.length)).toEqual(targets);
      } catch (error) {
        expect(CODES).toContain((error as { code?: string }).code);
      }
    }),
    { numRuns: 150 },
  );
});

test('nothing after a modified byte is used', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        try {
          const { targets, torn } = await targetsOf(changed);
          expect(torn).toBe(true);
          expect(all.slice(0, targets.length)).toEqual(targets);
        } catch (error) {
          expect(CODES).toContain((error as { code?: string }).code);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test.each<readonly [string, string, RecordingKey, number]>([
  ['LP-RECORDING-KEY', whole, { bytes: new Uint8Array(32) }, NOW],
  ['LP-RECORDING-KEY', whole, { bytes: new Uint8Array(16) }, NOW],
  ['LP-RECORDING-EXPIRED', whole, key, 1_700_600_000_000],
  ['LP-FILE-UNREADABLE', join(folder, 'none.rec'), key, NOW],
  ['LP-FILE-UNREADABLE', folder, key, NOW],
])('%s rejects a recording that cannot or must not be read', async (...[code, path, recordingKey, now]) => {
  await expect(readRecording(path, recordingKey, now)).rejects.toMatchObject({ code });
});

test('a header whose parameters need much memory is invalid', async () => {
  const header = JSON.stringify({
    leakproof: 'recording',
    version: 1,
    identity: 'a',
    mode: 'full',
    created: 1,
    expires: 1e15,
    salt: 'x',
    kdf: { name: 'scrypt', N: 2 ** 40, r: 8, p: 1 },
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  await expect(
    targetsOf(Buffer.concat([Buffer.from('LEAKPROOF RECORDING 1\n'), length, Buffer.from(header)])),
  ).rejects.toMatchObject({ code: 'LP-RECORDING-INVALID' });
});
