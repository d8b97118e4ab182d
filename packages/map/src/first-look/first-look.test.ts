import { buildInventory } from '@leakproof/sources';
import { expect, test } from 'vitest';
import { type Call, exchangeOf } from '../testing/exchanges.ts';
import { firstLook, type FirstLook } from './first-look.ts';

function look(calls: readonly Call[]): FirstLook {
  const exchanges = calls.map(exchangeOf);
  const builder = buildInventory();
  for (const each of exchanges) builder.add(each);
  return firstLook(exchanges, builder.finish());
}
const user = (id: number): object => ({ id, email: `u${id}@example.org`, title: 'x', password: '$2b$10$abcdefghijkl' });

test('names the operations that gave personal-looking fields to callers without a login, the gravest first', () => {
  const { open } = look([
    { target: '/rides', body: [{ id: 1, title: 'Hills' }] },
    { target: '/people', body: [{ id: 1, city: 'Kirkwall' }] },
    { target: '/users', body: { data: [user(1), user(2)] } },
    { by: 'alice', target: '/me', body: user(1) },
  ]);
  expect(open.map(({ name, objects }) => [name, objects])).toEqual([
    ['GET /users', 2],
    ['GET /people', 1],
  ]);
  expect(open[0]?.fields.map(({ pointer, class: found }) => `${pointer} ${found}`)).toEqual([
    '/data/*/password secret.password',
    '/data/*/email contact.email',
  ]);
});

test('says nothing of a login, which gives callers without one their own data', () => {
  const call: Call = { method: 'POST', target: '/login', sent: { password: 'x' }, body: { user: user(1) } };
  expect(look([call]).open).toEqual([]);
});

test('lists what nobody without a login was seen to try', () => {
  const { notAsked } = look([
    { by: 'alice', target: '/me', body: user(1) },
    { target: '/rides', status: 401 },
    { by: 'alice', target: '/gone', status: 404 },
  ]);
  expect(notAsked).toEqual(['GET /me']);
});

test('contains no value', () => {
  expect(JSON.stringify(look([{ target: '/users/u1@example.org', body: user(1) }]))).not.toContain('example.org');
});

const graphql = (query: string, data: object, by?: string): Call => ({
  ...(by === undefined ? {} : { by }),
  method: 'POST',
  target: '/graphql',
  sent: { query },
  body: { data, errors: 'gone' in data ? [{ path: ['gone'] }] : [] },
});

test('names the GraphQL queries that gave such fields, whatever their aliases', () => {
  const { open, notAsked } = look([
    graphql('{ all: users { id address: email } gone: user(id: 1) { email } }', {
      all: [{ id: 1, address: 'u1@example.org' }],
      gone: null,
    }),
    graphql('{ me { id email } }', { me: { id: 1, email: 'u1@example.org' } }, 'alice'),
  ]);
  expect(open.map(({ name, fields }) => [name, fields.map(({ pointer }) => pointer)])).toEqual([
    ['Query.users', ['/*/email']],
  ]);
  expect(notAsked).toEqual(['Query.me']);
});

test('reads no mutation: what it answers may be meant for its caller after it', () => {
  const { open } = look([graphql('mutation { signUp { email } }', { signUp: { email: 'u1@example.org' } })]);
  expect(open).toEqual([]);
});

test('counts the exchanges without a login, and those whose caller is not known', () => {
  const exchanges = [
    exchangeOf({ target: '/rides' }),
    { ...exchangeOf({ target: '/me' }), caller: { auth: 'unknown' } as const },
  ];
  const builder = buildInventory();
  for (const each of exchanges) builder.add(each);
  expect(firstLook(exchanges, builder.finish())).toMatchObject({ anonymous: 1, unknown: 1, notAsked: ['GET /me'] });
});
