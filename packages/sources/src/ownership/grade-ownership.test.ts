import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Caller, Exchange } from '@leakproof/core';
import { buildInventory } from '../inventory/build-inventory.ts';
import { exchangeOf } from '../testing/exchange-of.ts';
import { matchOperations } from '../inventory/paths/operation-matcher.ts';
import { gradeOwnership } from './grade-ownership.ts';
import type { ObservedPrincipal, OwnershipReport } from './ownership.ts';

const as = (identity: string): { caller: Caller } => ({ caller: { auth: 'credential', identity } });
const anonymous: { caller: Caller } = { caller: { auth: 'anonymous' } };
const ALICE = '7f1c1c52-8f5b-4c0e-9f0e-1f2f3a4b5c01';
const BOB = '7f1c1c52-8f5b-4c0e-9f0e-1f2f3a4b5c02';
const PRINCIPALS = { alice: { ids: [ALICE] }, bob: { ids: [BOB] } };
const W = (n: number): string => `0b1e6f9a-5c4d-4e3f-8a2b-00000000000${n}`;

function gradesOf(
  exchanges: readonly Exchange[],
  principals: Record<string, ObservedPrincipal> = PRINCIPALS,
): OwnershipReport {
  const inventory = buildInventory();
  for (const exchange of exchanges) inventory.add(exchange);
  return gradeOwnership(exchanges, {
    key: new Uint8Array(32),
    operationOf: matchOperations(inventory.finish()),
    principals,
  });
}

const workouts = (...ids: string[]): unknown => ({
  data: ids.map((id) => ({ id, minutes: 31, place: 'Kirkwall' })),
  show_next: false,
});
const twice = (...exchanges: Exchange[]): readonly Exchange[] => [...exchanges, ...exchanges];
const listsOfBoth = (aliceHas: readonly string[], bobHas: readonly string[]): readonly Exchange[] => [
  ...twice(exchangeOf('GET /me/workouts', { answer: workouts(...aliceHas), ...as('alice') })),
  ...twice(exchangeOf('GET /me/workouts', { answer: workouts(...bobHas), ...as('bob') })),
];
const anonymousRefused = exchangeOf('GET /me/workouts', { status: 401, answer: { error: 'no' }, ...anonymous });

test('an object that alice created and read back is hers at grade O3', () => {
  const { objects } = gradesOf([
    exchangeOf('POST /workouts', {
      send: { minutes: 31 },
      status: 201,
      answer: { id: W(1), minutes: 31 },
      ...as('alice'),
    }),
    exchangeOf(`GET /workouts/${W(1)}`, { answer: { id: W(1), minutes: 31 }, ...as('alice') }),
  ]);
  expect(objects).toMatchObject([{ owner: 'alice', grade: 3, provable: true, counter: [] }]);
});

test('an object that was not read back, or by another identity, is not O3', () => {
  const created = exchangeOf('POST /workouts', {
    send: { minutes: 31 },
    status: 201,
    answer: { id: W(1), minutes: 31 },
    ...as('alice'),
  });
  const { objects } = gradesOf([
    created,
    exchangeOf(`GET /workouts/${W(1)}`, { answer: { id: W(1), minutes: 31 }, ...as('bob') }),
  ]);
  expect(objects).toMatchObject([{ owner: undefined, grade: 0, provable: false }]);
});

test('a login that returns an id creates nothing', () => {
  const { objects } = gradesOf(
    [
      exchangeOf('POST /auth/login', {
        send: { username: 'alice', password: 'pw-alice' },
        answer: { id: W(1), session: 'jR3kLx9QwZ1' },
        ...as('alice'),
      }),
      exchangeOf(`GET /user/${W(1)}`, { answer: { id: W(1), username: 'alice' }, ...as('alice') }),
    ],
    {},
  );
  expect(objects.map(({ grade }) => grade)).toEqual([0]);
});

test('an object in alice’s own list only is hers at grade O2, and provable only with O1', () => {
  const plain = gradesOf([...listsOfBoth([W(1)], [W(2)]), anonymousRefused]);
  expect(plain.objects).toMatchObject(
    [
      { owner: 'alice', grade: 2, provable: false, missing: [] },
      { owner: 'bob', grade: 2, provable: false, missing: [] },
    ].sort(() => 0),
  );
  const declared = gradesOf([
    ...listsOfBoth([W(1)], [W(2)]),
    anonymousRefused,
    exchangeOf(`GET /workouts/${W(1)}`, { answer: { id: W(1), user: { id: ALICE } }, ...as('alice') }),
  ]);
  expect(declared.objects.find(({ owner, kind }) => owner === 'alice' && kind === 'workout')).toMatchObject({
    grade: 2,
    provable: true,
  });
});

