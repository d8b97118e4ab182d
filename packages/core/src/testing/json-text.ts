import type { Draw } from './draw.ts';

/** JSON as text, with everything that two serialisers do differently: white space, escapes, forms of a number. */

const SPACES = ['', '', '', ' ', '\n  ', '\t', '\r\n'] as const;
const NUMBERS = [
  '0',
  '7',
  '-0',
  '-1',
  '1.10',
  '1e400',
  '1E+2',
  '0.1e-7',
  '9007199254740993',
  '123456789012345678901',
] as const;
const STRINGS = [
  '',
  'Town-7',
  'a"b\\c/',
  'tab\tnew\n',
  '\u2028',
  '健身',
  'e\u0301',
  '🚲',
  '__proto__',
  '{"id":"8"}',
] as const;

export function space(draw: Draw): string {
  return draw.oneOf(SPACES);
}

/** A string literal of `value`; sometimes one of its characters, or a lone surrogate after it, is escaped. */
export function stringText(draw: Draw, value: string): string {
  const plain = JSON.stringify(value);
  if (value.length === 0 || !draw.oneIn(6)) return plain;
  const at = draw.upTo(value.length - 1);
  const escaped = `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value.slice(0, at)).slice(0, -1)}${escaped}${JSON.stringify(value.slice(at + 1)).slice(1)}`;
}

/** A scalar, or an array of scalars. */
export function plainText(draw: Draw): string {
  switch (draw.upTo(8)) {
    case 0:
      return 'null';
    case 1:
      return draw.oneOf(['true', 'false']);
    case 2:
    case 3:
      return draw.oneOf(NUMBERS);
    case 4:
      return arrayText(
        draw,
        Array.from({ length: draw.upTo(2) }, () => draw.oneOf(NUMBERS)),
      );
    case 5:
      return draw.oneOf(['"\\ud800"', '"\\u0041\\/\\b"', '"\\"]},{["']);
    default:
      return stringText(draw, draw.oneOf(STRINGS));
  }
}

/** Any value at all, nested a little. */
export function anyText(draw: Draw, depth = 2): string {
  if (depth === 0 || draw.oneIn(3)) return plainText(draw);
  if (draw.oneIn(2))
    return arrayText(
      draw,
      Array.from({ length: draw.upTo(2) }, () => anyText(draw, depth - 1)),
    );
  const keys = draw.someOf(['id', 'person_id', 'constructor', 'is_private']);
  return objectText(
    draw,
    keys.map((key) => [key, anyText(draw, depth - 1)]),
  );
}

export function arrayText(draw: Draw, items: readonly string[]): string {
  if (items.length === 0) return `[${space(draw)}]`;
  return `[${items.map((item) => `${space(draw)}${item}${space(draw)}`).join(',')}]`;
}

export function objectText(draw: Draw, members: readonly (readonly [key: string, text: string])[]): string {
  if (members.length === 0) return `{${space(draw)}}`;
  const parts = members.map(
    ([key, text]) => `${space(draw)}${stringText(draw, key)}${space(draw)}:${space(draw)}${text}${space(draw)}`,
  );
  return `{${parts.join(',')}}`;
}
