import { partsOf, segmentKey, type TemplatePart, type TemplateSegment } from './path-template.ts';
import { decodedText, splitByPattern } from './template-pattern.ts';

/**
 * Negative if `a` is more specific than `b`: at the first segment that differs, text goes before a pattern, a pattern before a
 * parameter, and of two patterns the one with more text. Zero if they differ in names only. Templates of one length.
 */
export function compareTemplates(a: readonly TemplateSegment[], b: readonly TemplateSegment[]): number {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    const order = other ? compareSegments(segment, other) : 0;
    if (order !== 0) return order;
  }
  return 0;
}

/** The same of one segment. Patterns with equally much text are in the order of their text. */
export function compareSegments(a: TemplateSegment, b: TemplateSegment): number {
  const order = rankOf(a) - rankOf(b) || textLength(b) - textLength(a);
  if (order !== 0 || !('pattern' in a)) return order;
  const [one, other] = [segmentKey(a), segmentKey(b)];
  return one === other ? 0 : one < other ? -1 : 1;
}

function rankOf(segment: TemplateSegment): number {
  return 'literal' in segment ? 0 : 'pattern' in segment ? 1 : 2;
}

/** Literals of one length are not compared: they are different, or the same. */
function textLength(segment: TemplateSegment): number {
  if ('literal' in segment) return 0;
  return partsOf(segment).reduce((length, part) => length + ('literal' in part ? decodedText(part).length : 0), 0);
}

/**
 * Whether two templates match a common path, and neither is more specific: they are the same but for names, or have patterns of equally
 * much text in one place, such as `a{x}` and `{y}b`.
 */
export function isConflict(a: readonly TemplateSegment[], b: readonly TemplateSegment[]): boolean {
  if (a.length !== b.length || !a.every((segment, index) => overlaps(segment, b[index] ?? segment))) return false;
  for (const [index, segment] of a.entries()) {
    const other = b[index] ?? segment;
    if (segmentKey(segment) === segmentKey(other)) continue;
    return rankOf(segment) === rankOf(other) && textLength(segment) === textLength(other);
  }
  return true;
}

/** Whether two segments match a common text. */
export function overlaps(a: TemplateSegment, b: TemplateSegment): boolean {
  if ('literal' in a) return 'literal' in b ? a.literal === b.literal : matches(b, a.literal);
  if ('literal' in b) return matches(a, b.literal);
  return 'parameter' in a || 'parameter' in b || haveCommonText(tokensOf(a.pattern), tokensOf(b.pattern));
}

function matches(segment: Exclude<TemplateSegment, { literal: string }>, text: string): boolean {
  return 'parameter' in segment ? text !== '' : splitByPattern(segment.pattern, text, 'percent-encoded') !== undefined;
}

/** A character, any character, or any text. */
type Token = string | typeof ANY | typeof REST;
const ANY = Symbol('any character');
const REST = Symbol('any text');

function tokensOf(parts: readonly TemplatePart[]): readonly Token[] {
  return parts.flatMap((part): Token[] => ('literal' in part ? part.literal.split('') : [ANY, REST]));
}

/** By dynamic programming over the positions in both. O(length²). */
function haveCommonText(a: readonly Token[], b: readonly Token[]): boolean {
  // reached[j]: some text is matched by the first i tokens of `a` and by the first j of `b`.
  let reached = new Set(closure(new Set([0]), b));
  for (const token of a) {
    const next = new Set<number>();
    for (const at of reached) {
      if (token === REST) for (let to = at; to <= b.length; to++) next.add(to);
      else if (b[at] === REST) next.add(at);
      else if (b[at] !== undefined && (token === ANY || b[at] === ANY || token === b[at])) next.add(at + 1);
    }
    reached = closure(next, b);
  }
  return reached.has(b.length);
}

/** Adds the positions after every `REST` that may match nothing. */
function closure(positions: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const at of positions) if (tokens[at] === REST) positions.add(at + 1);
  return positions;
}
