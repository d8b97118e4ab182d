import { partsOf, segmentKey, type TemplatePart, type TemplateSegment } from './path-template.ts';
import { compareSegments } from './template-order.ts';
import { decodedParts, decodedText, splitByPattern } from './template-pattern.ts';

/** An entry with its template. */
export interface Templated {
  readonly template: readonly TemplateSegment[];
}

/** Templates as a tree of segments. */
export interface TemplateIndex<T> {
  /**
   * Calls `visit` for each entry whose template matches the decoded segments of a path, the most specific first, until it returns a
   * value. Entries that differ in names only keep their order.
   */
  find<R>(texts: readonly string[], visit: (entry: T) => R | undefined): R | undefined;
}

interface Node<T> {
  /** By decoded text. */
  readonly literals: Map<string, Node<T>>;
  /** The most specific first. */
  readonly patterns: PatternChild<T>[];
  parameter: Node<T> | undefined;
  readonly entries: T[];
}

interface PatternChild<T> {
  readonly segment: TemplateSegment;
  readonly parts: readonly TemplatePart[];
  readonly node: Node<T>;
}

export function indexTemplates<T extends Templated>(entries: readonly T[]): TemplateIndex<T> {
  const root = newNode<T>();
  for (const entry of entries) {
    let node = root;
    for (const segment of entry.template) node = childFor(node, segment);
    node.entries.push(entry);
  }
  return { find: (texts, visit) => walk(root, { texts, visit }, 0) };
}

function childFor<T>(node: Node<T>, segment: TemplateSegment): Node<T> {
  if ('parameter' in segment) return (node.parameter ??= newNode());
  if ('literal' in segment) {
    const text = decodedText(segment);
    const child = node.literals.get(text) ?? newNode();
    node.literals.set(text, child);
    return child;
  }
  const key = segmentKey(segment);
  const known = node.patterns.find((each) => segmentKey(each.segment) === key);
  if (known) return known.node;
  const made = { segment, parts: decodedParts(partsOf(segment)), node: newNode<T>() };
  node.patterns.push(made);
  node.patterns.sort((a, b) => compareSegments(a.segment, b.segment));
  return made.node;
}

interface Search<T, R> {
  readonly texts: readonly string[];
  readonly visit: (entry: T) => R | undefined;
}

function walk<T, R>(node: Node<T>, search: Search<T, R>, at: number): R | undefined {
  const text = search.texts[at];
  if (text === undefined) {
    for (const entry of node.entries) {
      const found = search.visit(entry);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const literal = node.literals.get(text);
  const found = literal && walk(literal, search, at + 1);
  if (found !== undefined || text === '') return found;
  for (const { parts, node: below } of node.patterns) {
    const matched = splitByPattern(parts, text) ? walk(below, search, at + 1) : undefined;
    if (matched !== undefined) return matched;
  }
  return node.parameter && walk(node.parameter, search, at + 1);
}

function newNode<T>(): Node<T> {
  return { literals: new Map(), patterns: [], parameter: undefined, entries: [] };
}
