import { expect, test } from 'vitest';
import { load } from '../../testing/contract-from.ts';

const problemsOf = (...paths: readonly string[]): readonly string[] =>
  load(
    `leakproof: 1\napi: { servers: { one: { rest: 'http://api.example' } } }\noperations:\n${paths.map((path) => `  "GET ${path}": { by: anyone }\n`).join('')}`,
  ).problems.map(({ message }) => message);

test.each([
  [['/groups/{name}.json', '/groups/{name}']],
  [["/People('{id}')", "/Cars('{id}')"]],
  [['/{lat},{lon}', '/{id}:cancel', '/{id}:start']],
])('a contract can have %j', (paths) => expect(problemsOf(...paths)).toEqual([]));

test('paths of text and parameters that match the same requests are an error', () =>
  expect(problemsOf('/groups/{name}.json', '/groups/{id}.json')).toEqual([
    expect.stringContaining('Matches the same requests as "GET /groups/{name}.json"'),
  ]));

test('parameters without text between them are an error', () =>
  expect(problemsOf('/{a}{b}')).toEqual([expect.stringContaining('Nothing is between two parameters')]));
