import { describe, expect, test } from 'vitest';
import { showPlain } from '../show/show.ts';
import { undecidedRules } from '../show/undecided-rules.ts';
import { loadContract } from './load-contract.ts';

const contractWith = (field: string, operation: string): string => `
leakproof: 1
api: { servers: { main: { rest: 'http://api.example' } } }
resources: { User: { owner: id, see: anyone, fields: { id: anyone, city: ${field} } } }
operations: { 'GET /user/{id}': ${operation} }
`;
const load = (text: string): ReturnType<typeof loadContract> =>
  loadContract('contract.yaml', (file) => ({ file, text }));

describe('an undecided rule', () => {
  test('of a field is for its owner, of an operation without owner for nobody', () => {
    const { contract, problems } = load(
      contractWith('{ undecided: nobody was asked }', '{ undecided: not tried, returns: User }'),
    );
    expect(problems).toEqual([]);
    expect(contract?.resources['User']?.fields['city']).toMatchObject({
      grant: { see: ['self'] },
      undecided: 'nobody was asked',
    });
    expect(contract?.operations[0]).toMatchObject({ by: ['nobody'], undecided: 'not tried' });
    expect(contract && undecidedRules(contract)).toEqual([
      { at: 'User.city', why: 'nobody was asked' },
      { at: 'GET /user/{id}', why: 'not tried' },
    ]);
    expect(contract && showPlain(contract)).toContain('## Undecided (2)');
  });

  test.each([
    ['a field that has `see`', '{ undecided: x, see: member }', '{ by: anyone, returns: User }', '`see`'],
    ['a field that narrows', '{ undecided: x, narrow: {} }', '{ by: anyone, returns: User }', '`narrow`'],
    ['an operation that has `by`', 'member', '{ undecided: x, by: anyone, returns: User }', '`by`'],
    [
      'a member of a container that has `see`',
      'member',
      '{ by: anyone, returns: { n: { undecided: x, see: member } } }',
      '`see`',
    ],
  ])('cannot be on %s', (_, field, operation, word) => {
    const { contract, problems } = load(contractWith(field, operation));
    expect(contract).toBeUndefined();
    expect(problems.map((each) => each.message)).toEqual([`The rule is undecided, and has ${word}.`]);
  });

  test.each([
    ['no reason', '{ undecided: "" }', 'why it is not decided'],
    ['a reason that is no text', '{ undecided: true }', 'must be a text'],
  ])('with %s is an error', (_, field, message) => {
    const { contract, problems } = load(contractWith(field, '{ by: anyone, returns: User }'));
    expect(contract).toBeUndefined();
    expect(problems[0]?.message).toContain(message);
  });
});

test('an operation that says neither who may call it nor why that is undecided is an error', () => {
  const { problems } = load(contractWith('member', '{ returns: User }'));
  expect(problems).toMatchObject([
    { severity: 'error', message: 'The operation does not say who may call it.', where: { line: 5 } },
  ]);
});
