import fc from 'fast-check';
import { expect, test } from 'vitest';
import { internAscii } from './intern-ascii.ts';

const encoder = new TextEncoder();

test('the text of ASCII bytes is right, whichever texts are kept', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary-ascii', maxLength: 60 }), { maxLength: 50 }), (texts) => {
      for (const text of [...texts, ...texts, ...texts.toReversed()]) {
        const bytes = encoder.encode(`<${text}>`);
        expect(internAscii(bytes, 1, bytes.length - 1)).toBe(text);
      }
    }),
  ));

test('more texts than are kept are distinguished', () => {
  for (let round = 0; round < 2; round++) {
    for (let id = 0; id < 20_000; id++) {
      const bytes = encoder.encode(`user-${id}`);
      if (internAscii(bytes, 0, bytes.length) !== `user-${id}`) throw new Error(`user-${id} was read as another.`);
    }
  }
});
