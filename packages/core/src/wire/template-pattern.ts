import type { TemplatePart, TemplateSegment } from './path-template.ts';
import { decodeSegment } from './target.ts';

/** A text divided by a pattern. */
export interface Split {
  /** The text of each parameter, in order. Together with the literals they are the text. */
  readonly values: readonly string[];
  /** True if there is no other way to divide it. */
  readonly isOnly: boolean;
}

/** `percent-encoded`: literals do not begin inside an escape. */
export type Encoding = 'decoded' | 'percent-encoded';

/**
 * Divides a text by a pattern; undefined if it does not match. Every parameter takes at least one character; of several ways the one
 * with the shortest values, from the left. O(text × literals).
 */
export function splitByPattern(
  parts: readonly TemplatePart[],
  text: string,
  encoding: Encoding = 'decoded',
): Split | undefined {
  const pattern = anchorsOf(parts);
  if (!pattern) return undefined;
  const { first, between, last } = pattern;
  const end = text.length - last.length;
  if (first.length >= end || !text.startsWith(first) || !text.endsWith(last)) return undefined;
  const from = leftmost(text, { between, start: first.length, encoding });
  if (!from) return undefined;
  const values = [...from.keys(), from.length].map((index) => {
    const before = from[index - 1];
    return text.slice(
      before === undefined ? first.length : before + (between[index - 1] ?? '').length,
      from[index] ?? end,
    );
  });
  if (values.at(-1) === '') return undefined;
  return { values, isOnly: isRightmost(text, from, { between, end, encoding }) };
}

interface Anchors {
  readonly first: string;
  /** The text after each parameter but the last; empty between two that are adjacent. */
  readonly between: readonly string[];
  readonly last: string;
}

/** Undefined without a parameter. */
function anchorsOf(parts: readonly TemplatePart[]): Anchors | undefined {
  const texts: string[] = [''];
  for (const part of parts) {
    if ('parameter' in part) texts.push('');
    else texts.push(`${texts.pop() ?? ''}${part.literal}`);
  }
  const [first = '', ...after] = texts;
  const last = after.pop();
  return last === undefined ? undefined : { first, between: after, last };
}

/** The first offset of each inner literal, with at least one character before each. */
function leftmost(
  text: string,
  { between, start, encoding }: { between: readonly string[]; start: number; encoding: Encoding },
): readonly number[] | undefined {
  const found: number[] = [];
  let at = start;
  for (const literal of between) {
    let offset = text.indexOf(literal, at + 1);
    while (offset >= 0 && isInsideEscape(text, offset, encoding)) offset = text.indexOf(literal, offset + 1);
    if (offset < 0 || at + 1 > text.length) return undefined;
    found.push(offset);
    at = offset + literal.length;
  }
  return found;
}

/** Whether no inner literal can be farther right than at these offsets. */
function isRightmost(
  text: string,
  offsets: readonly number[],
  { between, end, encoding }: { between: readonly string[]; end: number; encoding: Encoding },
): boolean {
  let limit = end;
  for (let index = between.length - 1; index >= 0; index--) {
    const literal = between[index] ?? '';
    let offset = text.lastIndexOf(literal, limit - 1 - literal.length);
    while (offset >= 0 && isInsideEscape(text, offset, encoding))
      offset = offset === 0 ? -1 : text.lastIndexOf(literal, offset - 1);
    if (offset !== offsets[index]) return false;
    limit = offset;
  }
  return true;
}

function isInsideEscape(text: string, offset: number, encoding: Encoding): boolean {
  return encoding === 'percent-encoded' && (text[offset - 1] === '%' || text[offset - 2] === '%');
}

/** The value of a path parameter: decoded, and as sent. */
export interface PathValue {
  readonly parameter: string;
  readonly value: string;
  readonly raw: string;
}

/**
 * The parameters of one segment as sent; undefined if it does not match. `ambiguous`: a server that decodes before it compares, or that
 * divides the text in another place, would match other values than this.
 */
export function bindSegment(segment: TemplateSegment, raw: string): readonly PathValue[] | 'ambiguous' | undefined {
  if ('literal' in segment) {
    if (segment.literal === raw) return [];
    const isSame = (raw.includes('%') || segment.literal.includes('%')) && decodeSegment(raw) === decodedText(segment);
    return isSame ? 'ambiguous' : undefined;
  }
  const text = decodeSegment(raw);
  if (!text) return undefined;
  if ('parameter' in segment) return [{ parameter: segment.parameter, value: text, raw }];
  const decoded = splitByPattern(decodedParts(segment.pattern), text);
  if (!decoded) return undefined;
  const sent = decoded.isOnly ? splitByPattern(segment.pattern, raw, 'percent-encoded') : undefined;
  if (!sent?.values.every((value, index) => decodeSegment(value) === decoded.values[index])) return 'ambiguous';
  return segment.pattern
    .flatMap((part) => ('parameter' in part ? [part.parameter] : []))
    .map((parameter, index) => ({
      parameter,
      value: decoded.values[index] ?? '',
      raw: sent.values[index] ?? '',
    }));
}

/** The parts of a pattern with their text decoded. */
export function decodedParts(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  return parts.map((part) => ('literal' in part ? { literal: decodedText(part) } : part));
}

export function decodedText({ literal }: { readonly literal: string }): string {
  return decodeSegment(literal) ?? literal;
}
