import { describe, expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { infer } from './infer.ts';

const contract = contractFrom(`
resources:
  User: { owner: id, fields: { id: self, name: self, weight: self, best: { is: { User: [id] }, see: self } } }
  Team: { owner: none, see: anyone, fields: { name: anyone, lead: { is: User } } }
  Post: { owner: author_id, fields: { author_id: self, text: self, author: { is: { User: [name] } } } }
operations:
  GET /users/{id}: { by: member, owner: path.id, returns: User }
  GET /search: { by: member, returns: { data: [{ User: [id, name] }] } }
  GET /mixed: { by: member, returns: { short: [{ User: [id] }], long: User } }
  GET /mixed2: { by: member, returns: { long: User, short: [{ User: [id] }] } }
  GET /two: { by: member, returns: { a: { User: [id] }, b: [{ User: [name] }] } }
  GET /teams: { by: member, returns: { map: Team, key: name } }
  GET /feed: { by: member, returns: [{ by: kind, post: Post, else: Team }] }
  POST /logout: { by: member }
`);

const from = (target: string, method = 'GET') => [...infer(contract, { method, authority: 'api.example', target })];

describe('of a request alone', () => {
  test('the path may name the owner', () =>
    expect(from('/users/7')).toEqual([
      {
        operation: 'GET /users/{id}',
        resource: 'User',
        owner: { kind: 'person', space: 'all', id: '7' },
        basis: 'inferred',
        fields: ['id', 'name', 'weight', 'best'],
      },
    ]));

  test('it may be known only that somebody was seen, and of which fields at most', () =>
    expect(from('/search')).toMatchObject([
      { resource: 'User', owner: undefined, basis: 'upper-bound', fields: ['id', 'name'] },
    ]));

  test.each(['/mixed', '/mixed2'])(
    '%s: a projection in one place is no bound where the whole stands in another',
    (target) => expect(from(target)).toMatchObject([{ fields: ['id', 'name', 'weight', 'best'] }]),
  );

  test('two projections are one bound', () =>
    expect(from('/two')).toMatchObject([{ fields: expect.arrayContaining(['id', 'name']) as unknown }]));

  test('owners are found through maps, choices, and what nobody owns', () => {
    expect(from('/teams').map((each) => each.resource)).toEqual(['User']);
    expect(new Set(from('/feed').map((each) => each.resource))).toEqual(new Set(['User', 'Post']));
  });

  test.each([
    ['an operation that returns nothing', '/logout', 'POST'],
    ['one that is not declared', '/unknown', 'GET'],
    ['a target that could be read in two ways', '/users/%2e%2e', 'GET'],
  ])('%s gives nothing', (_, target, method) => expect(from(target, method)).toEqual([]));
});
