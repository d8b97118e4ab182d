import { expect, test } from 'vitest';
import { observe } from '../response/observe.ts';
import { contractFrom } from '../testing/contract-from.ts';
import { readJson } from '../wire/json.ts';
import type { Claim } from './claim.ts';
import { judge, type Ruling } from './judge.ts';
import type { Truth } from '../contract/condition.ts';
import type { KnownPrincipal, Principal } from './principal.ts';

const contract = contractFrom(`
leakproof: 1
api: { servers: { one: { rest: 'http://api.example', caller: verified } } }
principals:
  member: { jwt: { issuer: i, audience: a, jwks: 'https://i.example/jwks.json', algorithms: [ES256] }, id: claims.sub, ids: person }
relations:
  friend: { of: person, when: principal.id in object.friends }
  fan: { of: person, object: { User: object.fan } }
  staff: { of: person, when: principal.claims.staff == true }
  asked: { of: person, lookup: POST /x }
states: { private: { of: person, object: { User: object.private } }, shy: { of: person, object: { User: object.shy }, unknown: false } }
resources:
  User:
    owner: id
    see: anyone
    fields:
      id: anyone
      private: anyone
      shy: anyone
      fan: anyone
      friends: anyone
      to_friend: friend
      to_fan: fan
      to_staff: staff
      to_asked: asked
      in_public: { see: member, narrow: { private: self } }
      in_shade: { see: member, narrow: { shy: self } }
operations: { GET /u: { by: anyone, returns: User } }
`);
/** An answer that gives its caller every right. */
const ANSWER = readJson(
  '{"id":"7","private":false,"shy":false,"fan":true,"friends":["9"],"to_friend":1,"to_fan":1,"to_staff":1,"to_asked":1,"in_public":1,"in_shade":1}',
);
const caller = (claims: KnownPrincipal['claims']): Principal => ({
  kind: 'member',
  id: '9',
  ids: 'person',
  space: 'all',
  claims,
});

type Facts = Readonly<Record<string, Truth>>;
const nameOf = (claim: Claim): string => (claim.type === 'relation' ? claim.relation : claim.state);

function ruling(facts: Facts, { alone = true, claims = {} } = {}): Ruling & { readonly names: readonly string[] } {
  const [sighting] = observe(contract, { shape: { type: 'object', resource: 'User' }, space: 'all' }, ANSWER).sightings;
  if (!sighting) throw new Error('Nothing was sighted.');
  const known = { get: (claim: Claim): Truth => facts[nameOf(claim)] ?? 'unknown', ...(alone ? { alone } : {}) };
  const result = judge(contract, caller(claims), sighting, known);
  const names = result.allowed.map((index) => sighting.fields[index]?.field ?? '');
  return { ...result, names: names.filter((name) => name.includes('_')) };
}

test('an answer decides about itself only where it may', () => {
  expect(ruling({}, { alone: false }).names).toEqual(['to_friend', 'to_fan', 'in_public', 'in_shade']);
  expect(ruling({}).names).toEqual(['in_shade']);
});

test.each<[Facts, readonly string[]]>([
  [{ friend: 'yes' }, ['to_friend', 'in_shade']],
  [{ friend: 'no' }, ['in_shade']],
  [{ fan: 'yes' }, ['to_fan', 'in_shade']],
  [{ asked: 'yes' }, ['to_asked', 'in_shade']],
  [{ private: 'no' }, ['in_public', 'in_shade']],
  [{ private: 'yes' }, ['in_shade']],
  [{ shy: 'yes' }, []],
  [{ staff: 'yes' }, ['in_shade']],
])('what is known alone decides: %o', (facts, expected) => expect(ruling(facts).names).toEqual(expected));

test('a condition that reads only the claims of the caller is evaluated', () => {
  expect(ruling({}, { claims: { staff: true } }).names).toContain('to_staff');
});

test('what could change the ruling is asked, also where an answer would have told it', () => {
  expect(ruling({}).asks.map(nameOf).sort()).toEqual(['asked', 'fan', 'friend', 'private', 'shy']);
});
