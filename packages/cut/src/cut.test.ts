import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryWorld } from '../../core/src/testing/arbitrary-world.ts';
import { contractFrom } from '../../core/src/testing/contract-from.ts';
import { type Truth, type Claim, knownFrom, type OwnerRef, type Principal } from '@leakproof/core';
import { createCut } from './create-cut.ts';
import type { CutOptions } from './cut-options.ts';
import { cutOutcome, join, sealOutcome, split } from './testing/drive.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const places = (): fc.Arbitrary<number[]> => fc.array(fc.nat(20_000), { maxLength: 12 });
const windows = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: 5 });

describe('whatever the contract, the body and the caller, and however the body is split,', () => {
  test.each(['enforce', 'monitor'] as const)('in %s the cut equals the reference, bytes and facts', (mode) =>
    fc.assert(
      fc.property(arbitraryWorld(), places(), windows(), (world, at, windowElements) => {
        const { contract, expected, principal, known, text } = world;
        const plan = { expected, principal, mode };
        const body = encoder.encode(text);
        const { type, text: left, facts } = cutOutcome(contract, plan, known, split(body, at), { windowElements });
        expect({ type, text: left, facts }).toEqual(sealOutcome(contract, plan, known, body));
      }),
      { numRuns: 1_500 },
    ),
  );

  test('byte by byte it comes to the same', () =>
    fc.assert(
      fc.property(arbitraryWorld(), ({ contract, expected, principal, known, text }) => {
        const plan = { expected, principal, mode: 'enforce' } as const;
        const body = encoder.encode(text);
        const every = Array.from({ length: body.length }, (_, at) => body.slice(at, at + 1));
        const { type, text: left, facts } = cutOutcome(contract, plan, known, every);
        expect({ type, text: left, facts }).toEqual(sealOutcome(contract, plan, known, body));
      }),
      { numRuns: 300 },
    ));

  test('a budget is asked for the same objects in the same order', () =>
    fc.assert(
      fc.property(arbitraryWorld(), places(), ({ contract, expected, principal, known, text }, at) => {
        const plan = { expected, principal, mode: 'enforce' } as const;
        const body = encoder.encode(text);
        const asked: string[][] = [[], []];
        const admits = (log: string[] | undefined, owners: readonly OwnerRef[], resource: string): boolean => {
          if (owners.length === 0) return true;
          const ids = owners.map((each) => each.id).join();
          log?.push(`${resource} ${ids}`);
          return ids.length % 2 === 0;
        };
        const ours = cutOutcome(contract, plan, known, split(body, at), {
          known,
          final: true,
          admits: (owners, resource) => admits(asked[0], owners, resource),
        });
        const reference = sealOutcome(contract, plan, known, body, ({ owners, resource }) =>
          admits(
            asked[1],
            owners.map((each) => each.owner),
            resource,
          ),
        );
        expect({ type: ours.type, text: ours.text, facts: ours.facts }).toEqual(reference);
        expect(asked[0]).toEqual(asked[1]);
      }),
      { numRuns: 500 },
    ));
});

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
  ])('of %s leaves element by element, each with its facts', (operation, open, close) => {
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

  test('that breaks off after something has left is refused in a way that says so', () => {
    const cut = cutOf('GET /users');
    expect(cut.push(bytes(`[${USER},`))).toMatchObject({ type: 'release' });
    expect(cut.end()).toMatchObject({ type: 'refuse', because: 'unreadable', started: true });
  });

  test('that is wrong in its first bytes is refused before anything has left', () => {
    const cut = cutOf('GET /users');
    expect(cut.push(bytes(`[${USER},]`))).toMatchObject({ type: 'refuse', code: 'LP-JSON-INVALID', started: false });
    expect(cut.push(bytes(USER))).toMatchObject({ type: 'refuse' });
  });

  test.each([1, 7, 1_000])('with an element beyond the limit is refused, in parts of %i bytes', (size) => {
    const cut = cutOf('GET /users', { maxElementBytes: 400 });
    const body = bytes(`[${USER},{"id":8,"name":"${'x'.repeat(400)}"}]`);
    const steps = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
      cut.push(body.slice(at * size, (at + 1) * size)),
    );
    expect(steps.at(-1)).toMatchObject({ type: 'refuse', because: 'too-large', code: 'LP-RESPONSE-TOO-LARGE' });
  });

  test('of elements that are all within the limit may be as long as it likes', () => {
    const cut = cutOf('GET /users', { maxElementBytes: 100 });
    cut.push(bytes('['));
    for (let count = 0; count < 1_000; count++) {
      const step = cut.push(bytes(`${count === 0 ? '' : ','}${USER}`));
      expect(step).toMatchObject({ type: 'release' });
    }
    cut.push(bytes(']'));
    expect(cut.end()).toMatchObject({ type: 'release' });
  });

  test('whose bytes all stay leaves without a copy', () => {
    const body = bytes(`[${Array.from({ length: 100 }, () => '{"id":7,"name":"a","weight":50}').join(',')}]`);
    const cut = cutOf('GET /users');
    cut.push(body);
    const last = cut.end();
    expect(last.type === 'release' && last.chunks.map((each) => [each.buffer === body.buffer, each.length])).toEqual([
      [true, body.length],
    ]);
  });
});

