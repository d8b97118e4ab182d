import { loadContract } from '@leakproof/core/authoring';
import type { CompiledContract } from '@leakproof/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../answers/answer.ts';
import { classify } from '../classify/classify.ts';
import { type Call, draftOf } from '../testing/exchanges.ts';
import type { Draft } from './draft-types.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);

function compiled({ source }: Draft): CompiledContract {
  const { contract, problems } = loadContract('draft.yaml', (file) => ({ file, text: source }));
  expect(problems).toEqual([]);
  if (!contract) throw new Error('no contract');
  return contract;
}

const keys = fc.oneof(
  fc.constantFrom(
    'id',
    '_id',
    'user_id',
    'user',
    'owner',
    'data',
    'items',
    'email',
    'name',
    'password',
    'token',
    'by',
    'map',
    'key',
    'is',
  ),
  fc.constantFrom(
    'see',
    'undecided',
    'else',
    'none',
    'parent',
    'fields',
    'private',
    '__proto__',
    'constructor',
    'toString',
    'a.b',
    'a/b',
    'a[]',
  ),
  fc.constantFrom(
    'User',
    'users',
    'errors',
    'file',
    'headers',
    'userinfo',
    'narrow',
    'instead',
    '*',
    '~',
    'true',
    'null',
    '1',
  ),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const scalars = fc.oneof(
  fc.constantFrom(null, true, false, 1, 2, 3, '1', '2', 'alice', 'bob', 'a@example.org', '', 1.5, -1, 9e20),
  fc.string({ maxLength: 10 }),
  fc.uuid(),
);
const bodies = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
  ),
})).value;
const targets = fc.oneof(
  fc.constantFrom(
    '/users',
    '/users/1',
    '/users/2',
    '/users/alice',
    '/me',
    '/',
    '/users/1/notes',
    '/notes?userId=1',
    '/notes?a=1&a=2',
  ),
  fc
    .array(
      fc.oneof(
        fc.constantFrom('users', 'me', 'notes', '1', '{id}', '{}', 'a.b', '..', '%2f', 'a b', '*', 'é'),
        fc.string({ maxLength: 5 }),
      ),
      { maxLength: 4 },
    )
    .map((steps) => `/${steps.map((step) => step.replaceAll(/[\s#?]/g, '')).join('/')}`),
);
const calls: fc.Arbitrary<Call> = fc.record(
  {
    by: fc.constantFrom('alice', 'bob', 'carol'),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'FOO'),
    target: targets,
    status: fc.constantFrom(200, 201, 204, 301, 401, 403, 404, 500),
    sent: bodies,
    body: bodies,
    time: fc.nat(5),
    host: fc.constantFrom('api.example', 'api.example:8080', '', '???', 'other.example'),
  },
  { requiredKeys: ['target'] },
);
const answers: fc.Arbitrary<Answer[]> = fc.array(
  fc.record(
    {
      about: fc.constantFrom('User', 'User.contact', 'User.email', 'Note', 'users', 'Object'),
      see: fc.subarray(['self', 'member', 'anyone', 'nobody', 'colleague', 'private', 'nonsense'], { minLength: 1 }),
      narrow: fc.record({
        flag: fc.constantFrom('private', 'hidden', 'is'),
        not: fc.boolean(),
        to: fc.subarray(['self', 'member', 'private'], { minLength: 1 }),
      }),
    },
    { requiredKeys: ['about', 'see'] },
  ),
  { maxLength: 4 },
);
const identities = { alice: { ids: ['1'] }, bob: { ids: ['2'] } };

