import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryWorld } from '../testing/arbitrary-world.ts';
import { readJson } from '../wire/json.ts';
import { encodeRecord } from './encode-record.ts';
import { countFacts, type FactGroup, groupFacts } from './access-fact.ts';
import {
  type AccessRecord,
  decodeRecord,
  countFactsIn,
  type LogRecord,
  type TokenizedFacts,
  tokenizeFacts,
  tokenizePrincipal,
} from './log-record.ts';
import { ANONYMOUS, type OwnerRef } from '../rules/principal.ts';
import { seal } from '../response/seal.ts';

const tokenize = ({ kind, id }: OwnerRef): string => `token of ${kind} ${id.length}`;

const GROUP: FactGroup = {
  owner: { kind: 'person', space: 'us' },
  ids: ['SECRET-7', 'SECRET-12'],
  role: undefined,
  about: false,
  resource: 'User',
  relations: ['anyone'],
  states: [],
  seen: ['id'],
  exposed: [],
  withheld: [],
  undeclared: 0,
};

const ACCESS: AccessRecord = {
  type: 'access',
  time: 1,
  request: 'r1',
  server: 'one',
  operation: 'GET /',
  principal: { kind: 'anonymous' },
  contract: 'c',
  mode: 'enforce',
  facts: tokenizeFacts([GROUP], tokenize),
};

/** JSON has no undefined: a member that is, is absent when it is read again. */
function asJson(record: LogRecord): unknown {
  return JSON.parse(JSON.stringify(record));
}

describe('a record', () => {
  test('is read as it was written, whatever the body it speaks of', () =>
    fc.assert(
      fc.property(arbitraryWorld(), ({ contract, expected, text, principal, known }) => {
        const sealed = seal(contract, readJson(text), { expected, principal, known, mode: 'enforce', final: true });
        const facts = tokenizeFacts(groupFacts(sealed.type === 'ask' ? [] : sealed.facts), tokenize);
        const record = { ...ACCESS, principal: tokenizePrincipal(principal, tokenize), facts };
        expect(decodeRecord(encodeRecord(record))).toEqual(asJson(record));
      }),
    ));

  test('is read as it was written, whatever its facts share with others', () => {
    const text = fc.oneof(fc.constantFrom('', 'id', '"'), fc.string({ unit: 'grapheme' }));
    const lists = fc.array(fc.array(text, { maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lists, fc.gen(), (pool, gen) => {
        const one = (): string[] => gen(fc.constantFrom, ...pool);
        for (let round = 0; round < 3; round++) {
          const facts = Array.from({ length: 4 }, (): TokenizedFacts => ({
            owner: gen(() => text),
            tokens: gen(() => fc.array(text, { maxLength: 8 })),
            role: gen(() => fc.option(text, { nil: undefined })),
            about: gen(fc.boolean),
            resource: gen(() => text),
            relations: one(),
            states: one(),
            seen: one(),
            exposed: one(),
            withheld: one(),
            undeclared: gen(() => fc.nat(3)),
          }));
          const record = { ...ACCESS, facts };
          expect(decodeRecord(encodeRecord(record))).toEqual(asJson(record));
        }
      }),
    );
  });

  test('holds its lists to what was written of them', () => {
    const seen = ['id'];
    encodeRecord({ ...ACCESS, facts: tokenizeFacts([{ ...GROUP, seen }], tokenize) });
    expect(() => seen.push('email')).toThrow(TypeError);
  });

  test('has a token for each fact, in the order in which they were given', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string())), (idsOfGroups) => {
        const groups = idsOfGroups.map((ids): FactGroup => ({ ...GROUP, ids }));
        const facts = tokenizeFacts(groups, ({ kind, space, id }) => `${kind} ${space} ${id}`);
        expect(facts.map(({ tokens }) => tokens)).toEqual(idsOfGroups.map((ids) => ids.map((id) => `person us ${id}`)));
        expect(countFactsIn({ ...ACCESS, facts })).toBe(countFacts(groups));
      }),
    );
  });

  test('holds no id of an owner or principal', () => {
    const principal = tokenizePrincipal(
      { kind: 'member', id: 'SECRET-9', ids: 'person', space: 'us', claims: { mail: 'SECRET' } },
      tokenize,
    );
    const written = JSON.stringify([tokenizeFacts([GROUP], tokenize), principal]);
    expect(written).not.toContain('SECRET');
    expect(written).toContain('token of person 9');
    expect(tokenizePrincipal(ANONYMOUS, tokenize)).toEqual({ kind: 'anonymous' });
  });

  test.each<LogRecord>([
    { type: 'end', time: 1, requests: ['r', 's'], ended: 'cut-off' },
    {
      type: 'refusal',
      time: 1,
      request: 'r',
      server: 'one',
      operation: 'GET /',
      principal: { kind: 'anonymous' },
      code: 'LP-CALLER-UNKNOWN',
    },
    { type: 'gap', time: 1, request: 'r', code: 'LP-JSON-INVALID' },
  ])('of kind $is is read as it was written', (record) => {
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
    expect(countFactsIn(record)).toBe(0);
  });

  test.each([
    'null',
    '1',
    '[]',
    '{}',
    '{"is":"other"}',
    '{"is":["access"]}',
    '{"is":"toString"}',
    'no json',
    '{"is":',
    '\u0000',
  ])('that is %s is refused with a code', (text) => isRefused(text));

  const [written] = ACCESS.facts;
  test.each([
    ['no facts', undefined],
    ['facts that are no list', { ...written }],
    ['a fact that is nothing', [null]],
    [
      'one fact for each owner, as before groups',
      [{ ...written, owner: { kind: 'person', token: 't' }, tokens: undefined }],
    ],
    ['facts of nobody', [{ ...written, tokens: undefined }]],
    ['facts whose owner has no kind', [{ ...written, owner: undefined }]],
    ['facts whose owners are numbers', [{ ...written, tokens: [7] }]],
    ['facts that do not say what was seen', [{ ...written, seen: undefined }]],
    ['facts that do not say what was withheld', [{ ...written, withheld: 'id' }]],
    ['facts of no resource', [{ ...written, resource: undefined }]],
  ])('with %s is refused with a code', (_, facts) => isRefused(JSON.stringify({ ...ACCESS, facts })));
});

function isRefused(text: string): void {
  expect(() => decodeRecord(new TextEncoder().encode(text))).toThrow(
    expect.objectContaining({ code: 'LP-RECORD-INVALID' }),
  );
}
