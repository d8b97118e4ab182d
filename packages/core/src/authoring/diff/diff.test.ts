import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledContract, Grant } from '../../contract/compiled.ts';
import { diffContracts, widens } from './diff.ts';
import { loadContractOrThrow } from '../compile/load-contract.ts';

const base = `
leakproof: 1
api: { servers: { main: { rest: 'http://api.example' } } }
principals: { member: { jwt: { issuer: i, audience: a, jwks: 'https://i.example/jwks', algorithms: [ES256] }, id: claims.sub, ids: person } }
relations: { follower: { of: person, lookup: POST /lookup } }
states: { private: { of: person, lookup: POST /lookup } }
resources: { User: { owner: id, see: anyone, fields: { id: anyone, city: { see: member, narrow: { private: [self, follower] } }, weight: self } } }
operations: { 'GET /user/{id}': { by: member, returns: { User: [id, city] } } }
`;

function contractOf(text: string): CompiledContract {
  return loadContractOrThrow('contract.yaml', (file) => ({ file, text }));
}

describe('contract diff', () => {
  test.each([
    ['a field shown to more people', 'weight: self', 'weight: follower', 'widening'],
    ['a field shown to fewer', 'weight: self', 'weight: nobody', 'narrowing'],
    ['a state that narrows less', '[self, follower] } }', '[self, follower, member] } }', 'widening'],
    ['a state that narrows more', '[self, follower] } }', '[self] } }', 'narrowing'],
    ['a state that narrows no more', ', narrow: { private: [self, follower] }', '', 'widening'],
    ['a new field', 'weight: self', 'weight: self, age: self', 'widening'],
    ['a new field for nobody', 'weight: self', 'weight: self, age: nobody', undefined],
    ['a projection with one more field', '[id, city]', '[id, city, weight]', 'widening'],
    ['a projection with one less', '[id, city]', '[id]', 'narrowing'],
    ['an operation for more callers', 'by: member', 'by: anyone', 'widening'],
    ['one more response header', 'by: member', 'response-headers: [link], by: member', 'widening'],
    [
      'an unknown state that no longer counts',
      'private: { of: person,',
      'private: { of: person, unknown: false,',
      'widening',
    ],
    ['an undecided field', 'weight: self', 'weight: { undecided: nobody was asked }', 'review'],
    ['enforcing no more', 'leakproof: 1', 'leakproof: 1\nmode: monitor', 'widening'],
    [
      'another lookup',
      'follower: { of: person, lookup: POST /lookup }',
      'follower: { of: person, lookup: POST /all }',
      'review',
    ],
  ])('%s is told for what it is', (_, from, to, kind) => {
    expect(base).toContain(from);
    const changes = diffContracts(contractOf(base), contractOf(base.replace(from, to)));
    expect(changes.map((change) => change.kind)).toEqual(kind === undefined ? [] : [kind]);
    expect(changes.some(widens)).toBe(kind === 'widening' || kind === 'review');
  });

  test.each([
    ['for its owner only', 'self', ['narrowing']],
    ['for nobody', 'nobody', ['narrowing', 'narrowing']],
    ['for more people', 'member', ['widening', 'narrowing']],
  ])('an undecided field that is decided %s is told for what it is', (_, decision, kinds) => {
    const undecided = contractOf(base.replace('weight: self', 'weight: { undecided: nobody was asked }'));
    const changes = diffContracts(undecided, contractOf(base.replace('weight: self', `weight: ${decision}`)));
    expect(changes.map((change) => change.kind)).toEqual(kinds);
  });

  test('an undecided operation that is decided for everybody widens', () => {
    const undecided = contractOf(
      base.replace("'GET /user/{id}': { by: member", "'GET /user/{id}': { undecided: not tried"),
    );
    const kinds = diffContracts(undecided, contractOf(base)).map((change) => change.kind);
    expect(kinds).toEqual(['widening', 'narrowing']);
  });

  const RELATIONS = ['anyone', 'member', 'self', 'follower', 'nobody'];
  const grants: fc.Arbitrary<Grant> = fc.record({
    see: fc.subarray(RELATIONS, { minLength: 1 }),
    narrow: fc.dictionary(fc.constantFrom('private', 'minor'), fc.subarray(RELATIONS, { minLength: 1 }), {
      maxKeys: 2,
    }),
  });

  /** Whether a grant lets in somebody who stands in `standing` while `states` hold: by the book, for every case. */
  function lets(grant: Grant, standing: readonly string[], states: readonly string[]): boolean {
    return (
      grant.see.some((each) => standing.includes(each)) &&
      states.every((state) => !grant.narrow[state] || grant.narrow[state].some((each) => standing.includes(each)))
    );
  }

  test('a grant is a widening exactly if somebody, in some states, is let in who was not', () => {
    const contract = contractOf(base);
    const withGrant = (grant: Grant): CompiledContract => {
      const user = contract.resources['User'];
      if (!user?.fields['weight']) throw new Error('The base has no weight.');
      return {
        ...contract,
        resources: { User: { ...user, fields: { ...user.fields, weight: { ...user.fields['weight'], grant } } } },
      };
    };
    const known = ['anyone', 'member'];
    const standings = [['anyone'], known, [...known, 'self'], [...known, 'follower'], [...known, 'self', 'follower']];
    const states = [[], ['private'], ['minor'], ['private', 'minor']];
    fc.assert(
      fc.property(grants, grants, (before, after) => {
        const wider = standings.some((standing) =>
          states.some((held) => !lets(before, standing, held) && lets(after, standing, held)),
        );
        expect(diffContracts(withGrant(before), withGrant(after)).some(widens)).toBe(wider);
      }),
    );
  });
});
