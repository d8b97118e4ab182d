import type { AccessRecord, LogRecord, TokenizedFacts } from '@leakproof/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldAccount } from './index.ts';

const FACTS: TokenizedFacts = {
  owner: 'person',
  tokens: ['alice'],
  role: undefined,
  about: false,
  resource: 'User',
  relations: ['anyone', 'member'],
  states: [],
  seen: ['id'],
  exposed: [],
  withheld: [],
};

function access(
  request: string,
  facts: readonly Partial<TokenizedFacts>[],
  more: Partial<AccessRecord> = {},
): AccessRecord {
  return {
    type: 'access',
    time: 1_000,
    request,
    server: 'us',
    operation: 'GET /users/{id}',
    principal: { kind: 'member', token: 'sam' },
    contract: 'digest',
    mode: 'enforce',
    facts: facts.map((each) => ({ ...FACTS, ...each })),
    ...more,
  };
}

function end(request: string, ended: 'complete' | 'cut-off' = 'complete'): LogRecord {
  return { type: 'end', time: 2_000, requests: [request], ended };
}

const BOB = { tokens: ['bob'] };

describe('an account', () => {
  test('counts distinct owners of each field, not how often they were sent', () => {
    const [sam] = foldAccount([
      access('1', [{}, { ...BOB, seen: ['id', 'age'] }]),
      end('1'),
      access('2', [{}, {}]),
      end('2'),
    ]).principals;
    expect(sam?.owners.size).toBe(2);
    expect(sam?.fields.map((each) => [each.field, each.seen.size])).toEqual([
      ['age', 1],
      ['id', 2],
    ]);
    expect(sam?.responses).toEqual({ complete: 2, cutOff: 0, unfinished: 0 });
  });

  test('takes the parts of one answer as one response', () => {
    const [sam] = foldAccount([
      access('1', [{}]),
      access('2', [{}]),
      access('1', [BOB]),
      end('1'),
      end('2', 'cut-off'),
    ]).principals;
    expect(sam?.owners.size).toBe(2);
    expect(sam?.responses).toEqual({ complete: 1, cutOff: 1, unfinished: 0 });
  });

  test('tells what was meant from what was exposed and what was withheld', () => {
    const [sam] = foldAccount([access('1', [{ exposed: ['age'], withheld: ['weight'] }]), end('1')]).principals;
    expect(
      sam?.fields.map(({ field, seen, exposed, withheld }) => [field, seen.size, exposed.size, withheld.size]),
    ).toEqual([
      ['age', 0, 1, 0],
      ['id', 1, 0, 0],
      ['weight', 0, 0, 1],
    ]);
  });

  test('does not count an owner of whom all was withheld', () => {
    const [sam] = foldAccount([access('1', [{ seen: [], withheld: ['id'] }]), end('1')]).principals;
    expect(sam?.owners.size).toBe(0);
  });

  test('does not count a principal’s own data as somebody else’s', () => {
    const [sam] = foldAccount([access('1', [{ relations: ['anyone', 'self'] }, BOB]), end('1')]).principals;
    expect([sam?.owners.size, sam?.others.size]).toEqual([2, 1]);
  });

  test('says of whom only a broken-off response told something', () => {
    const [sam] = foldAccount([
      access('1', [{}, BOB]),
      end('1', 'cut-off'),
      access('2', [{}]),
      end('2'),
      access('3', [BOB]),
    ]).principals;
    expect([...(sam?.fields[0]?.uncertain ?? [])]).toEqual(['person:bob']);
    expect(sam?.responses).toEqual({ complete: 1, cutOff: 1, unfinished: 1 });
  });

  test('counts what could not be judged and what was turned away', () => {
    const { gaps, principals } = foldAccount([
      { type: 'gap', time: 1, request: '1', code: 'LP-JSON-INVALID' },
      {
        type: 'refusal',
        time: 5,
        request: '2',
        server: undefined,
        operation: undefined,
        principal: { kind: 'anonymous' },
        code: 'LP-CALLER-UNKNOWN',
      },
    ]);
    expect(gaps).toEqual({ 'LP-JSON-INVALID': 1 });
    expect(principals[0]?.refusals).toEqual({ 'LP-CALLER-UNKNOWN': 1 });
  });

  const other = { kind: 'member', token: 'eve' };
  test.each([
    [{ principal: 'eve' }, ['eve']],
    [{ operation: 'Query.user' }, ['eve']],
    [{ server: 'us' }, ['sam']],
    [{ sinceMs: 1_500 }, ['eve']],
    [{ untilMs: 1_500 }, ['sam']],
    [{}, ['sam', 'eve']],
  ])('asked for %j is about %j', (filter, tokens) => {
    const records = [
      access('1', [{}, BOB]),
      end('1'),
      access('2', [{}], { time: 2_000, principal: other, server: 'uk', operation: 'Query.me,Query.user' }),
      end('2'),
    ];
    expect(foldAccount(records, filter).principals.map((each) => each.principal.token)).toEqual(tokens);
  });

  test.each(['age', 'User.age'])('asked for %s counts only that field', (field) => {
    const records = [access('1', [{ seen: ['age', 'id'] }]), end('1'), access('2', [BOB]), end('2')];
    const [sam] = foldAccount(records, { field }).principals;
    expect(sam?.owners.size).toBe(1);
    expect(sam?.fields.map((each) => each.field)).toEqual(['age']);
    expect(sam?.responses.complete).toBe(1);
  });

  test('is the same however the records of different requests are interleaved', () => {
    const records = ['1', '2', '3', '4'].map((id): [LogRecord, LogRecord] => [
      access(id, [{ tokens: [`o${Number(id) % 2}`] }]),
      end(id, id === '3' ? 'cut-off' : 'complete'),
    ]);
    const inOrder = foldAccount(records.flat());
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 4 }), fc.boolean(), (shuffled, endsLast) => {
        const mixed = endsLast ? [...shuffled.map(([a]) => a), ...shuffled.map(([, b]) => b)] : shuffled.flat();
        expect(foldAccount(mixed)).toEqual(inOrder);
      }),
    );
  });
});
