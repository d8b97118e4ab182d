import type { AccessRecord, LogRecord, TokenizedFacts } from '@leakproof/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAnswer } from './account.ts';
import { type AccountFilter, foldAccount } from './index.ts';

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
  undeclared: 0,
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
  test('counts the distinct owners of each field, not responses', () => {
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

  test('counts the parts of one response as one response', () => {
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

  test('distinguishes allowed, exposed and withheld fields', () => {
    const [sam] = foldAccount([access('1', [{ exposed: ['age'], withheld: ['weight'] }]), end('1')]).principals;
    expect(
      sam?.fields.map(({ field, seen, exposed, withheld }) => [field, seen.size, exposed.size, withheld.size]),
    ).toEqual([
      ['age', 0, 1, 0],
      ['id', 1, 0, 0],
      ['weight', 0, 0, 1],
    ]);
  });

  test('does not count an owner whose fields were all withheld', () => {
    const [sam] = foldAccount([access('1', [{ seen: [], withheld: ['id'] }]), end('1')]).principals;
    expect(sam?.owners.size).toBe(0);
  });

  test('does not count a principal as one of the others', () => {
    const [sam] = foldAccount([access('1', [{ relations: ['anyone', 'self'] }, BOB]), end('1')]).principals;
    expect([sam?.owners.size, sam?.others.size]).toEqual([2, 1]);
  });

  test('names the owners whose data was only in responses that were not complete', () => {
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

  test('counts what could not be judged and what was refused', () => {
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
  ])('limited to %j has the principals %j', (filter, tokens) => {
    const records = [
      access('1', [{}, BOB]),
      end('1'),
      access('2', [{}], { time: 2_000, principal: other, server: 'uk', operation: 'Query.me,Query.user' }),
      end('2'),
    ];
    expect(foldAccount(records, filter).principals.map((each) => each.principal.token)).toEqual(tokens);
  });

  test.each(['age', 'User.age'])('limited to the field %s counts no other', (field) => {
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

describe('an account is no answer', () => {
  const records = [access('1', [{ seen: ['age'] }], { principal: { kind: 'member', token: 'sam' } }), end('1')];
  test.each<[AccountFilter, readonly string[]]>([
    [{ principal: 'sammy' }, ['principal']],
    [{ principal: 'member' }, ['principal']],
    [{ principal: '' }, ['principal']],
    [{ field: 'User.agee' }, ['field']],
    [{ field: 'user.age' }, ['field']],
    [{ operation: 'GET /user/{id}' }, ['operation']],
    [{ server: 'uk' }, ['server']],
    [{ principal: 'pia', server: 'uk', field: 'age' }, ['principal', 'server']],
  ])('of what no record has: %j', (filter, unmatched) => {
    const found = foldAccount(records, filter);
    expect([isAnswer(found), found.unmatched, found.principals]).toEqual([false, unmatched, []]);
  });

  test.each<AccountFilter>([
    {},
    { principal: 'sam' },
    { principal: 'anonymous' },
    { field: 'age', server: 'us' },
    { field: 'User.age', sinceMs: 5_000 },
    { principal: 'sam', operation: 'GET /users/{id}', untilMs: 1 },
  ])('but is one of what some record has, whatever its time: %j', (filter) => {
    expect(isAnswer(foldAccount(records, filter))).toBe(true);
  });

  test('of a log without records', () => expect(isAnswer(foldAccount([]))).toBe(false));
});
