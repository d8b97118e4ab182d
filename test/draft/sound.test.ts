import type { Exchange } from '@leakproof/core';
import { draft, readAnswers } from '@leakproof/map';
import { buildInventory } from '@leakproof/sources';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileDraft, forbiddenIn } from '../support/draft-verdicts.ts';

// APIs that are sound, of many forms: a draft with true answers must accuse none of them.

const ANSWERS = readAnswers('User.contact: self\nUser.body: self\nNote: self\nMessage: self\nPost: member\n');
const NAMES = ['alice', 'bob', 'carol', 'dora'];

const forms = fc.record({
  ids: fc.constantFrom('int', 'uuid', 'text'),
  order: fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4, maxLength: 4 }),
  noteOwner: fc.constantFrom('user_id', 'userId', 'owner', 'author', 'zone', 'nested'),
  pair: fc.constantFrom(['from_id', 'to_id'], ['sender', 'recipient'], ['a', 'b'], ['user_id', 'peer']),
  envelope: fc.constantFrom(undefined, 'data', 'items', 'results'),
  knows: fc.constantFrom('token', 'identities', 'me'),
  slash: fc.boolean(),
  reviewer: fc.boolean(),
  refused: fc.constantFrom(403, 404),
  shares: fc.constantFrom(undefined, 'shared_with', 'readers'),
  notes: fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
  messages: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 6 }),
});
type Form = typeof forms extends fc.Arbitrary<infer T> ? T : never;

/** Every request of two callers, and of an anonymous one, with the answers of a sound API. */
function exchangesOf(form: Form): Exchange[] {
  const exchanges: Exchange[] = [];
  const idOf = (person: number): number | string => {
    const number = form.order[person] ?? 0;
    if (form.ids === 'int') return number;
    return form.ids === 'uuid' ? `0000000${number}-1111-4111-8111-11111111111${number}` : `u${number}`;
  };
  const open = (person: number): object => ({ id: idOf(person), username: NAMES[person] });
  const full = (person: number): object => ({
    ...open(person),
    email: `${NAMES[person]}@example.org`,
    weight: 60 + person,
  });
  const owned = (person: number): object =>
    form.noteOwner === 'nested' ? { user: open(person) } : { [form.noteOwner]: idOf(person) };
  const notes = form.notes.map((owner, at) => {
    const others = form.shares !== undefined && at % 2 === 1 ? [(owner + 1) % 4, (owner + 2) % 4] : [];
    const shared = form.shares === undefined ? {} : { [form.shares]: others.map(idOf) };
    return { readers: [owner, ...others], body: { id: at + 1, text: `note ${at}`, ...owned(owner), ...shared } };
  });
  const [from = '', to = ''] = form.pair;
  const messages = form.messages.map(([a, b], at) => ({
    people: [a, b],
    body: { id: at + 1, text: `message ${at}`, [from]: idOf(a), [to]: idOf(b) },
  }));
  const posts = NAMES.map((_, person) => ({
    id: person + 1,
    title: `post ${person}`,
    author: open(person),
    ...(form.reviewer ? { reviewer_id: idOf((person + 1) % 4) } : {}),
  }));
  const listed = (items: readonly object[]): unknown =>
    form.envelope === undefined ? items : { [form.envelope]: items, total: items.length };

  for (const caller of [0, 1, undefined]) {
    const send = (path: string, body: unknown, status = body === undefined ? form.refused : 200): void => {
      const target = form.slash ? `${path}/` : path;
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const token = `Bearer ${part({ alg: 'HS256' })}.${part({ sub: String(idOf(caller ?? 0)) })}.c2ln`;
      exchanges.push({
        request: {
          method: 'GET',
          scheme: 'https',
          authority: 'api.example',
          target,
          headers: caller !== undefined && form.knows === 'token' ? [['authorization', token]] : [],
        },
        response: {
          status: caller === undefined ? 401 : status,
          headers: [['content-type', 'application/json']],
          body: Buffer.from(JSON.stringify(caller === undefined ? {} : (body ?? {}))),
        },
        caller: caller === undefined ? { auth: 'anonymous' } : { auth: 'credential', identity: NAMES[caller] },
        time: exchanges.length,
        provenance: { reader: 'test' },
      });
    };
    const me = caller ?? 0;
    send('/me', full(me));
    send('/users', listed([0, 1, 2, 3].map(open)));
    for (const person of [0, 1, 2]) send(`/users/${idOf(person)}`, person === me ? full(person) : open(person));
    send('/notes', listed(notes.filter(({ readers }) => readers.includes(me)).map(({ body }) => body)));
    for (const { readers, body } of notes) send(`/notes/${body.id}`, readers.includes(me) ? body : undefined);
    send('/messages', listed(messages.filter(({ people }) => people.includes(me)).map(({ body }) => body)));
    send('/posts', listed(posts));
    for (const post of posts) send(`/posts/${post.id}`, post);
  }
  return exchanges;
}

test('a sound API is never accused, whatever its form', () => {
  let decided = 0;
  fc.assert(
    fc.property(forms, (form) => {
      const exchanges = exchangesOf(form);
      const builder = buildInventory();
      for (const each of exchanges) builder.add(each);
      const identities = { alice: { ids: [String(form.order[0])] }, bob: { ids: [String(form.order[1])] } };
      const given = form.knows === 'identities' && form.ids === 'int' ? { identities } : {};
      const drafted = draft({ exchanges, inventory: builder.finish(), answers: ANSWERS, ...given });
      const contract = compileDraft(drafted);
      decided += drafted.rules.filter(({ because }) => because === 'answered').length;
      const accused = exchanges.flatMap((exchange) =>
        (forbiddenIn(contract, drafted, { exchange, caller: exchange.caller.identity ?? 'anonymous' }) ?? []).map(
          ({ at, owners }) => `${exchange.caller.identity} ${exchange.request.target} ${at} of ${owners.join('+')}`,
        ),
      );
      expect(accused).toEqual([]);
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) },
  );
  expect(decided).toBeGreaterThan(100);
});
