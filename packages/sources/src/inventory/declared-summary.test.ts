import { expect, test } from 'vitest';
import { bytesOf } from '../reading/bytes/byte-source.ts';
import { readBytes } from '../read-source.ts';
import { buildInventory } from './build-inventory.ts';
import type { DeclaredSummary } from './declared-summary.ts';

async function summariesOf(name: string, text: string): Promise<readonly DeclaredSummary[]> {
  const builder = buildInventory();
  for await (const batch of readBytes(bytesOf(name, text))) for (const reading of batch) builder.take(reading);
  return builder.finish().declared;
}

const returning = (schema: string): string =>
  `responses: { '200': { description: x, content: { application/json: { schema: ${schema} } } }, '400': { description: x, content: { application/json: { schema: { type: object, properties: { token: {} } } } } } }`;
const API = `
openapi: 3.0.3
info: { title: x, version: '1' }
components:
  securitySchemes: { bearer: { type: http, scheme: bearer } }
  schemas:
    User: { type: object, properties: { id: {}, email: {}, password: { writeOnly: true }, card: { writeOnly: true, type: object, properties: { iban: {} } }, home: { x-pii: true, type: object, properties: { line: {} } } } }
paths:
  /debug: { get: { ${returning('{ type: object, properties: { users: { type: array, items: { type: object, properties: { admin: {}, password: {} } } } } }')} } }
  /health: { get: { security: [], ${returning('{ type: object, properties: { up: {} } }')} } }
  /maybe: { get: { security: [{}, { bearer: [] }], ${returning('{ type: object, properties: { up: {} } }')} } }
  /users/{id}:
    put:
      security: [{ bearer: [] }]
      parameters: [{ name: id, in: path, required: true, schema: {} }, { name: expand, in: query, schema: {} }, { name: x-team, in: header, schema: {} }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/User' } } } }
      ${returning("{ $ref: '#/components/schemas/User' }")}
`;

test('a declared operation is summarized: its security, what it takes, and which returned fields look personal', async () => {
  const found = await summariesOf('api.yaml', API);
  expect(found.map(({ name, security, personal }) => [name, security, personal])).toEqual([
    ['GET /debug', 'not-declared', ['/users/*/password']],
    ['GET /health', 'none', []],
    ['GET /maybe', 'none', []],
    ['PUT /users/{id}', 'required', ['/email', '/home/line']],
  ]);
  expect(found[3]?.takes).toEqual([
    '{id}',
    '?expand',
    'header x-team',
    ...['card/iban', 'email', 'home/line', 'id', 'password'].map((name) => `body /${name}`),
  ]);
  expect(found[3]?.returns).toEqual(['/email', '/home/line', '/id']);
});

test('security of the whole document holds for operations without their own', async () => {
  const found = await summariesOf('api.yaml', `${API}security: [{ bearer: [] }]\n`);
  expect(found.map(({ security }) => security)).toEqual(['required', 'none', 'none', 'required']);
});

test('a GraphQL schema cannot declare security', async () => {
  const [found] = await summariesOf(
    's.graphql',
    'type Query { user(id: ID!): User }\ntype User { id: ID email: String }\n',
  );
  expect(found).toMatchObject({ name: 'Query.user', security: 'unknown', personal: ['/email'] });
});
