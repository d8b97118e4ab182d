import { describe, expect, test } from 'vitest';
import type { Operation } from '../../contract/compiled.ts';
import { load } from '../../testing/contract-from.ts';

const contractOf = (operations: string, rest = 'http://api.example'): string =>
  `leakproof: 1\napi: { servers: { one: { rest: '${rest}' } }, openapi: api.yaml }\noperations: { ${operations} }\n`;

interface Tried {
  readonly operations: readonly Operation[];
  readonly undeclared: readonly string[] | undefined;
  readonly codes: readonly (string | undefined)[];
  readonly problems: ReturnType<typeof load>['problems'];
}

function tried(contract: string, files: Readonly<Record<string, string>>): Tried {
  const { contract: compiled, problems } = load(contract, files);
  return {
    operations: compiled?.operations ?? [],
    undeclared: compiled?.undeclaredInDocument,
    codes: problems.map(({ code }) => code),
    problems,
  };
}

/** The parameters of the only operation: `query tags*` repeats. */
function inputsOf(description: string, operation = 'GET /rides: { by: anyone }'): readonly string[] {
  const { operations } = tried(contractOf(operation), { 'api.yaml': description });
  return (operations[0]?.parameters ?? []).map((each) => `${each.in} ${each.name}${each.repeats ? '*' : ''}`);
}

const withParameters = (parameters: string): string =>
  `openapi: 3.1.0\npaths: { /rides: { get: { parameters: [${parameters}] } } }\n`;

describe('a parameter counts as declared as it is in a request:', () => {
  test.each([
    ['a list, by default', '{ name: tag, in: query, schema: { type: array } }', ['query tag*']],
    ['a list or nothing', "{ name: tag, in: query, schema: { type: [array, 'null'] } }", ['query tag*']],
    ['a list joined by commas', '{ name: tag, in: query, explode: false, schema: { type: array } }', ['query tag']],
    [
      'an object as its properties',
      '{ name: where, in: query, schema: { type: object, additionalProperties: false, properties: { city: {}, age: {} } } }',
      ['query city', 'query age'],
    ],
    [
      'a deepObject',
      '{ name: where, in: query, style: deepObject, schema: { type: object, properties: { city: { type: string } } } }',
      ['query where[city]'],
    ],
    ['JSON in a parameter', '{ name: where, in: query, content: { application/json: {} } }', ['query where']],
    ['a header', '{ name: X-Region, in: header, schema: {} }', ['header x-region']],
    ['but no header that names another method', '{ name: X-HTTP-Method-Override, in: header, schema: {} }', []],
    ['and none that a proxy sets itself', '{ name: X-Forwarded-For, in: header, schema: {} }', []],
    ['and none that OpenAPI declares elsewhere', '{ name: Accept, in: header, schema: {} }', []],
  ])('%s', (_, parameters, expected) => expect(inputsOf(withParameters(parameters))).toEqual(expected));

  test('those of a path item that is a reference, with those beside it', () =>
    expect(
      inputsOf(`openapi: 3.1.0
paths: { /rides: { $ref: '#/components/pathItems/rides', parameters: [{ name: more, in: query }] } }
components: { pathItems: { rides: { get: { parameters: [{ name: page, in: query }] } } } }
`).toSorted(),
    ).toEqual(['query more', 'query page']));

  test('those of Swagger 2, where a list repeats with `multi`', () =>
    expect(
      inputsOf(`swagger: '2.0'
paths: { /rides: { get: { parameters: [
  { name: tag, in: query, type: array, items: { type: string }, collectionFormat: multi },
  { name: kind, in: query, type: array, items: { type: string } }] } } }
`),
    ).toEqual(['query tag*', 'query kind']));

  test('whatever the parameters of the path are called', () =>
    expect(
      inputsOf(
        'openapi: 3.0.3\npaths: { "/rides/{rideId}": { get: { parameters: [{ name: page, in: query }] } } }\n',
        '"GET /rides/{id}": { by: anyone }',
      ),
    ).toEqual(['path id', 'query page']));

  test.each(['/rides/{id}.json', "/Rides('{id}')", '/rides/{lat},{lon}', '/rides/{id}:cancel'])(
    'also where a segment is text and parameters: %s',
    (path) =>
      expect(
        inputsOf(
          `openapi: 3.0.3\npaths: { "${path}": { get: { parameters: [{ name: page, in: query }] } } }\n`,
          `"GET ${path}": { by: anyone }`,
        ),
      ).toContain('query page'),
  );
});

test('operations are joined by the path with the base paths of both', () => {
  const description =
    'openapi: 3.0.3\nservers: [{ url: https://api.example/v2 }]\npaths: { /rides: { get: { parameters: [{ name: page, in: query }] } } }\n';
  for (const [operation, rest] of [
    ['GET /v2/rides', 'http://api.example'],
    ['GET /rides', 'http://api.example/v2'],
  ] as const) {
    const { operations, codes } = tried(contractOf(`${operation}: { by: anyone }`, rest), { 'api.yaml': description });
    expect(operations[0]?.parameters.map(({ name }) => name)).toEqual(['page']);
    expect(codes).toEqual([]);
  }
});

