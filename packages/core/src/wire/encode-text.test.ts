import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeText } from './encode-text.ts';

test('texts are encoded as by themselves, and stay so whatever is encoded after them', () => {
  const text = fc.string({ unit: 'grapheme', size: 'max', maxLength: 20_000 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
      const encoded = texts.map(encodeText);
      expect(encoded.map((bytes) => new TextDecoder().decode(bytes))).toEqual(texts);
    }),
    { numRuns: 60 },
  );
});

test('half a surrogate pair becomes the replacement character', () => {
  expect([...encodeText('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
});
