import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawFrom } from '../testing/draw.ts';
import { anyText } from '../testing/json-text.ts';
import {
  decodeUtf8,
  idOf,
  type JsonNode,
  type JsonText,
  memberOf,
  rawOf,
  readJson,
  stringOf,
  valueOf,
} from './json.ts';

const texts = fc.gen().map((gen) => anyText(drawFrom(gen), 4));

function codeOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

/** JSON.parse would take the last of two members of one name; we refuse both. */
function hasKeyTwice(text: string): boolean {
  let members = 0;
  const count = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(count);
    else if (typeof value === 'object' && value !== null) {
      members += Object.keys(value).length;
      Object.values(value).forEach(count);
    }
  };
  count(JSON.parse(text));
  const colons = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  return colons !== members;
}

describe('JSON is read as strictly as RFC 8259 says:', () => {
  test.each([
    ['a key that stands twice', '{"a":1,"a":2}'],
    ['a key that stands twice, once in escapes', '{"a":1,"\\u0061":2}'],
    ['text after the value', '{} {}'],
    ['a comma at the end', '[1,]'],
    ['a comma alone', '{,}'],
    ['a leading zero', '01'],
    ['a plus', '+1'],
    ['a bare point', '1.'],
    ['a point first', '.5'],
    ['an exponent without digits', '1e'],
    ['hexadecimal', '0x1'],
    ['NaN', 'NaN'],
    ['Infinity', '-Infinity'],
    ['a word in capitals', 'True'],
    ['undefined', 'undefined'],
    ['single quotes', "{'a':1}"],
    ['a bare key', '{a:1}'],
    ['a comment', '/**/1'],
    ['a tab in a string', '"\t"'],
    ['an unknown escape', '"\\x41"'],
    ['half an escape', '"\\u12"'],
    ['an unfinished string', '"a'],
    ['an unfinished escape', '"\\'],
    ['an unfinished object', '{"a":1'],
    ['an unfinished list', '[1'],
    ['the wrong bracket', '[1}'],
    ['no value', ''],
    ['white space only', ' \n'],
    ['a non-breaking space', '\u00a01'],
    ['a vertical tab', '\u000b1'],
    ['a line separator between values', '[1,\u20281]'],
    ['a byte order mark', '\ufeff1'],
    ['a prefix against scripts', ")]}',\n{}"],
    ['a callback', 'cb({})'],
  ])('%s is refused', (_, text) => expect(codeOf(() => readJson(text))).toBe('LP-JSON-INVALID'));

  test('every text that is generated is read, and JSON.parse reads the same', () =>
    fc.assert(
      fc.property(texts, (text) => {
        const json = readJson(text);
        expect(simple(valueOf(json, json.root))).toEqual(simple(JSON.parse(text)));
      }),
    ));

  test('of texts with a character changed it takes those that JSON.parse takes, but for keys that stand twice', () =>
    fc.assert(
      fc.property(
        texts,
        fc.nat(),
        fc.constantFrom(...'{}[]",:\\0eE.-+ntu \t\u0000/a1'.split('')),
        fc.nat(2),
        (text, at, char, drop) => {
          const place = at % (text.length + 1);
          const changed = text.slice(0, place) + char + text.slice(place + drop);
          const ours = codeOf(() => readJson(changed));
          const theirs = codeOf(() => JSON.parse(changed));
          if (theirs === undefined && hasKeyTwice(changed)) expect(ours).toBe('LP-JSON-INVALID');
          else expect(ours === undefined).toBe(theirs === undefined);
        },
      ),
      { numRuns: 1_000 },
    ));

  test('the places of its parts give back every character of them', () =>
    fc.assert(
      fc.property(texts, (text) => {
        const json = readJson(text);
        for (const node of nodesOf(json.root)) {
          expect(readJson(rawOf(json, node)).root.type).toBe(node.type);
          if (node.type !== 'object') continue;
          for (const member of node.members) {
            const key = json.text.slice(member.start, member.value.start);
            expect(JSON.parse(key.slice(0, key.lastIndexOf(':')))).toBe(member.key);
          }
        }
        expect(json.root.start).toBe(text.length - text.trimStart().length);
      }),
    ));
});

