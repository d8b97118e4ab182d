import { type AccessRecord, decodeRecord, encodeRecord, type TokenizedFacts } from '@leakproof/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitFacts } from './split-facts.ts';

const RECORD: Omit<AccessRecord, 'facts'> = {
  type: 'access',
  time: 1,
  request: 'r',
  server: 's',
  operation: 'o',
  principal: { kind: 'anonymous' },
  contract: 'c',
  mode: 'enforce',
};
/** The most that the log accepts. */
const MAX_PAYLOAD = 16 * 1024 * 1024;

function group(tokens: readonly string[], withheld: readonly string[] = []): TokenizedFacts {
  return {
    owner: 'person',
    tokens,
    role: undefined,
    about: false,
    resource: 'User',
    relations: [],
    states: [],
    seen: ['id'],
    exposed: [],
    withheld,
    undeclared: 0,
  };
}

/** Groups that follow each other and differ only in their tokens are one. */
function merged(groups: readonly TokenizedFacts[]): { names: string; tokens: string[] }[] {
  const result: { names: string; tokens: string[] }[] = [];
  for (const { tokens, ...rest } of groups) {
    const names = JSON.stringify(rest);
    const last = result.at(-1);
    if (last?.names === names) last.tokens.push(...tokens);
    else result.push({ names, tokens: [...tokens] });
  }
  return result;
}

test('facts of any size are recorded whole, in records that the log accepts', () => {
  const character = fc.constantFrom('a', '"', '\u0001', '€', '\ud800');
  const long = fc.tuple(character, fc.constantFrom(1, 20, 3_000, 200_000)).map(([text, times]) => text.repeat(times));
  const names = fc.array(long, { maxLength: 3 });
  const tokens = fc.oneof(
    fc.array(long, { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 60_000 }).map((count) => Array.from({ length: count }, (_, at) => `token-${at}`)),
  );
  const groups = fc.array(fc.tuple(tokens, names), { maxLength: 6 });
  fc.assert(
    fc.property(groups, (given) => {
      const facts = given.map(([each, withheld]) => group(each, withheld));
      const parts = splitFacts(facts);
      const records = parts.map((part) => encodeRecord({ ...RECORD, facts: part }));
      for (const record of records) expect(record.length).toBeLessThan(MAX_PAYLOAD);
      expect(parts.length).toBeGreaterThan(0);
      const read = records.flatMap((bytes) => (decodeRecord(bytes) as AccessRecord).facts);
      expect(merged(read)).toEqual(merged(JSON.parse(JSON.stringify(facts)) as TokenizedFacts[]));
    }),
    { numRuns: 25 },
  );
});

test('facts that fit are one record', () => {
  const facts = [group(['a', 'b']), group(['c'])];
  expect(splitFacts(facts)).toEqual([facts]);
  expect(splitFacts([])).toEqual([[]]);
});
