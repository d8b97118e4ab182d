import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutBodies, unescapeJson } from './long-strings.ts';
import { JsonSplitter, type LongString } from './split-json.ts';

const unescape = (inside: string | Uint8Array): string | undefined => {
  const bytes = Buffer.from(inside);
  const found = unescapeJson(bytes, 0, bytes.length);
  return found === undefined ? undefined : Buffer.from(found).toString();
};

test('what is unescaped is what JSON.parse finds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.boolean(), (text, ascii) => {
      const json = JSON.stringify(text).slice(1, -1);
      const escape = (run: string): string =>
        Array.from({ length: run.length }, (_, at) => `\\u${run.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
          '',
        );
      expect(unescape(ascii ? json.replaceAll(/[^\u0020-\u007e]+/g, escape) : json)).toBe(text);
    }),
  );
});

test('what JSON.parse refuses is not unescaped', () => {
  const inside = fc
    .array(fc.constantFrom('\\', 'u', 'd800', 'dc00', '\\u', '0041', 'n', 'x', '\n', 'é', '/'), { maxLength: 8 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(inside, (text) => {
      let expected: string | undefined;
      try {
        expected = JSON.parse(`"${text}"`) as string;
      } catch {
        expected = undefined;
      }
      expect(unescape(text)).toBe(expected?.isWellFormed() === true ? expected : undefined);
    }),
    { numRuns: 2000 },
  );
});

test('bytes that are not UTF-8 are not unescaped', () => {
  expect(unescape(Uint8Array.of(97, 0xff))).toBeUndefined();
});

test('only bodies are cut out, and they mean the same', () => {
  const body = '{"a":"\\" ü \u{1F600}"}\n'.repeat(60);
  const long = 'x'.repeat(2000);
  const value = { url: long, content: { text: body }, list: [{ text: long }, { text: 'short' }] };
  for (const space of [0, 2]) {
    const json = JSON.stringify([value], null, space);
    let cut: ReturnType<typeof cutBodies>;
    const splitter = new JsonSplitter([], 1e6, {
      unit(_path: string, bytes: Buffer, _index: number, found: readonly LongString[]) {
        cut = cutBodies(bytes, found);
      },
      oversize: () => undefined,
    });
    splitter.push(Buffer.from(json));
    expect(JSON.parse(cut?.json ?? '')).toEqual({
      url: long,
      content: { text: { cut: 0 } },
      list: [{ text: { cut: 1 } }, { text: 'short' }],
    });
    expect(cut?.bodies.map((each) => Buffer.from(each).toString())).toEqual([body, long]);
  }
});
