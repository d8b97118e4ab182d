import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TwoGenerationCache } from './two-generation-cache.ts';

const NAMES = ['', 'a', 'b'];
const name = fc.constantFrom(...NAMES);
const owner = fc.record({ kind: name, space: name, id: fc.oneof(name, fc.integer({ max: 6 }).map(String)) });
const textOf = (each: { kind: string; space: string; id: string }): string => `${each.kind} ${each.space} ${each.id}`;

describe('a cache by owner', () => {
  test('returns an owner’s own text, and always that of the last owners set or read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(owner, { maxLength: 60 }), (size, owners) => {
        const cache = new TwoGenerationCache(size);
        let last: string[] = [];
        for (const each of owners) {
          const text = textOf(each);
          const found = cache.get(each);
          if (found === undefined) cache.set(each, text);
          else expect(found).toBe(text);
          if (last.includes(text)) expect(found).toBe(text);
          last = [text, ...last.filter((other) => other !== text)].slice(0, size);
        }
      }),
    );
  });

  test('forgets an owner after twice its size of others', () => {
    const cache = new TwoGenerationCache(2);
    const ids = ['1', '2', '3', '4', '5'];
    for (const id of ids) cache.set({ kind: 'person', space: 'us', id }, id);
    expect(ids.map((id) => cache.get({ kind: 'person', space: 'us', id }))).toEqual([
      undefined,
      undefined,
      '3',
      '4',
      '5',
    ]);
  });
});
