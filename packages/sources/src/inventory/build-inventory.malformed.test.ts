import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildInventory } from './build-inventory.ts';
import { exchangeOf } from '../testing/exchange-of.ts';

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `rider${String.fromCharCode(97 + (at % 26))}${at.toString(36)}x`);

test('twenty thousand names at one place of a path are one operation, and other operations stay separate', () => {
  const builder = buildInventory();
  const others = ['me', 'search', 'live'] as const;
  for (const [at, name] of names(20_000).entries()) {
    builder.add(exchangeOf(`GET /users/${name}`, { answer: { id: at, username: name, town: 'x' } }));
    if (at % 1000 === 0) {
      builder.add(exchangeOf('GET /users/me', { answer: { id: at, username: name, town: 'x' } }));
      builder.add(exchangeOf('GET /users/search', { answer: { data: [{ id: at, username: name }], total: 1 } }));
      builder.add(exchangeOf('POST /users/live', { answer: {} }));
    }
  }
  const inventory = builder.finish();
  expect(inventory.limitsReached).toBe(false);
  expect(inventory.operations.map(({ name }) => name).sort()).toEqual([
    ...others.slice(0, 2).map((word) => `GET /users/${word}`),
    'GET /users/{id}',
    'POST /users/live',
  ]);
});

test('paths with new values in every segment are merged and counted, and limitsReached is set', () => {
  const builder = buildInventory({ informative: 8, uninformative: 16, paths: 500, structures: 4 });
  const words = names(40);
  for (const a of words)
    for (const b of words) for (const c of words.slice(0, 5)) builder.add(exchangeOf(`GET /${a}/${b}/${c}`));
  const inventory = builder.finish();
  expect(inventory.exchanges).toBe(8000);
  expect(inventory.operations.reduce((sum, { seen }) => sum + seen, 0)).toBe(8000);
  expect(inventory.operations.length).toBeLessThanOrEqual(500);
});

test('personal values as keys of a map do not get into the inventory', () => {
  const builder = buildInventory();
  builder.add(
    exchangeOf('GET /presence?olga@example.org=1', {
      answer: { 'olga@example.org': { on: true }, 'Olga Petrova': { on: false }, '7': { on: true } },
    }),
  );
  expect(JSON.stringify(builder.finish())).not.toMatch(/olga|petrova/i);
});

test.each([
  ['a broken escape', '/%E0%A4%A/x'],
  ['no path', ''],
  ['a star', '*'],
  ['only slashes', '////'],
  ['a query of a query', '/a?query={&query=[&variables={'],
  ['prototype names', '/__proto__/constructor?__proto__=1&constructor=2'],
])('%s as a request target is counted as an operation', (_title, target) => {
  const builder = buildInventory();
  builder.add(exchangeOf(`GET ${target}`, { answer: '{"__proto__":{"a":1},"constructor":2}' }));
  const inventory = builder.finish();
  expect(inventory.operations).toHaveLength(1);
  expect(inventory.operations[0]?.path).not.toMatch(/\s/);
});

test('an exchange is counted whatever its body and Content-Type', () => {
  const types = fc.constantFrom(
    'application/json',
    'text/html',
    'application/x-ndjson',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    '',
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), types, (answer, type) => {
      const builder = buildInventory();
      builder.add(exchangeOf('POST /graphql', { send: answer, answer, type, status: 200 }));
      const inventory = builder.finish();
      expect(inventory.exchanges).toBe(1);
      expect(inventory.operations.length).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test('values nested beyond the limit are counted in passedOver', () => {
  const builder = buildInventory();
  builder.add(exchangeOf('GET /deep', { answer: `${'['.repeat(5000)}1${']'.repeat(5000)}` }));
  expect(builder.finish().operations[0]?.passedOver).toBeGreaterThan(0);
});
