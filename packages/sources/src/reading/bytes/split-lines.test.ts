import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from './split-lines.ts';

function split(bytes: Buffer, pieceBytes: number, maxBytes = 1e6): (readonly [string | undefined, number])[] {
  const lines: (readonly [string | undefined, number])[] = [];
  const splitter = new LineSplitter(maxBytes, (line, number) => lines.push([line, number]));
  for (let at = 0; at < bytes.length; at += pieceBytes) splitter.push(bytes.subarray(at, at + pieceBytes));
  splitter.end();
  return lines;
}

test('lines are those of the text, whatever pieces the bytes come in', () => {
  const text = fc
    .array(fc.constantFrom('a', 'ü', '\n', '\r\n', '\0', 'long'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (all, pieceBytes) => {
      const expected = all.split('\n').map((line) => line.replace(/\r$/, ''));
      if (expected.at(-1) === '' && !all.endsWith('\r')) expected.pop();
      expect(split(Buffer.from(all), pieceBytes).map(([line]) => line)).toEqual(expected);
    }),
  );
});

test('a line longer than the limit is counted, and the next one is read', () => {
  expect(split(Buffer.from(`${'x'.repeat(50)}\nb`), 7, 20)).toEqual([
    [undefined, 1],
    ['b', 2],
  ]);
});
