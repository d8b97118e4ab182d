import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../reading/bytes/byte-source.ts';
import { readBytes } from '../read-source.ts';
import type { Reader, Reading, ReadOptions } from '../reading/reader.ts';
import { REJECT_CODES } from '../reading/reject-codes.ts';
import { READERS } from './index.ts';

const OPTIONS: ReadOptions = {
  fingerprintKey: Buffer.alloc(32),
  logFormat: '$remote_addr [$time_local] "$request" $status',
};

async function readWith(reader: Reader, bytes: Uint8Array, pieceBytes?: number): Promise<Reading[]> {
  const readings: Reading[] = [];
  for await (const batch of reader.read(bytesOf('input', bytes, pieceBytes), OPTIONS)) readings.push(...batch);
  return readings;
}

function inputsOf({ id }: Reader): Uint8Array[] {
  const cases = join(import.meta.dirname, id, 'cases');
  return readdirSync(cases).map((name) => {
    const folder = join(cases, name);
    return readFileSync(join(folder, readdirSync(folder).find((file) => file.startsWith('input.')) ?? ''));
  });
}

function expectValid(readings: readonly Reading[]): void {
  for (const reading of readings) {
    if (reading.type !== 'reject') continue;
    expect(REJECT_CODES).toHaveProperty(reading.code);
    expect(reading.count).toBeGreaterThan(0);
    expect(reading.where.at).not.toBe('');
  }
}

/** A case with some of its bytes overwritten, removed or repeated. */
function damaged(inputs: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const hit = fc.record({
    at: fc.nat(),
    length: fc.integer({ min: 0, max: 30 }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom(
          '"',
          '\\',
          '{',
          '}]',
          '\0',
          '\n',
          '\uFEFF',
          '\\ud800',
          '<![CDATA[',
          '&#0;',
          '$ref',
          '1e999',
          '\u2028',
        )
        .map((text) => Buffer.from(text)),
    ),
  });
  return fc.tuple(fc.constantFrom(...inputs), fc.array(hit, { minLength: 1, maxLength: 6 })).map(([input, hits]) => {
    let bytes = Buffer.from(input);
    for (const { at, length, bytes: put } of hits) {
      const place = at % (bytes.length + 1);
      bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + length)]);
    }
    return bytes;
  });
}

describe.each(READERS)('$id', { timeout: 60_000 }, (reader) => {
  const inputs = inputsOf(reader);

  test('does not throw for any bytes', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => expectValid(await readWith(reader, bytes))),
      { numRuns: 100 },
    );
  });

  test('does not throw for its own cases with damage anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(inputs), async (bytes) => expectValid(await readWith(reader, bytes))),
      { numRuns: 100 },
    );
  });

  test('yields the same, whatever pieces the bytes come in', async () => {
    for (const input of inputs) {
      const whole = await readWith(reader, input);
      for (const pieceBytes of [1, 7, 100]) expect(await readWith(reader, input, pieceBytes)).toEqual(whole);
    }
  });

  test('yields a reading or a reject for a torn source', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...inputs),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        async (input, share) => {
          const torn = bytesOf('input', input.subarray(0, Math.ceil(input.length * share)));
          const readings: Reading[] = [];
          for await (const batch of readBytes(torn, { ...OPTIONS, as: reader.id })) readings.push(...batch);
          expect(readings.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('does not recognise random bytes, nor throw for them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const sure = reader.recognises(bytes, 'x');
        expect(sure).toBeGreaterThanOrEqual(0);
        expect(sure).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('does not pollute prototypes', async () => {
    const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    await readWith(reader, Buffer.from(`${text}\n`));
    expect({}).not.toHaveProperty('polluted');
  });
});

test('a million lines, one invalid in a hundred, are all counted', { timeout: 120_000 }, async () => {
  const good = '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5\n';
  const block = Buffer.from(`${good.repeat(99)}broken \0 \u{1F600}\n`.repeat(100));
  let exchanges = 0;
  let rejects = 0;
  const source = {
    name: 'access.log',
    async *[Symbol.asyncIterator]() {
      for (let turn = 0; turn < 100; turn += 1) yield block;
    },
  };
  for await (const batch of readBytes(source)) {
    for (const reading of batch) {
      if (reading.type === 'exchange') exchanges += 1;
      else if (reading.type === 'reject') rejects += reading.count;
    }
  }
  expect([exchanges, rejects]).toEqual([990_000, 10_000]);
});

test('a truncated compressed capture yields its content and the reject torn', async () => {
  const line = '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5\n';
  const bytes = gzipSync(Array.from({ length: 5000 }, (_, index) => line.replace('/a', `/a${index * 7919}`)).join(''));
  const readings: Reading[] = [];
  for await (const batch of readBytes(bytesOf('access.log.gz', bytes.subarray(0, bytes.length - 2000))))
    readings.push(...batch);
  expect(readings.filter(({ type: kind }) => kind === 'exchange').length).toBeGreaterThan(100);
  expect(readings.at(-1)).toMatchObject({ type: 'reject', code: 'torn' });
});

test('UTF-16 with a byte order mark is read as text', async () => {
  const text = '\uFEFFcurl "http://api.example.test/a"\n';
  const readings: Reading[] = [];
  for await (const batch of readBytes(bytesOf('a.txt', Buffer.from(text, 'utf16le'), 3))) readings.push(...batch);
  expect(readings).toMatchObject([{ type: 'exchange', exchange: { request: { target: '/a' } } }]);
});
