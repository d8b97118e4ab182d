import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OwnerMemory } from './owner-memory.ts';

const NAMES = ['', 'a', 'b'];
const name = fc.constantFrom(...NAMES);
const owner = fc.record({ kind: name, space: name, id: fc.oneof(name, fc.integer({ max: 6 }).map(String)) });
const textOf = (each: { kind: string; space: string; id: string }): string => `${each.kind} ${each.space} ${each.id}`;

describe('a memory of owners', () => {
  test('tells no owner’s text for another’s, and always that of those kept last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(owner, { maxLength: 60 }), (size, owners) => {
        const memory = new OwnerMemory(size);
        let last: string[] = [];
        for (const each of owners) {
          const text = textOf(each);
          const found = memory.get(each);
          if (found === undefined) memory.keep(each, text);
          else expect(found).toBe(text);
          if (last.includes(text)) expect(found).toBe(text);
          last = [text, ...last.filter((other) => other !== text)].slice(0, size);
        }
      }),
    );
  });

  test('forgets whom it has not been asked about for twice its size', () => {
    const memory = new OwnerMemory(2);
    const ids = ['1', '2', '3', '4', '5'];
    for (const id of ids) memory.keep({ kind: 'person', space: 'us', id }, id);
    expect(ids.map((id) => memory.get({ kind: 'person', space: 'us', id }))).toEqual([
      undefined,
      undefined,
      '3',
      '4',
      '5',
    ]);
  });
});