test('bytes that are pushed are never changed, whatever kind of array they come in', () => {
  const text = `[${Array.from({ length: 50 }, () => USER).join(', ')}]`;
  const body = Buffer.from(text);
  const cut = cutOf('GET /users');
  const steps = [cut.push(body.subarray(0, 77)), cut.push(body.subarray(77)), cut.end()];
  expect(body.toString()).toBe(text);
  const left = steps.map((each) => ('chunks' in each ? textOf(each.chunks) : '')).join('');
  expect(left).toBe(text.replaceAll(',"weight":50', ''));
});

describe('what is not known', () => {
  const withCity = (id: number): string => `{"id":${id},"city":"b"}`;
  const follows = (answers: Readonly<Record<string, Truth>>) => ({
    get: (claim: Claim) => answers[claim.owner.id] ?? 'unknown',
  });

  test('is asked in one go for a window of elements, and the order is kept', () => {
    const cut = cutOf('GET /users', { windowElements: 3 });
    const first = cut.push(bytes(`[${[1, 2, 3, 4, 5].map(withCity).join(',')}]`));
    expect(first.type === 'ask' && first.asks.map((each) => each.owner.id)).toEqual(['1', '2', '3']);
    expect(cut.answer(follows({ 1: 'no', 2: 'yes' }))).toEqual({ type: 'more' });
    const second = cut.end();
    expect(second.type === 'ask' && second.asks.map((each) => each.owner.id)).toEqual(['4', '5']);
    const last = cut.answer(follows({ 5: 'yes' }));
    const left = [first, second, last].map((each) => ('chunks' in each ? textOf(each.chunks) : '')).join('');
    expect(left).toBe('[{"id":1},{"id":2,"city":"b"},{"id":3},{"id":4},{"id":5,"city":"b"}]');
  });

  test('is asked once for each owner, and unanswered it stays closed', () => {
    const cut = cutOf('GET /users');
    cut.push(bytes(`[${[1, 1, 1].map(withCity).join(',')}]`));
    const step = cut.end();
    expect(step.type === 'ask' && step.asks).toHaveLength(1);
    const last = cut.answer(knownFrom(new Map()));
    expect(last.type === 'release' && textOf(last.chunks)).toBe('[{"id":1},{"id":1},{"id":1}]');
  });

  test('keeps back nothing that stands before it', () => {
    const cut = cutOf('GET /users', { windowElements: 1 });
    const step = cut.push(bytes(`[${USER},${withCity(3)},${USER}`));
    expect(step.type === 'ask' && textOf(step.chunks)).toBe('[{"id":8,"name":"a"}');
    expect(step.type === 'ask' && step.facts).toHaveLength(1);
  });

  test('has to be answered before more is pushed, in enforce', () => {
    const cut = cutOf('GET /users', { windowElements: 1 });
    expect(cut.push(bytes(`[${withCity(3)}`)).type).toBe('ask');
    expect(() => cut.push(bytes(','))).toThrow(/before the claims were answered/);
  });
});

describe('in monitor', () => {
  test('every byte passes at once, and what should not have is recorded as exposed', () => {
    const cut = cutOf('GET /users', {}, 'monitor');
    const body = bytes(`[${USER}]`);
    const step = cut.push(body);
    expect(step).toMatchObject({ type: 'release', facts: [{ exposed: ['weight'], withheld: [] }] });
    expect(step.type === 'release' && step.chunks[0]).toBe(body);
  });

  test.each(['[1,', '[}', '{"id":1,"id":2}', '\u0000', ''])('%j passes, and is a gap', (text) => {
    const cut = cutOf('GET /users', {}, 'monitor');
    const steps = [cut.push(bytes(text)), cut.end()];
    const left = steps.map((each) => ('chunks' in each ? textOf(each.chunks) : '')).join('');
    expect(left).toBe(text);
    expect(steps.filter((each) => 'gap' in each)).toHaveLength(1);
  });

  test('nothing waits for an answer', () => {
    const cut = cutOf('GET /users', { windowElements: 1 }, 'monitor');
    const step = cut.push(bytes('[{"id":1,"city":"b"}'));
    expect(step.type === 'ask' && textOf(step.chunks)).toBe('[{"id":1,"city":"b"}');
    const next = cut.push(bytes(',{"id":2}]'));
    expect('chunks' in next && textOf(next.chunks)).toBe(',{"id":2}]');
    const answered = cut.answer({ get: () => 'yes' });
    expect(answered).toMatchObject({
      type: 'release',
      facts: [
        { ids: ['1'], seen: ['city', 'id'], exposed: [] },
        { ids: ['2'], seen: ['id'] },
      ],
    });
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

  test('does not leave before it is sure that nothing follows', () => {
    const cut = cutOf('GET /user');
    expect(cut.push(bytes(USER))).toEqual({ type: 'more' });
    expect(cut.end()).toMatchObject({ type: 'release' });
  });
});
