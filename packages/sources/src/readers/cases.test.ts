import { readdirSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileSource, readBytes, readerOf } from '../read-source.ts';
import type { Reading, ReadOptions } from '../reading/reader.ts';
import { REJECT_CODES } from '../reading/reject-codes.ts';
import { READERS } from './index.ts';

const HERE = import.meta.dirname;
const CASES = READERS.flatMap((reader) =>
  casesOf(reader.id).map((name) => ({ reader, name, folder: join(HERE, reader.id, 'cases', name) })),
);

function casesOf(id: string): string[] {
  const folder = join(HERE, id, 'cases');
  return existsSync(folder) ? readdirSync(folder) : [];
}

function inputOf(folder: string): string {
  const input = readdirSync(folder).find((name) => name.startsWith('input.'));
  if (input === undefined) throw new Error(`${folder} has no input`);
  return join(folder, input);
}

function optionsOf(folder: string): ReadOptions {
  const file = join(folder, 'options.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ReadOptions) : {};
}

/** True for the JSON form of a Buffer. */
function isBuffer(value: unknown): value is { readonly data: readonly number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;
}

/** Readings as text, with bodies as text if they are UTF-8, and file names without their folder. */
function shown(readings: readonly Reading[], folder: string): string {
  const text = JSON.stringify(
    readings,
    (_key, value: unknown) => {
      if (isBuffer(value)) {
        const bytes = Buffer.from(value.data);
        return bytes.toString().includes('\uFFFD') ? { base64: bytes.toString('base64') } : { text: bytes.toString() };
      }
      return value;
    },
    1,
  );
  return `${text.replaceAll(`${folder}/`, '')}\n`;
}

test('every reader has at least two cases', () => {
  expect(READERS.length).toBeGreaterThanOrEqual(16);
  expect(CASES.length).toBeGreaterThanOrEqual(2 * READERS.length);
});

describe.each(READERS)('$id', (reader) => {
  test('has a folder of its name with a README and cases', () => {
    expect(existsSync(join(HERE, reader.id, 'reader.ts'))).toBe(true);
    expect(readFileSync(join(HERE, reader.id, 'README.md'), 'utf8')).toContain(`# ${reader.title}`);
    expect(casesOf(reader.id).length).toBeGreaterThanOrEqual(2);
    expect(reader.extensions.length).toBeGreaterThan(0);
  });
});

test.each(CASES)('$reader.id reads the case $name as expected', async ({ reader, folder }) => {
  const options = { fingerprintKey: Buffer.alloc(32), as: reader.id, ...optionsOf(folder) };
  const readings: Reading[] = [];
  for await (const batch of readBytes(await fileSource(inputOf(folder)), options)) readings.push(...batch);
  for (const reading of readings) {
    if (reading.type === 'reject') expect(REJECT_CODES).toHaveProperty(reading.code);
    else expect(`${reading.type}s`).toBe(reader.yields);
  }
  await expect(shown(readings, folder)).toMatchFileSnapshot(join(folder, 'expected.json'));
});

test.each(CASES.filter(({ folder }) => optionsOf(folder).logFormat === undefined))(
  '$reader.id recognises the content of $name, whatever the name of the file',
  ({ reader, folder }) => {
    expect(readerOf(readFileSync(inputOf(folder)), 'unnamed')?.id).toBe(reader.id);
  },
);
