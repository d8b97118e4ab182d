import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SequenceFilter } from './sequence-filter.ts';

test('every sequence number of a node is admitted exactly once, in any order of copies', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (sequences) => {
      const filter = new SequenceFilter();
      filter.startNode('a');
      const admitted = sequences.filter((sequence) => filter.admit(sequence) === 'new');
      expect(admitted.sort((a, b) => a - b)).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    }),
  );
});

test('what was read before is neither new nor a repetition', () => {
  const filter = new SequenceFilter({ sequence: 5 });
  filter.startNode('a');
  expect([4, 5, 6, 6].map((sequence) => filter.admit(sequence))).toEqual(['before', 'before', 'new', 'repeated']);
});

test("another node's numbers begin at 1 again", () => {
  const filter = new SequenceFilter();
  filter.startNode('a');
  filter.admit(9);
  filter.startNode('b');
  expect(filter.admit(1)).toBe('new');
});
