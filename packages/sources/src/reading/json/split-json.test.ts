import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonSplitter, type JsonEnd } from './split-json.ts';

function split(text: string, pieceBytes: number, maxBytes = 1e6): { units: [string, string][]; end: JsonEnd } {
  const units: [string, string][] = [];
  const splitter = new JsonSplitter(['log', 'entries'], maxBytes, {
    unit: (at, bytes) => units.push([at, bytes.toString()]),
    oversize: (at) => units.push([at, 'oversize']),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) splitter.push(bytes.subarray(at, at + pieceBytes));
  return { units, end: splitter.end() };
}

test('elements of the list and values of the objects on the path are found complete', () => {
  const { units, end } = split(
    '{"a":1,"log":{"creator":{"n":"}]"},"entries":[{"x":"\\"]"},2,"s",[3]]},"z":null}',
    1000,
  );
  expect(units).toEqual([
    ['a', '1'],
    ['log.creator', '{"n":"}]"}'],
    ['log.entries[]', '{"x":"\\"]"}'],
    ['log.entries[]', '2'],
    ['log.entries[]', '"s"'],
    ['log.entries[]', '[3]'],
    ['z', 'null'],
  ]);
  expect(end.type).toBe('complete');
});

test('an invalid element does not affect those after it', () => {
  const { units } = split('{"log":{"entries":[{"a":oops},{"b":1}]}}', 7);
  expect(units.map(([, text]) => text)).toEqual(['{"a":oops}', '{"b":1}']);
});

test.each([
  ['{"log":{"entries":[{"a":1},{"b"', 'torn'],
  ['', 'torn'],
  ['{"log":{"entries":[1] "x"', 'broken'],
  ['{"log" "x"', 'broken'],
  ['{}', 'complete'],
  ['7', 'complete'],
  ['{} {}', 'broken'],
] as const)('%s is %s', (text, type) => {
  expect(split(text, 3).end.type).toBe(type);
});

test('a value larger than the limit is reported and not kept', () => {
  const { units } = split(`{"log":{"entries":["${'x'.repeat(500)}",1]}}`, 64, 100);
  expect(units).toEqual([
    ['log.entries[]', 'oversize'],
    ['log.entries[]', '1'],
  ]);
});

test('every element of every document is found, whatever pieces the bytes come in', () => {
  const long = fc.string({ unit: 'grapheme', minLength: 1000, maxLength: 5000 });
  const escapes = fc.stringMatching(/^[\\"a]{0,2100}$/);
  const element = fc.oneof(fc.jsonValue(), long, escapes, fc.record({ text: fc.oneof(long, escapes) }));
  fc.assert(
    fc.property(
      fc.array(element, { maxLength: 8 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.boolean(),
      (entries, pieceBytes, pretty) => {
        const text = JSON.stringify({ log: { entries } }, null, pretty ? 2 : undefined);
        const { units, end } = split(text, pieceBytes);
        expect(end.type).toBe('complete');
        expect(units.map(([, unit]) => JSON.parse(unit) as unknown)).toEqual(JSON.parse(JSON.stringify(entries)));
      },
    ),
    { numRuns: 200 },
  );
});