test.each([
  [
    'list-sampled-once',
    [
      exchangeOf('GET /me/workouts', { answer: workouts(W(1)), ...as('alice') }),
      ...twice(exchangeOf('GET /me/workouts', { answer: workouts(W(2)), ...as('bob') })),
      anonymousRefused,
    ],
  ],
  [
    'list-not-exhausted',
    [
      ...twice(exchangeOf('GET /me/workouts', { answer: { data: [{ id: W(1) }], show_next: true }, ...as('alice') })),
      ...twice(exchangeOf('GET /me/workouts', { answer: workouts(W(2)), ...as('bob') })),
      anonymousRefused,
    ],
  ],
  [
    'no-other-identity',
    [...twice(exchangeOf('GET /me/workouts', { answer: workouts(W(1)), ...as('alice') })), anonymousRefused],
  ],
  ['anonymous-not-tried', listsOfBoth([W(1)], [W(2)])],
] as const)('an incomplete list (%s) is no evidence, and the report says what is missing', (missing, exchanges) => {
  const { objects } = gradesOf(exchanges);
  const lacking = objects.filter((object) => (object.missing as readonly string[]).includes(missing));
  expect(lacking.map(({ grade }) => grade)).toContain(0);
  expect(lacking.every(({ grade }) => grade === 0)).toBe(true);
});

test('an object that is in bob’s own list too is shared and not provable', () => {
  const { objects } = gradesOf([
    ...listsOfBoth([W(1), W(3)], [W(2), W(3)]),
    anonymousRefused,
    exchangeOf('POST /workouts', {
      send: { minutes: 31 },
      status: 201,
      answer: { id: W(4), minutes: 31 },
      ...as('alice'),
    }),
    exchangeOf(`GET /workouts/${W(4)}`, { answer: { id: W(4), minutes: 31 }, ...as('alice') }),
    ...listsOfBoth([W(1), W(3), W(4)], [W(2), W(3), W(4)]),
  ]);
  expect(objects.find(({ grade }) => grade === 3)).toMatchObject({
    owner: 'alice',
    provable: false,
    counter: [{ type: 'shared', identity: 'bob' }],
  });
});

test('a projection that an anonymous caller got is public, another projection is not', () => {
  const own = [
    exchangeOf('POST /workouts', {
      send: { minutes: 31 },
      status: 201,
      answer: { id: W(1), minutes: 31 },
      ...as('alice'),
    }),
    exchangeOf(`GET /workouts/${W(1)}`, { answer: { id: W(1), minutes: 31, place: 'x' }, ...as('alice') }),
  ];
  const read = (answer: unknown): Exchange => exchangeOf(`GET /workouts/${W(1)}`, { answer, ...anonymous });
  expect(gradesOf([...own, read({ id: W(1), minutes: 31, place: 'x' })]).objects[0]).toMatchObject({
    provable: false,
    counter: [{ type: 'public' }],
  });
  expect(gradesOf([...own, read({ id: W(1), minutes: 31 })]).objects[0]).toMatchObject({ provable: true, counter: [] });
});

test('reads by the same tenant or a supervisor are counter-evidence', () => {
  const exchanges = [
    exchangeOf(`GET /user/${ALICE}`, { answer: { id: ALICE, place: 'x' }, ...as('alice') }),
    exchangeOf(`GET /user/${ALICE}`, { answer: { id: ALICE, place: 'x' }, ...as('bob') }),
    exchangeOf(`GET /user/${ALICE}`, { answer: { id: ALICE, place: 'x' }, ...as('sid') }),
  ];
  const { objects } = gradesOf(exchanges, {
    alice: { ids: [ALICE], tenant: 'northwind' },
    bob: { ids: [BOB], tenant: 'northwind' },
    sid: { ids: ['staff-1'], supervises: ['alice'] },
  });
  expect(objects).toMatchObject([
    {
      owner: 'alice',
      grade: 1,
      provable: false,
      evidence: [{ because: 'is-the-principal' }],
      counter: [
        { type: 'same-tenant', identity: 'bob' },
        { type: 'ancestor', identity: 'sid' },
      ],
    },
  ]);
});

test('an exchange with an unknown caller is ignored and counted', () => {
  expect(gradesOf([exchangeOf(`GET /workouts/${W(1)}`, { answer: { id: W(1) } })])).toEqual({
    objects: [],
    unlabelled: 1,
  });
});

test('objects of grade O0 are never provable, and a report contains no id', () => {
  const id = fc.constantFrom(W(1), W(2), ALICE, BOB, '90211');
  const exchange = fc
    .record({
      who: fc.constantFrom('alice', 'bob', 'eve'),
      id,
      other: id,
      status: fc.constantFrom(200, 201, 401),
      method: fc.constantFrom('GET', 'POST'),
    })
    .map(({ who, id: one, other, status, method }) =>
      exchangeOf(`${method} /things/${one}`, {
        status,
        answer: { id: other, user_id: one, list: [{ id: one }] },
        ...as(who),
      }),
    );
  fc.assert(
    fc.property(fc.array(exchange, { maxLength: 20 }), (exchanges) => {
      const report = gradesOf(exchanges);
      for (const { grade, provable } of report.objects) expect(provable && grade < 2).toBe(false);
      expect(JSON.stringify(report)).not.toMatch(/0b1e6f9a|7f1c1c52|90211/);
    }),
    { numRuns: 50 },
  );
});
