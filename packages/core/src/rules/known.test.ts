import { expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { AskingKnown } from './asking.ts';
import { type Claim, claimKey } from './claim.ts';
import { knownFrom, lookupsOf, NOTHING_KNOWN } from './known.ts';
import type { KnownPrincipal } from './principal.ts';

const owner = { kind: 'person', space: 'all', id: '7' };
const principal: KnownPrincipal = { kind: 'member', ids: 'person', space: 'all', id: '9', claims: {} };
const PRIVATE: Claim = { type: 'state', state: 'private', owner };
const FRIEND: Claim = { type: 'relation', relation: 'friend', principal, owner };

test('answers are known by their claims, and anything else is unknown', () => {
  const known = knownFrom(
    new Map([
      [claimKey(PRIVATE), 'no'],
      [claimKey(FRIEND), 'yes'],
    ]),
  );
  expect(known.get(PRIVATE)).toBe('no');
  expect(known.get(FRIEND)).toBe('yes');
  expect(known.get({ ...PRIVATE, owner: { ...owner, id: '8' } })).toBe('unknown');
  expect(known.get({ ...FRIEND, relation: 'fan' })).toBe('unknown');
});

test('what is not known is asked, each claim once; what is known is not', () => {
  const asking = new AskingKnown(knownFrom(new Map([[claimKey(FRIEND), 'no']])));
  expect([FRIEND, PRIVATE, PRIVATE, { ...PRIVATE }].map((claim) => asking.get(claim))).toEqual([
    'no',
    'unknown',
    'unknown',
    'unknown',
  ]);
  expect(asking.asks).toEqual([PRIVATE]);
});

test('nothing is known of nothing', () => expect(NOTHING_KNOWN.get(PRIVATE)).toBe('unknown'));

test('the lookups of a contract are its relations and states that are decided by one', () => {
  const contract = contractFrom(`
relations: { friend: { of: person, lookup: POST /x }, staff: { of: person, when: principal.claims.staff == true } }
states: { private: { of: person, lookup: POST /x }, shy: { of: person, object: { User: object.shy } } }
resources: { User: { owner: id, fields: { id: self, shy: self } } }
operations: { GET /u: { by: anyone, returns: User } }
`);
  expect(lookupsOf(contract)).toBe(2);
});
