import { describe, expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { ANONYMOUS, principalForServer, isKnown, ownerKey, principalOf } from './principal.ts';

const contract = contractFrom(`
leakproof: 1
api: { servers: { us: { rest: 'http://us.example', ids: us }, uk: { rest: 'http://uk.example', ids: uk } } }
principals:
  member: { verified: { header: x, from: [127.0.0.1] }, id: claims.user.sub, ids: person, space: claims.region }
  staff: { verified: { header: x-staff, from: [127.0.0.1] }, id: claims.sub, ids: staff, space: us, everywhere: true }
owners: { person: { subject: true }, staff: {} }
`);

describe('claims make a principal', () => {
  test.each([
    ['a text', '7', '7'],
    ['a whole number', 7, '7'],
    ['the largest safe number', Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('whose id is %s', (_, sub, id) =>
    expect(principalOf(contract, 'member', { user: { sub }, region: 'us' })).toMatchObject({
      kind: 'member',
      ids: 'person',
      id,
      space: 'us',
    }),
  );

  test.each([
    ['has no id', { region: 'us' }],
    ['has an empty id', { user: { sub: '' }, region: 'us' }],
    ['has an id beyond 2^53, which is not known for sure', { user: { sub: 2 ** 53 }, region: 'us' }],
    ['has half an id', { user: { sub: 7.5 }, region: 'us' }],
    ['has a list for an id', { user: { sub: ['7'] }, region: 'us' }],
    ['has its id in a prototype', { user: Object.create({ sub: '7' }) as unknown, region: 'us' }],
    ['has no region', { user: { sub: '7' } }],
    ['has null for a region', { user: { sub: '7' }, region: null }],
  ])('unless one %s', (_, claims) =>
    expect(() => principalOf(contract, 'member', claims)).toThrow(
      expect.objectContaining({ code: 'LP-IDENTITY-INVALID' }),
    ),
  );

  test('of a kind that the contract has', () => {
    expect(() => principalOf(contract, 'admin', { sub: '1' })).toThrow('no principal kind');
    expect(() => principalOf(contract, '__proto__', { sub: '1' })).toThrow('no principal kind');
  });
});

test('a principal of another id space is nobody, unless its kind is known everywhere', () => {
  const [us, uk] = contract.servers;
  if (!us || !uk) throw new Error('Two servers are needed.');
  const member = principalOf(contract, 'member', { user: { sub: '7' }, region: 'us' });
  const staff = principalOf(contract, 'staff', { sub: '7' });
  expect(principalForServer(contract, us, member)).toBe(member);
  expect(principalForServer(contract, uk, member)).toBe(ANONYMOUS);
  expect(principalForServer(contract, uk, staff)).toBe(staff);
  expect(isKnown(ANONYMOUS)).toBe(false);
});

test('no two owners share a key', () => {
  const owners = ['a', 'b', 'a"', '","b'].flatMap((kind) =>
    ['a', '"', ','].flatMap((space) => ['a', '"b', ''].map((id) => ({ kind, space, id }))),
  );
  expect(new Set(owners.map(ownerKey)).size).toBe(owners.length);
});