describe('a draft of any exchanges', () => {
  test('compiles without a problem, whatever they contain', () => {
    let resources = 0;
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 12 }), answers, (made, answered) => {
        const contract = compiled(draftOf(made, { identities, answers: answered }));
        resources += Object.keys(contract.resources).length;
      }),
      { numRuns: RUNS },
    );
    expect(resources).toBeGreaterThan(RUNS / 4);
  });

  test('is the same for the same exchanges in another order, if their times are equal', () => {
    const shuffled = fc
      .array(
        calls.map((call) => ({ ...call, time: 0 })),
        { minLength: 2, maxLength: 8 },
      )
      .chain((made) => fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length })));
    fc.assert(
      fc.property(shuffled, ([a, b]) => {
        const [x, y] = [draftOf(a, { identities }), draftOf(b, { identities })];
        expect(y.source).toBe(x.source);
        expect(y.questions).toEqual(x.questions);
        expect(y.rules).toEqual(x.rules);
      }),
      { numRuns: RUNS },
    );
  });

  test('contains no value of a personal field, no id and no credential', () => {
    const VALUES = ['zqmail@example.org', 'Zqname Zqsurname', 'zqhandle', 'zq5f3a9c1b7e', 'zqcity', '+49 170 5550123'];
    const values = fc.constantFrom(...VALUES);
    const people = fc.record({
      id: fc.constantFrom('zq5f3a9c1b7e', 1, 2),
      email: values,
      username: values,
      name: values,
      city: values,
      friends: fc.dictionary(
        values.filter((value) => /[@ ]/.test(value)),
        fc.constantFrom(1, true, null),
        { maxKeys: 2 },
      ),
      by_name: fc
        .array(fc.record({ name: values, age: fc.nat(90) }), { maxLength: 3 })
        .map((list) => Object.fromEntries(list.map((each) => [each.name, each]))),
    });
    // The value in the path comes back: of one that never does, nothing tells that it is no word of the API.
    const made = fc
      .record({
        by: fc.constantFrom('alice', 'bob'),
        claims: fc.constant({ sub: 'zq5f3a9c1b7e', email: 'zqmail@example.org' }),
        person: people,
        form: fc.constantFrom('list', 'one', 'nested', 'below'),
      })
      .map(({ by, claims, person, form }): Call => {
        const name = encodeURIComponent(person.username);
        if (form === 'list') return { by, claims, target: '/users', body: [person] };
        if (form === 'one') return { by, claims, target: `/users/${name}`, body: person };
        if (form === 'nested') return { by, claims, target: `/users/${name}/notes?${name}=1`, body: { data: person } };
        return { by, claims, target: `/find/${name}/now?q=${name}`, status: 404, body: person };
      });
    fc.assert(
      fc.property(fc.array(made, { minLength: 1, maxLength: 8 }), (list) => {
        const { source, rules, questions, leftOut } = draftOf(list);
        const text = JSON.stringify([source, rules, questions, leftOut]);
        for (const value of VALUES) expect(text).not.toContain(value);
        expect(text).not.toMatch(/zq/i);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Who a rule lets see a field, from nobody to everybody. */
const WIDTH = ['nobody', 'self', 'member', 'anyone'];
const width = (contract: CompiledContract, resource: string, field: string): number =>
  Math.max(
    ...(contract.resources[resource]?.fields[field]?.grant.see ?? ['nobody']).map((each) => WIDTH.indexOf(each)),
  );

test('what strangers are given in addition makes no rule of a personal field wider', () => {
  const person = (id: number): Record<string, unknown> => ({
    id,
    username: `user${id}`,
    email: `u${id}@example.org`,
    weight: 60 + id,
    notes: [{ id: 10 + id, user_id: id, text: `note of ${id}`, city: `Town ${id}` }],
  });
  const base: Call[] = [1, 2].flatMap((id) => {
    const by = id === 1 ? 'alice' : 'bob';
    return [
      { by, target: '/me', body: person(id), claims: { sub: String(id) }, time: 1 },
      { by, target: `/users/${id}`, body: person(id), claims: { sub: String(id) }, time: 2 },
      { by, target: '/notes', body: person(id)['notes'], claims: { sub: String(id) }, time: 3 },
    ];
  });
  const strangers = fc.array(
    fc.record({
      by: fc.constantFrom(undefined, 'alice', 'bob', 'mallory'),
      target: fc.constantFrom(
        '/users/1',
        '/users/2',
        '/users',
        '/notes/11',
        '/notes',
        '/search?q=u',
        '/feed',
        '/notes?userId=2',
      ),
      body: fc.oneof(
        fc.constantFrom(1, 2, 3).map(person),
        fc.constantFrom(1, 2, 3).map((id) => [person(id), person(id + 1)]),
        fc.constantFrom(1, 2, 3).map((id) => (person(id)['notes'] as unknown[])[0]),
        fc.constantFrom(1, 2).map((id) => ({ data: person(id)['notes'], total: 1 })),
      ),
      time: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const before = compiled(draftOf(base));
  const personal = Object.values(before.resources).flatMap(({ name, fields }) =>
    Object.keys(fields).map((field) => [name, field] as const),
  );
  expect(personal.length).toBeGreaterThan(6);
  fc.assert(
    fc.property(strangers, (added) => {
      const more = added.map(({ by, ...call }) => (by === undefined ? call : { ...call, by }));
      const after = compiled(draftOf([...base, ...more]));
      for (const resource of Object.values(after.resources))
        for (const field of Object.keys(resource.fields)) {
          const isPersonal = classify({ name: field, of: resource.name, shapes: [] }) !== undefined;
          const was = width(before, resource.name, field);
          const isNew = before.resources[resource.name]?.fields[field] === undefined;
          if (isPersonal)
            expect([field, width(after, resource.name, field)]).toEqual([
              field,
              Math.min(was < 0 || isNew ? 1 : was, width(after, resource.name, field)),
            ]);
          else if (!isNew)
            expect([resource.name, field, width(after, resource.name, field) <= was]).toEqual([
              resource.name,
              field,
              true,
            ]);
        }
    }),
    { numRuns: RUNS },
  );
});
