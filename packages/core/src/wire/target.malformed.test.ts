import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzzing, mutated } from '../testing/fuzz.ts';
import { decodeSegment, readTarget } from './target.ts';

const TARGETS = ['/api/user/7?tag=a&tag=b', '/a/b/c', '/%C3%A4?q=%20', '/', '/user/olga%20k/posts'];
const WORDS = [
  '/',
  '.',
  '..',
  '%',
  '%2e',
  '%2F',
  '%5c',
  '%00',
  '%25',
  ';',
  '?',
  '&',
  '=',
  '#',
  '\\',
  'ä',
  '\u0000',
  '%C0%AF',
  '%ff',
  '+',
  '\ud800',
];

test('whatever is made of a target, it is read or a fault', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(mutated(TARGETS, WORDS), (text) => {
      const target = readTarget(text);
      if (typeof target === 'string')
        expect(['not-origin-form', 'ambiguous-path', 'ambiguous-query']).toContain(target);
      else for (const segment of target.segments) decodeSegment(segment);
    }),
    fuzzing(),
  );
});
