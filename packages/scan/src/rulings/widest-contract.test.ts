import { expect, test } from 'vitest';
import { contractOf, scanApi } from '../testing/scan-api.ts';
import { exitOf } from '../run/conclusion.ts';
import { widestContract } from './widest-contract.ts';

const PEOPLE = { alice: 'alice@example.test-1f3a', bob: 'bob@example.test-77c2' } as const;

const handle = ({ path, caller }: { path: string; caller: string | undefined }): object | number => {
  if (caller === undefined) return 401;
  const id = path === '/me' ? caller : path.slice('/users/'.length);
  const email = PEOPLE[id as keyof typeof PEOPLE];
  return email ? { id, name: `name-of-${id}-998877`, email, iban: `iban-of-${id}-0123456789` } : 404;
};

const rules = (email: string, by: string, id = 'member'): string => `
resources:
  User:
    owner: id
    fields: { id: ${id}, name: member, email: ${email}, iban: self }
operations:
  GET /me: { by: member, returns: User }
  GET /users/{id}: { ${by}, returns: User }
`;
const verdictsOf = async (email: string, by: string) => {
  const result = await scanApi({ contract: contractOf(rules(email, by)), handle });
  const cell = (field: string, attacker = 'bob') =>
    result.cells.find(
      (each) =>
        each.operation === 'GET /users/{id}' &&
        each.attacker === attacker &&
        each.owner === 'alice' &&
        each.field === field,
    );
  return { cell, exit: exitOf(result) };
};

test('an undecided field that a stranger receives is neither proven nor by design, and the reason is the contract’s', async () => {
  const { cell } = await verdictsOf('{ undecided: nobody was asked }', 'by: member');
  expect(cell('email')).toMatchObject({ verdict: 'inconclusive', reason: 'undecided: nobody was asked' });
  expect(cell('iban')?.verdict).toBe('proven');
});

test('an undecided field that a caller without a login does not receive is not clean', async () => {
  const { cell, exit } = await verdictsOf('{ undecided: nobody was asked }', 'undecided: not known');
  expect(cell('email', 'anonymous')?.verdict).toBe('inconclusive');
  expect(exit).toBe(1);
});

test('what a decided field forbids is proven by an undecided operation too', async () => {
  const { cell } = await verdictsOf('self', 'undecided: not known');
  expect(cell('email')?.verdict).toBe('proven');
  expect(cell('name')).toMatchObject({ verdict: 'inconclusive', reason: 'undecided: not known' });
});

test('a contract without anything undecided is its own widest', () => {
  const contract = contractOf(rules('self', 'by: member'));
  expect(widestContract(contract)).toBe(contract);
});

test('a field whose own rule is undecided is not proven, even if its object may not be seen at all', async () => {
  const undecided = '{ undecided: nobody was asked }';
  const contract = contractOf(rules('self', 'by: member', undecided).replace('name: member', 'name: self'));
  const { cells } = await scanApi({ contract, handle });
  const ofStranger = cells.filter(({ attacker, owner }) => attacker === 'bob' && owner === 'alice');
  const verdictOf = (field: string): string | undefined => ofStranger.find((each) => each.field === field)?.verdict;
  expect([verdictOf('id'), verdictOf('email')]).toEqual(['inconclusive', 'proven']);
});
