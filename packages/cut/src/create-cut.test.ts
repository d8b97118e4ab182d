import { describe, expect, test } from 'vitest';
import { contractFrom } from '../../core/src/testing/contract-from.ts';
import { type Claim, knownFrom, type Principal, type Truth } from '@leakproof/core';
import { createCut } from './create-cut.ts';
import type { CutOptions } from './cut-options.ts';
import { join } from './testing/outcomes.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const CONTRACT = contractFrom(`
relations: { follower: { of: person, lookup: 'POST /follows' } }
resources:
  User: { owner: id, see: anyone, fields: { id: anyone, name: anyone, weight: self, city: [self, follower] } }
operations:
  GET /users: { by: anyone, returns: [ User ] }
  GET /page: { by: anyone, returns: { total: plain, data: [ User ] } }
  GET /user: { by: anyone, returns: User }
`);
const CALLER: Principal = { kind: 'member', id: '7', ids: 'person', space: 'one', claims: {} };
const USER = '{"id":8,"name":"a","weight":50}';

function cutOf(operation: string, options: CutOptions = {}, mode: 'enforce' | 'monitor' = 'enforce') {
  const found = CONTRACT.operations.find((each) => each.name === operation);
  if (!found) throw new Error(`There is no ${operation}.`);
  const space = CONTRACT.servers[0]?.space ?? '';
  const principal = { ...CALLER, space };
  return createCut(CONTRACT, { expected: { shape: found.returns, space }, principal, mode }, options);
}

const bytes = (text: string): Uint8Array => encoder.encode(text);
const textOf = (chunks: readonly Uint8Array[]): string => decoder.decode(join(chunks));

describe('a list', () => {
  test.each([
    ['GET /users', '[', ']'],
    ['GET /page', '{"total":2,"data":[', '],"next":1}'],
  ])('of %s is released element by element, each with its facts', (operation, open, close) => {
    const cut = cutOf(operation);
    expect(cut.push(bytes(`${open}${USER}`))).toMatchObject({
      type: 'release',
      facts: [{ ids: ['8'], seen: ['id', 'name'], withheld: ['weight'] }],
    });
    const next = cut.push(bytes(`, ${USER}`));
    expect(next).toMatchObject({ type: 'release', facts: [{ ids: ['8'] }] });
    expect(next.type === 'release' && textOf(next.chunks)).toBe(', {"id":8,"name":"a"}');
    expect(cut.push(bytes(close))).toEqual({ type: 'more' });
    const last = cut.end();
    expect(last.type === 'release' && textOf(last.chunks)).toBe(close.replace(',"next":1', ''));
  });

  test('that ends early after chunks were released is refused as started', () => {
    const cut = cutOf('GET /users');
    expect(cut.push(bytes(`[${USER},`))).toMatchObject({ type: 'release' });
    expect(cut.end()).toMatchObject({ type: 'refuse', because: 'unreadable', started: true });
  });

  test('that is invalid in its first chunk is refused before anything is released', () => {
    const cut = cutOf('GET /users');
    expect(cut.push(bytes(`[${USER},]`))).toMatchObject({ type: 'refuse', code: 'LP-JSON-INVALID', started: false });
    expect(cut.push(bytes(USER))).toMatchObject({ type: 'refuse' });
  });

  test.each([1, 7, 1_000])('with an element above the limit is refused, in parts of %i bytes', (size) => {
    const cut = cutOf('GET /users', { maxElementBytes: 400 });
    const body = bytes(`[${USER},{"id":8,"name":"${'x'.repeat(400)}"}]`);
    const steps = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
      cut.push(body.slice(at * size, (at + 1) * size)),
    );
    expect(steps.at(-1)).toMatchObject({ type: 'refuse', because: 'too-large', code: 'LP-RESPONSE-TOO-LARGE' });
  });

  test('may be of any length if each element is within the limit', () => {
    const cut = cutOf('GET /users', { maxElementBytes: 100 });
    cut.push(bytes('['));
    for (let count = 0; count < 1_000; count++) {
      const step = cut.push(bytes(`${count === 0 ? '' : ','}${USER}`));
      expect(step).toMatchObject({ type: 'release' });
    }
    cut.push(bytes(']'));
    expect(cut.end()).toMatchObject({ type: 'release' });
  });

  test('that is kept whole is released without a copy', () => {
    const body = bytes(`[${Array.from({ length: 100 }, () => '{"id":7,"name":"a","weight":50}').join(',')}]`);
    const cut = cutOf('GET /users');
    cut.push(body);
    const last = cut.end();
    expect(last.type === 'release' && last.chunks.map((each) => [each.buffer === body.buffer, each.length])).toEqual([
      [true, body.length],
    ]);
  });
});

test('pushed bytes are never changed, not even those of a Buffer', () => {
  const text = `[${Array.from({ length: 50 }, () => USER).join(', ')}]`;
  const body = Buffer.from(text);
  const cut = cutOf('GET /users');
  const steps = [cut.push(body.subarray(0, 77)), cut.push(body.subarray(77)), cut.end()];
  expect(body.toString()).toBe(text);
  const released = steps.map((each) => ('chunks' in each ? textOf(each.chunks) : '')).join('');
  expect(released).toBe(text.replaceAll(',"weight":50', ''));
});

describe('an unknown claim', () => {
  const withCity = (id: number): string => `{"id":${id},"city":"b"}`;
  const follows = (answers: Readonly<Record<string, Truth>>) => ({
    get: (claim: Claim) => answers[claim.owner.id] ?? 'unknown',
  });

  test('is asked together with those of a window of elements, whose order is kept', () => {
    const cut = cutOf('GET /users', { windowElements: 3 });
    const first = cut.push(bytes(`[${[1, 2, 3, 4, 5].map(withCity).join(',')}]`));
    expect(first.type === 'ask' && first.asks.map((each) => each.owner.id)).toEqual(['1', '2', '3']);
    expect(cut.answer(follows({ 1: 'no', 2: 'yes' }))).toEqual({ type: 'more' });
    const second = cut.end();
    expect(second.type === 'ask' && second.asks.map((each) => each.owner.id)).toEqual(['4', '5']);
    const last = cut.answer(follows({ 5: 'yes' }));
    const released = [first, second, last].map((each) => ('chunks' in each ? textOf(each.chunks) : '')).join('');
    expect(released).toBe('[{"id":1},{"id":2,"city":"b"},{"id":3},{"id":4},{"id":5,"city":"b"}]');
  });

  test('is asked once for each owner; unanswered, its fields are withheld', () => {
    const cut = cutOf('GET /users');
    cut.push(bytes(`[${[1, 1, 1].map(withCity).join(',')}]`));
    const step = cut.end();
    expect(step.type === 'ask' && step.asks).toHaveLength(1);
    const last = cut.answer(knownFrom(new Map()));
    expect(last.type === 'release' && textOf(last.chunks)).toBe('[{"id":1},{"id":1},{"id":1}]');
  });

  test('does not delay the elements before it', () => {
    const cut = cutOf('GET /users', { windowElements: 1 });
    const step = cut.push(bytes(`[${USER},${withCity(3)},${USER}`));
    expect(step.type === 'ask' && textOf(step.chunks)).toBe('[{"id":8,"name":"a"}');
    expect(step.type === 'ask' && step.facts).toHaveLength(1);
  });

  test('has to be answered before more bytes are pushed, in enforce', () => {
    const cut = cutOf('GET /users', { windowElements: 1 });
    expect(cut.push(bytes(`[${withCity(3)}`)).type).toBe('ask');
    expect(() => cut.push(bytes(','))).toThrow(/before the claims were answered/);
  });
});

describe('in monitor', () => {
  test('every byte passes at once, and a field that should be withheld is recorded as exposed', () => {
    const cut = cutOf('GET /users', {}, 'monitor');
    const body = bytes(`[${USER}]`);
    const step = cut.push(body);
    expect(step).toMatchObject({ type: 'release', facts: [{ exposed: ['weight'], withheld: [] }] });
    expect(step.type === 'release' && step.chunks[0]).toBe(body);
  });

  test.each(['[1,', '[}', '{"id":1,"id":2}', '\u0000', ''])('%j passes and is recorded as a gap', (text) => {
    const cut = cutOf('GET /users', {}, 'monitor');
    const steps = [cut.push(bytes(text)), cut.end()];
    const released = steps.map((each) => ('chunks' in each ? textOf(each.chunks) : '')).join('');
    expect(released).toBe(text);
    expect(steps.filter((each) => 'gap' in each)).toHaveLength(1);
  });

  test('the bytes are in the step that asks, and what they expose is known once the claims are answered', () => {
    const cut = cutOf('GET /users', { windowElements: 1 }, 'monitor');
    const step = cut.push(bytes('[{"id":1,"city":"b"}'));
    expect(step).toMatchObject({ type: 'ask', facts: [] });
    expect(step.type === 'ask' && textOf(step.chunks)).toBe('[{"id":1,"city":"b"}');
    expect(cut.answer({ get: () => 'yes' })).toMatchObject({
      type: 'release',
      facts: [{ ids: ['1'], seen: ['city', 'id'], exposed: [] }],
      chunks: [],
    });
    const next = cut.push(bytes(',{"id":2}]'));
    expect(next).toMatchObject({ type: 'release', facts: [{ ids: ['2'], seen: ['id'] }] });
  });

  test('elements before a fault are judged by what is answered, and then the gap is returned', () => {
    const cut = cutOf('GET /users', {}, 'monitor');
    expect(cut.push(bytes('[{"id":1,"city":"b"},}'))).toMatchObject({ type: 'ask', facts: [] });
    expect(cut.answer({ get: () => 'yes' })).toMatchObject({
      facts: [{ ids: ['1'], seen: ['city', 'id'], exposed: [] }],
      gap: 'LP-JSON-INVALID',
    });
    const rest = cut.push(bytes('{}'));
    expect(rest.type === 'release' && textOf(rest.chunks)).toBe('{}');
    expect(cut.end()).toEqual({ type: 'more' });
  });

  test.each([
    ['[1]', 'LP-BODY-MISSHAPEN'],
    ['{}', 'LP-BODY-MISSHAPEN'],
    ['[{"name":"a"}]', 'LP-OWNER-UNKNOWN'],
  ])('%s passes, and some of it is unjudged', (text, code) => {
    const cut = cutOf('GET /users', {}, 'monitor');
    const steps = [cut.push(bytes(text)), cut.end()];
    expect(steps.flatMap((each) => ('unjudged' in each ? each.unjudged : []))).toEqual([code]);
  });
});

describe('a single object', () => {
  test.each([
    ['{"id":null,"name":"a"}', 'gone'],
    ['[]', 'misshapen'],
    ['7', 'misshapen'],
    ['{"id":8} x', 'unreadable'],
  ])('%s is refused as %s', (text, because) => {
    const cut = cutOf('GET /user');
    const first = cut.push(bytes(text));
    expect(first.type === 'more' ? cut.end() : first).toMatchObject({ type: 'refuse', because, started: false });
  });

  test('is not released before it is certain that nothing follows', () => {
    const cut = cutOf('GET /user');
    expect(cut.push(bytes(USER))).toEqual({ type: 'more' });
    expect(cut.end()).toMatchObject({ type: 'release' });
  });
});

describe('an admission that `admits` leaves to be asked', () => {
  const body = bytes('[{"id":1,"city":"b"},{"id":2},{"id":3,"city":"b"},{"id":4}]');

  test('is asked with those of the elements that wait, in their order, after their claims are answered', () => {
    const cut = cutOf('GET /users', { admits: () => 'ask' });
    cut.push(body);
    const claims = cut.end();
    expect(claims).toMatchObject({ type: 'ask', asks: [{ owner: { id: '1' } }, { owner: { id: '3' } }] });
    const admissions = cut.answer({ get: () => 'no' });
    expect(admissions).toMatchObject({
      type: 'ask',
      asks: [],
      admissions: ['1', '2', '3', '4'].map((id) => [{ id }]),
    });
    const last = cut.answer({ get: () => 'no' }, [true, false, true]);
    expect(last.type === 'release' && textOf(last.chunks)).toBe('[{"id":1},{"id":3}]');
    expect(last).toMatchObject({
      facts: [
        { ids: ['1', '3'], seen: ['id'] },
        { ids: ['2', '4'], withheld: ['id'] },
      ],
    });
  });

  test('is asked once, and never for an object that is hidden', () => {
    const asked: string[] = [];
    const cut = cutOf('GET /users', {
      admits: (owners) => (asked.push(...owners.map(({ id }) => id)), 'ask'),
      final: true,
    });
    cut.push(bytes('[{"id":1},{"weight":3},{"id":2}]'));
    expect(cut.end()).toMatchObject({ type: 'ask', admissions: [[{ id: '1' }], [{ id: '2' }]] });
    cut.answer({ get: () => 'no' }, [true, true]);
    expect(asked).toEqual(['1', '2']);
  });
});
