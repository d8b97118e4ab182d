import { expect, test } from 'vitest';
import { load, VOCABULARY } from '../../testing/contract-from.ts';
import { runCase } from './run-case.ts';

const { contract, tests } = load(`${VOCABULARY}
resources: { User: { owner: id, see: member, fields: { id: member, age: self } } }
operations: { 'GET /u/{id}': { by: member, returns: User } }
tests:
  - name: right
    request: GET /u/7
    as: { kind: member, claims: { sub: '9' } }
    origin: { json: { id: '7', age: 31 } }
    expect: { body: { json: { id: '7' } }, facts: [{ owner: 'person:7', resource: User, seen: [id], withheld: [age] }] }
  - { name: right, request: GET /u/7, as: anonymous, expect: { refused: 401 } }
  - { name: right, request: GET /u/7, as: { kind: member, claims: { sub: '9' } }, origin: '{"id":', expect: { gone: true, facts: [] } }
  - { name: body, request: GET /u/7, as: { kind: member, claims: { sub: '9' } }, origin: '{"id":"7","age":31}', expect: { body: '{"id":"7","age":31}' } }
  - { name: body, request: GET /u/7, as: { kind: member, claims: { sub: '9' } }, origin: '{"id":"7"}', expect: {} }
  - { name: facts, request: GET /u/7, as: { kind: member, claims: { sub: '9' } }, origin: '{"id":"7"}', expect: { body: '{"id":"7"}', facts: [] } }
  - { name: facts, request: GET /u/7, as: { kind: member, claims: { sub: '9' } }, origin: '{"id":"7"}', expect: { body: '{"id":"7"}', facts: [{ owner: 'person:8', resource: User, seen: [id] }] } }
  - { name: refused, request: GET /u/7, as: anonymous, expect: {} }
  - { name: refused, request: GET /u/7, as: anonymous, expect: { refused: 404 } }
  - { name: 'gone,body', request: GET /u/7, as: { kind: member, claims: { sub: '9' } }, origin: '{"id":"7"}', expect: { gone: true } }
`);

test.each(tests)('a case that is $name differs in what its name says', (source) => {
  if (!contract) throw new Error('The contract did not load.');
  const { differences } = runCase(contract, source);
  expect(differences.map((each) => each.what).join(',')).toBe(source.name === 'right' ? '' : source.name);
});

test('the cases are there', () => expect(tests).toHaveLength(10));