test('members of a body are those of all JSON media types, unless the contract lists its own', () => {
  const description = `openapi: 3.1.0
paths: { /rides: { post: { requestBody: { content: {
  application/merge-patch+json: { schema: { type: object, additionalProperties: false, properties: { a: {}, b: {} } } } } } } } }
`;
  const accepts = (operation: string): unknown =>
    tried(contractOf(operation), { 'api.yaml': description }).operations[0]?.accepts;
  expect(accepts('POST /rides: { by: anyone }')).toEqual(['a', 'b']);
  expect(accepts('POST /rides: { by: anyone, accepts: [a] }')).toEqual(['a']);
});

test('references to files beside the description are followed, those to hosts are a warning with their line', () => {
  const { operations, problems } = tried(contractOf('GET /rides: { by: anyone }'), {
    'api.yaml': `openapi: 3.0.3
paths:
  /rides:
    get:
      parameters:
        - { $ref: 'shared.yaml#/page' }
        - { $ref: 'https://other.example/shared.yaml#/page' }
`,
    'shared.yaml': 'page: { name: page, in: query }\n',
  });
  expect(operations[0]?.parameters.map(({ name }) => name)).toEqual(['page']);
  expect(problems).toMatchObject([{ severity: 'warning', code: 'ref-external', where: { file: 'api.yaml', line: 7 } }]);
});

test.each(['X-HTTP-Method-Override', 'X-Forwarded-For', 'Content-Length', 'x_region'])(
  'a header %s is never sent on, and that is said',
  (name) => {
    const description = withParameters(`{ name: ${name}, in: header, schema: {} }`);
    const { problems } = tried(contractOf('GET /rides: { by: anyone }'), { 'api.yaml': description });
    expect(problems).toMatchObject([{ severity: 'warning', code: 'header-name' }]);
    expect(problems[0]?.message).toContain(`GET /rides ("${name}")`);
  },
);

test('operations that only one of both has are named', () => {
  const { undeclared, codes, problems } = tried(contractOf('GET /ride: { by: anyone }, POST /rides: { by: anyone }'), {
    'api.yaml':
      'openapi: 3.0.3\npaths: { /rides: { get: {}, head: {}, options: {}, post: {} }, /debug: { get: {} } }\n',
  });
  expect(undeclared).toEqual(['GET /rides', 'GET /debug']);
  expect(codes).toEqual(['operation-undeclared', 'operation-undescribed']);
  expect(problems[1]?.message).toContain('GET /ride (similar: GET /rides)');
});

test('a contract without a description does not say what it lacks', () =>
  expect(load("leakproof: 1\napi: { servers: { one: { rest: 'http://api.example' } } }\n").contract).not.toHaveProperty(
    'undeclaredInDocument',
  ));

describe('what cannot be read or taken is a problem with a code:', () => {
  test.each([
    ['ref-unresolved', withParameters("{ $ref: '#/components/parameters/none' }")],
    ['ref-external', withParameters("{ $ref: 'none.yaml#/page' }")],
    [
      'ref-cycle',
      `${withParameters("{ $ref: '#/components/parameters/a' }")}components: { parameters: { a: { $ref: '#/components/parameters/a' } } }\n`,
    ],
    ['parameter-invalid', withParameters('5')],
    ['style-unknown', withParameters('{ name: a, in: query, style: label, schema: {} }')],
    ['operation-invalid', 'openapi: 3.0.3\npaths: { /rides: { get: 5 } }\n'],
    ['path-invalid', 'openapi: 3.0.3\npaths: { /rides: 5 }\n'],
    ['paths-invalid', 'openapi: 3.0.3\npaths: 5\n'],
    ['wrong-document', 'paths: {}\n'],
    ['version-unsupported', 'openapi: 4.0.0\npaths: {}\n'],
    ['yaml-fault', 'openapi: 3.0.3\npaths: [\n'],
    ['yaml-duplicate', 'openapi: 3.0.3\npaths: {}\npaths: { /rides: { get: {} } }\n'],
    ['yaml-duplicate', '{ "openapi": "3.0.3", "paths": {}, "paths": { "/rides": { "get": {} } } }'],
    ['open-query', withParameters('{ name: a, in: query, schema: { type: object } }')],
    ['open-members', withParameters('{ name: a, in: query, style: deepObject, schema: { type: object } }')],
  ])('%s', (code, description) => {
    const { codes, problems } = tried(contractOf('GET /rides: { by: anyone }'), { 'api.yaml': description });
    expect(codes).toContain(code);
    expect(problems.find((each) => each.code === code)?.where).toMatchObject({ file: 'api.yaml' });
  });

  test.each([
    ['open-body', 'application/json: { schema: { type: object } }'],
    ['other-body', 'application/json: { schema: { type: array } }'],
    ['media-type', 'multipart/form-data: { schema: { type: object } }'],
  ])('%s', (code, content) =>
    expect(
      tried(contractOf('POST /rides: { by: anyone }'), {
        'api.yaml': `openapi: 3.1.0\npaths: { /rides: { post: { requestBody: { content: { ${content} } } } } }\n`,
      }).codes,
    ).toEqual([code]),
  );
});
