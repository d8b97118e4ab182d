import { isLeakproofError } from '@leakproof/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { tinyContract } from '../testing/tiny-contract.ts';
import { IdentitiesSource } from './identities-source.ts';
import { readIdentities } from './read-identities.ts';

const GOOD = `leakproof: 1
identities:
  - { name: alba, kind: member, server: one, token: { from: { env: ALBA } } }
  - { name: bo, kind: member, server: one, token: { from: { file: bo.token }, send: { header: x-key } }, relations: { friend: [alba] } }
`;

test('an identities file names identities and where their secrets are', () => {
  const { identities } = readIdentities(GOOD, tinyContract());
  expect(identities.map(({ name, token }) => [name, token])).toEqual([
    ['alba', { from: { env: 'ALBA' }, send: 'bearer' }],
    ['bo', { from: { file: 'bo.token' }, send: { header: 'x-key' } }],
  ]);
});

test.each([
  ['an unknown key', GOOD.replace('kind: member', 'kind: member, colour: red'), 3],
  ['an unknown kind', GOOD.replace('kind: member', 'kind: boss'), 3],
  ['an unknown server', GOOD.replace('server: one', 'server: two'), 3],
  ['an unknown relation', GOOD.replace('friend:', 'foe:'), 4],
  ['a relation to an unknown identity', GOOD.replace('[alba]', '[zoe]'), 4],
  ['a duplicate name', GOOD.replace('name: bo', 'name: alba'), 4],
  ['the reserved name anonymous', GOOD.replace('name: bo', 'name: anonymous'), 4],
  ['no credential', GOOD.replace(', token: { from: { env: ALBA } }', ''), 3],
  ['a literal secret', GOOD.replace('{ env: ALBA }', 'hunter2'), 3],
  ['broken YAML', `${GOOD}  - {`, 5],
  ['an unknown operation to read', `${GOOD}reads: [GET /nothing]\n`, 5],
  ['an alias without an anchor', `${GOOD}reads: *nowhere\n`, 1],
  [
    'aliases that expand',
    `${GOOD}a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`,
    1,
  ],
  ['a header that is none', GOOD.replace('x-key', 'x key'), 4],
  ['an input for a header that is none', `${GOOD}inputs: { GET /me: { "header.x y": b } }\n`, 5],
  ['an input for a header of the connection', `${GOOD}inputs: { GET /me: { header.Content-Length: "1" } }\n`, 5],
  ['an input that no header can carry', `${GOOD}inputs: { GET /me: { header.x: "a\\nb" } }\n`, 5],
  ['an input of an unknown operation', `${GOOD}inputs: { GET /nothing: { query.a: b } }\n`, 5],
])('%s is refused, with its line', (_title, text, line) => {
  const thrown = catchOf(() => readIdentities(text, tinyContract(), 'identities.yaml'));
  expect(thrown).toMatchObject({ code: 'LP-IDENTITIES-INVALID', where: { file: 'identities.yaml', line } });
  expect(isLeakproofError(thrown) && thrown.message).not.toContain('hunter2');
});

test('schema/identities.schema.json is the schema of the reader', async () => {
  const schema = z.toJSONSchema(IdentitiesSource, { io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../../schema/identities.schema.json');
});

function catchOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
