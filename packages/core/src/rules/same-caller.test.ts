import { expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { ANONYMOUS, type Principal } from './principal.ts';
import { isSameCaller } from './same-caller.ts';

const contractWith = (relations: string) =>
  contractFrom(`
relations:
  ${relations}
resources: { User: { owner: id, fields: { id: self, team: self } } }
operations: { GET /u: { by: anyone, returns: User } }
`);
const CONTRACT = contractWith(`staff: { of: person, when: principal.claims.staff == true }
  peer: { of: person, object: { User: "object.team in principal.claims['teams']" } }`);

const pia = (claims: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Principal => ({
  kind: 'member',
  id: '7',
  ids: 'person',
  space: 'us',
  claims: { staff: true, teams: ['a', 'b'], visited: 1, ...claims },
  ...more,
});

test('a claim that no condition reads may change', () => {
  expect(isSameCaller(CONTRACT, pia(), pia({ visited: 2, extra: 1 }))).toBe(true);
  expect(isSameCaller(CONTRACT, ANONYMOUS, ANONYMOUS)).toBe(true);
});

test.each([
  ['another id', pia({}, { id: '8' })],
  ['another kind', pia({}, { kind: 'admin' })],
  ['another id space', pia({}, { space: 'eu' })],
  ['ids of another kind of owner', pia({}, { ids: 'company' })],
  ['a claim of `when` that is no longer true', pia({ staff: false })],
  ['a claim of `when` that is absent', pia({ staff: undefined })],
  ['one element less in a claim that an object is compared with', pia({ teams: ['a'] })],
  ['no identity', ANONYMOUS],
])('%s is another caller', (_, other) => {
  expect(isSameCaller(CONTRACT, pia(), other)).toBe(false);
  expect(isSameCaller(CONTRACT, other, pia())).toBe(false);
});

test('where a condition reads all claims, or chooses one by an object, every claim counts', () => {
  for (const when of ['"\'staff\' in principal.claims"', '"principal.claims[object.team] == true"']) {
    const contract = contractWith(`staff: { of: person, when: ${when} }`);
    expect(isSameCaller(contract, pia(), pia({ visited: 2 }))).toBe(false);
    expect(isSameCaller(contract, pia(), pia())).toBe(true);
  }
});
