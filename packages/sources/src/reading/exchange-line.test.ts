import type { Exchange } from '@leakproof/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExchange, writeExchange } from './exchange-line.ts';

const headers = fc.array(fc.tuple(fc.constantFrom('accept', 'cookie', 'authorization', 'x-a'), fc.string()));
const body = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined });
const exchanges = fc.record<Exchange>(
  {
    request: fc.record(
      {
        method: fc.constantFrom('GET', 'PURGE'),
        scheme: fc.constantFrom('http', 'https'),
        authority: fc.string(),
        target: fc.string(),
        headers,
        body,
      },
      { requiredKeys: ['method', 'scheme', 'authority', 'target', 'headers'] },
    ),
    response: fc.option(fc.record({ status: fc.integer({ min: 100, max: 599 }), headers, body }), { nil: undefined }),
    caller: fc.record({ auth: fc.constantFrom('anonymous', 'credential', 'unknown'), fingerprint: fc.string() }),
    time: fc.integer(),
    provenance: fc.record({ reader: fc.string(), at: fc.string() }),
  },
  { requiredKeys: ['request', 'caller', 'provenance'] },
);

/** Without undefined properties and with plain arrays for bytes, for comparison. */
function plain(exchange: unknown): unknown {
  return JSON.parse(
    JSON.stringify(exchange, (_key, value: unknown) =>
      value instanceof Uint8Array ? [...value] : isBuffer(value) ? value.data : value,
    ),
  );
}

function isBuffer(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;
}

test('an exchange written with its credentials is read back unchanged', () => {
  fc.assert(
    fc.property(exchanges, (exchange) => {
      const line = writeExchange(exchange, { keepCredentials: true });
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(plain(parseExchange(JSON.parse(line)))).toEqual(plain(exchange));
    }),
  );
});

test('credentials are not written by default', () => {
  const names = ['authorization', 'cookie', 'x-api-key', 'proxy-authorization'];
  const line = writeExchange({
    request: {
      method: 'GET',
      scheme: 'http',
      authority: 'a',
      target: '/',
      headers: names.map((name) => [name, 'sesame']),
    },
    response: { status: 200, headers: [['set-cookie', 'sid=sesame']] },
    caller: { auth: 'credential' },
    provenance: { reader: 'test' },
  });
  expect(line).not.toContain('sesame');
  for (const name of names) expect(line).toContain(name);
});

test('another version and an invalid shape are rejected with different codes', () => {
  expect(parseExchange({ exchange: 2 })).toBe('version-unsupported');
  expect(parseExchange({})).toBe('not-an-object');
  expect(parseExchange(null)).toBe('not-an-object');
});
