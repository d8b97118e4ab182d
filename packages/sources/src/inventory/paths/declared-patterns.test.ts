import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexTemplates, parseTemplate } from '@leakproof/core';
import type { DeclaredHttpOperation } from '../../reading/declared-operation.ts';
import { exchangeOf } from '../../testing/exchange-of.ts';
import { buildInventory } from '../build-inventory.ts';
import type { Inventory } from '../inventory.ts';
import { readExchange } from '../read-exchange.ts';
import { matchOperations } from './operation-matcher.ts';

function declare(name: string): DeclaredHttpOperation {
  const [method = 'GET', path = '/'] = name.split(' ');
  return {
    protocol: 'http',
    name,
    method,
    path,
    servers: [],
    tags: [],
    parameters: [],
    request: [],
    responses: [],
    security: undefined,
    deprecated: false,
    provenance: { reader: 'openapi', file: 'openapi.yaml', at: name },
  };
}

function inventoryOf(declared: readonly string[], lines: readonly string[], first: 'declared' | 'traffic'): Inventory {
  const builder = buildInventory();
  const declareAll = (): void => declared.forEach((name) => builder.declare(declare(name)));
  if (first === 'declared') declareAll();
  for (const line of lines) builder.add(exchangeOf(line));
  if (first === 'traffic') declareAll();
  return builder.finish();
}

/** Each operation of the traffic, with where it is declared. */
function found(declared: readonly string[], lines: readonly string[]): Record<string, string | undefined> {
  const [one, other] = [inventoryOf(declared, lines, 'declared'), inventoryOf(declared, lines, 'traffic')];
  expect(one).toEqual(other);
  return Object.fromEntries(one.operations.map((each) => [each.name, each.declared?.at]));
}

test('a segment of text and parameters is declared for its own text only', () => {
  const declared = [
    "GET /People('{id}')",
    "GET /Airports('{code}')/Name",
    'GET /customers/{id}.json',
    'POST /jobs/{id}:cancel',
    'GET /gps/{lat},{lon}',
  ];
  const lines = [
    "GET /People('russell')",
    "GET /People('anna')",
    "GET /Airports('KSFO')/Name",
    'GET /customers/7.json',
    'POST /jobs/7:cancel',
    'GET /gps/40.153687,-8.514602',
    'GET /SecretDump',
    'GET /Payroll/Name',
    'GET /customers/export',
    'POST /jobs/7:purge',
    'POST /jobs/purge',
  ];
  expect(found(declared, lines)).toEqual({
    ...Object.fromEntries(declared.map((name) => [name, name])),
    'GET /SecretDump': undefined,
    'GET /Payroll/Name': undefined,
    'GET /customers/export': undefined,
    'POST /jobs/{id}': undefined,
    'POST /jobs/purge': undefined,
  });
});

test('however many ids there are, their text is told from other text', () => {
  const ids = Array.from({ length: 60 }, (_, id) => id);
  const lines = ids.flatMap((id) => [`POST /jobs/${id}:cancel`, `POST /jobs/${id}:purge`, `POST /jobs/${id}`]);
  expect(found(['POST /jobs/{id}:cancel'], lines)).toEqual({
    'POST /jobs/{id}:cancel': 'POST /jobs/{id}:cancel',
    'POST /jobs/{id}': undefined,
  });
});

test('the shapes of the values of each parameter are counted', () => {
  const { operations } = inventoryOf(
    ['GET /files/{name}.{version}'],
    ['GET /files/notes.7', 'GET /files/notes.8', 'GET /files/list.v2'],
    'declared',
  );
  expect(operations.map(({ pathParameters }) => pathParameters)).toEqual([
    [
      { name: 'name', shapes: { word: 3 }, evidence: ['declared'] },
      { name: 'version', shapes: { int: 2, version: 1 }, evidence: ['declared'] },
    ],
  ]);
});

describe('declared text that looks like an id is text:', () => {
  test.each([
    ['GET /2010-04-01/Accounts/{sid}', 'GET /2010-04-01/Accounts/7'],
    ['GET /api/1.0/users', 'GET /api/1.0/users'],
    ['GET /1/boards', 'GET /1/boards'],
    ['POST /v1:initialize', 'POST /v1:initialize'],
    ['GET /maps/us:42', 'GET /maps/us:42'],
  ])('%s', (declared, line) => expect(found([declared], [line])).toEqual({ [declared]: declared }));
});