function simple(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each)),
  ) as unknown;
}

function nodesOf(node: JsonNode): JsonNode[] {
  if (node.type === 'array') return [node, ...node.items.flatMap(nodesOf)];
  return node.type === 'object' ? [node, ...node.members.flatMap(({ value }) => nodesOf(value))] : [node];
}

describe('what is large is read, or refused with a code:', () => {
  test('64 levels are read, 65 are too deep', () => {
    expect(codeOf(() => readJson('['.repeat(64) + ']'.repeat(64)))).toBeUndefined();
    expect(codeOf(() => readJson('['.repeat(65) + ']'.repeat(65)))).toBe('LP-JSON-TOO-DEEP');
    expect(codeOf(() => readJson('{"a":'.repeat(65) + '1' + '}'.repeat(65)))).toBe('LP-JSON-TOO-DEEP');
  });

  test('a million brackets are too deep, not a full stack', () =>
    expect(codeOf(() => readJson('['.repeat(1_000_000)))).toBe('LP-JSON-TOO-DEEP'));

  test('a million brackets within the limits asked for are read', () => {
    const text = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect(codeOf(() => readJson(text, { maxDepth: 1_000_000 }))).toBeUndefined();
  });

  test('a hundred thousand keys are read', () => {
    const text = JSON.stringify(
      Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index])),
    );
    const { root } = readJson(text);
    expect(root.type === 'object' && root.members.length).toBe(100_000);
  });

  test('a string of ten megabytes is read', () => {
    const json = readJson(JSON.stringify({ text: 'ä"'.repeat(5_000_000) }));
    const node = memberOf(json.root, 'text');
    expect(node && stringOf(json, node)?.length).toBe(10_000_000);
  });

  test('a number of a million digits is read', () => {
    const json = readJson('9'.repeat(1_000_000));
    expect(idOf(json, json.root)?.length).toBe(1_000_000);
  });
});

describe('an id is', () => {
  const id = (text: string): string | undefined => {
    const json: JsonText = readJson(text);
    return idOf(json, json.root);
  };
  test.each([
    ['"7"', '7'],
    ['7', '7'],
    ['0', '0'],
    ['-7', '-7'],
    ['"\\u0037"', '7'],
    ['9007199254740993', '9007199254740993'],
    ['"__proto__"', '__proto__'],
  ])('%s', (text, expected) => expect(id(text)).toBe(expected));

  test.each(['7.0', '7e0', '-0', '""', 'true', 'null', '[]', '["7"]', '{"id":"7"}'])('not %s', (text) =>
    expect(id(text)).toBeUndefined(),
  );
});

describe('a value for conditions', () => {
  test('has no prototype that a key could reach', () => {
    const json = readJson('{"__proto__":{"admin":true},"constructor":1}');
    const value = valueOf(json, json.root) as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect('admin' in value).toBe(false);
  });

  test('keeps integers beyond 2^53 apart', () => {
    const json = readJson('[9007199254740993,9007199254740992,1e300,5]');
    expect(valueOf(json, json.root)).toEqual([9_007_199_254_740_993n, 9_007_199_254_740_992n, 1e300, 5]);
  });
});

describe('bytes are decoded', () => {
  test.each([
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a character', [0xe2, 0x82]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('only if they are UTF-8: not %s', (_, bytes) =>
    expect(codeOf(() => decodeUtf8(Uint8Array.from(bytes)))).toBe('LP-JSON-INVALID'),
  );

  test('without a byte order mark', () => expect(decodeUtf8(Uint8Array.from([0xef, 0xbb, 0xbf, 0x31]))).toBe('1'));
});
