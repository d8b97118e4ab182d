import { describe, expect, test } from 'vitest';
import { contractFrom } from '../../testing/contract-from.ts';
import { openapiInputs } from './openapi-inputs.ts';

const DOCUMENT = `
openapi: 3.1.0
components:
  parameters: { page: { name: page, in: query, schema: { type: integer } } }
  schemas:
    Name: { type: object, properties: { name: { type: string } } }
    Both: { allOf: [{ $ref: '#/components/schemas/Name' }, { type: object, properties: { age: {} } }, { $ref: '#/components/schemas/Both' }] }
paths:
  /users:
    parameters: [{ $ref: '#/components/parameters/page' }]
    get: { parameters: [{ name: tag, in: query, schema: { type: array } }, { name: x-trace, in: header }] }
    post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Both' } } } } }
  /other: { get: { parameters: [{ $ref: 'elsewhere.yaml#/page' }], requestBody: { content: { text/plain: {} } } } }
`;

test('an OpenAPI document says what a request may carry', () => {
  const { inputs, document } = openapiInputs('openapi.yaml', DOCUMENT);
  expect(document.faults).toEqual([]);
  expect(inputs.get('GET /users')).toEqual({ query: ['page', 'tag*'], body: undefined });
  expect(inputs.get('POST /users')).toEqual({ query: ['page'], body: ['name', 'age'] });
  expect(inputs.get('GET /other')).toEqual({ query: [], body: undefined });
});

describe('a contract with one', () => {
  const contract = contractFrom(
    `
leakproof: 1
api: { servers: { one: { rest: 'http://api.example' } }, openapi: openapi.yaml }
operations: { GET /users: { by: anyone, query: [more] }, POST /users: { by: anyone, accepts: [name] } }
`,
    { 'openapi.yaml': DOCUMENT },
  );
  const [get, post] = contract.operations;

  test('takes its parameters as declared, besides its own', () =>
    expect(get?.parameters.map(({ name, repeats }) => [name, repeats])).toEqual([
      ['more', false],
      ['page', false],
      ['tag', true],
    ]));

  test('keeps to its own list of members, where it has one', () => expect(post?.accepts).toEqual(['name']));
});

test('a document that is none is a problem of the contract, where it is wrong', () => {
  expect(openapiInputs('openapi.yaml', 'paths: [').document.faults[0]).toMatchObject({
    severity: 'error',
    where: { file: 'openapi.yaml', line: 1 },
  });
  for (const text of [
    '',
    '[]',
    'paths: 5',
    'paths: { /a: 5 }',
    'paths: { /a: { get: 5 } }',
    'paths: { /a: { get: { parameters: 5 } } }',
  ]) {
    expect(openapiInputs('openapi.yaml', text).document.faults).toEqual([]);
  }
});