test('a word that is declared as text may be a value where the text does not go on', () =>
  expect(
    found(
      ['GET /users/me', 'GET /users/{id}', 'GET /users/{id}/posts/{post}'],
      ['GET /users/me', 'GET /users/me/posts/1'],
    ),
  ).toEqual({ 'GET /users/me': 'GET /users/me', 'GET /users/me/posts/{post}': 'GET /users/{id}/posts/{post}' }));

test('a path and the same with a trailing slash are two', () =>
  expect(
    found(['GET /users/', 'GET /users/{id}/'], ['GET /users/', 'GET /users', 'GET /users/7/', 'GET /users/7']),
  ).toEqual({
    'GET /users/': 'GET /users/',
    'GET /users': undefined,
    'GET /users/{id}/': 'GET /users/{id}/',
    'GET /users/{id}': undefined,
  }));

test('an operation gets the values of each parameter of a segment', () => {
  const match = matchOperations(inventoryOf(['GET /gps/{lat},{lon}'], ['GET /gps/1.5,2.5'], 'declared'));
  expect(match(readExchange(exchangeOf('GET /gps/40.1,-8.5')))).toEqual({
    name: 'GET /gps/{lat},{lon}',
    origin: 'http://api.test',
    path: [
      ['lat', '40.1'],
      ['lon', '-8.5'],
    ],
  });
});

test('a path is declared if, and only if, a declared template matches it', () => {
  const segment = fc.constantFrom('a', 'b7', '{p}.json', '{p}:run', 'v{p}', '{p}-{q}', 'x.json', '1.0');
  const templates = fc.uniqueArray(
    fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => `GET /${all.join('/')}`),
    { maxLength: 6 },
  );
  const text = fc.constantFrom(
    'a',
    'b7',
    'x.json',
    '7.json',
    '7:run',
    'us:run',
    'v2',
    'vx',
    'a-b',
    '1-2',
    '1.0',
    'other',
  );
  const lines = fc.array(
    fc.array(text, { minLength: 1, maxLength: 3 }).map((all) => `GET /${all.join('/')}`),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  const met = { declared: 0, undeclared: 0 };
  fc.assert(
    fc.property(templates, lines, (declared, traffic) => {
      const index = indexTemplates(
        declared.map((name) => ({ template: parseTemplate(name.slice('GET '.length)).segments })),
      );
      const inventory = inventoryOf(declared, traffic, 'traffic');
      const match = matchOperations(inventory);
      for (const line of traffic) {
        const exchange = readExchange(exchangeOf(line));
        const { name } = match(exchange);
        const isDeclared = inventory.operations.find((each) => each.name === name)?.declared !== undefined;
        const wanted =
          index.find(
            exchange.segments.map((each) => each.text),
            () => true,
          ) ?? false;
        met[wanted ? 'declared' : 'undeclared']++;
        expect([line, isDeclared]).toEqual([line, wanted]);
      }
    }),
    { numRuns: 1_500 },
  );
  expect(met.declared).toBeGreaterThan(100);
  expect(met.undeclared).toBeGreaterThan(100);
});

test('ids of any form, in any order, give the same inventory', () => {
  const id = fc.oneof(
    fc.nat(40).map((number) => `${number}:cancel`),
    fc.nat(40).map(String),
    fc.constantFrom('us:4', 'uk:5', '1.0', '2.0'),
    fc.string({ unit: fc.constantFrom('a', 'b', '1', ':'), minLength: 3, maxLength: 6 }).map((word) => `7${word}`),
  );
  const line = fc.tuple(fc.constantFrom('jobs', 'tasks'), id).map((words) => `GET /${words.join('/')}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 80 }), (lines) => {
      const declared = ['GET /jobs/{id}:cancel', 'GET /tasks/1.0'];
      expect(inventoryOf(declared, lines.toReversed(), 'traffic')).toEqual(inventoryOf(declared, lines, 'declared'));
    }),
    { numRuns: 60 },
  );
});
