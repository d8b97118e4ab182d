import {
  compareSegments,
  decodedParts,
  decodedText,
  parametersOf,
  partsOf,
  segmentKey,
  splitByPattern,
  type TemplateSegment,
} from '@leakproof/core';
import { shapeOfString } from '../stats/value-shape.ts';
import type { DeclaredPath } from './declared-paths.ts';
import { newPathTreeNode, type PathTreeNode, unionOf } from './path-tree.ts';

/** What descriptions declare at one place of a path. */
export interface DeclaredSegments {
  readonly literals: ReadonlySet<string>;
  /** The most specific first. */
  readonly patterns: readonly TemplateSegment[];
  readonly hasParameter: boolean;
}

/** The segments at `index` of declared paths. Literals are decoded. */
export function declaredSegments(paths: readonly DeclaredPath[], index: number): DeclaredSegments {
  const segments = paths.flatMap(({ template }) => template[index] ?? []);
  const patterns = new Map(segments.flatMap((each) => ('pattern' in each ? [[segmentKey(each), each] as const] : [])));
  return {
    literals: new Set(segments.flatMap((each) => ('literal' in each ? [decodedText(each)] : []))),
    patterns: [...patterns.values()].sort(compareSegments),
    hasParameter: segments.some((each) => 'parameter' in each),
  };
}

/** True if a declared path may have this text at `index`. */
export function admits(path: DeclaredPath, index: number, text: string): boolean {
  const segment = path.template[index];
  if (!segment) return false;
  if ('literal' in segment) return decodedText(segment) === text;
  return text !== '' && ('parameter' in segment || splitByPattern(decodedParts(segment.pattern), text) !== undefined);
}

/** The children of a node that a declared literal or pattern matches, and a node of all others. */
export interface Claimed {
  readonly literals: ReadonlyMap<string, PathTreeNode>;
  readonly patterns: readonly ClaimedPattern[];
  readonly others: PathTreeNode;
}

export interface ClaimedPattern {
  readonly segment: TemplateSegment;
  readonly node: PathTreeNode;
  /** For each parameter, shapes of its values with counts; of whole segments where the texts were not kept. */
  readonly shapes: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Divides the children of a node. Words that are declared literals stay in `others`, which keeps words apart. */
export function claimSegments(node: PathTreeNode, { literals, patterns }: DeclaredSegments): Claimed {
  const ids = [...node.forms].flatMap(([form, { texts, rest }]) => [
    ...[...texts].map(([text, child]) => ({ text, child })),
    ...(rest ? [{ text: form, child: rest }] : []),
  ]);
  if (ids.length === 0 && patterns.length === 0) return { literals: new Map(), patterns: [], others: node };
  const byLiteral = new Map<string, PathTreeNode>();
  const collectors = patterns.map((segment) => new PatternCollector(segment));
  const others: PathTreeNode = {
    ...newPathTreeNode(),
    shapes: node.shapes,
    ends: node.ends,
    folded: node.folded,
  };
  for (const [word, child] of node.words) {
    const taker = literals.has(word) ? undefined : collectors.find((each) => each.takes(word, child));
    if (!taker) others.words.set(word, child);
  }
  const plain = node.id ? [node.id] : [];
  for (const { text, child } of ids) {
    if (literals.has(text)) byLiteral.set(text, child);
    else if (!collectors.some((each) => each.takes(text, child))) plain.push(child);
  }
  if (plain.length > 0) others.id = unionOf(plain);
  return { literals: byLiteral, patterns: collectors.flatMap((each) => each.found() ?? []), others };
}

class PatternCollector {
  readonly #segment: TemplateSegment;
  readonly #names: readonly string[];
  readonly #members: PathTreeNode[] = [];
  readonly #shapes = new Map<string, Map<string, number>>();

  constructor(segment: TemplateSegment) {
    this.#segment = segment;
    this.#names = parametersOf([segment]);
  }

  /** Adds a child if its text matches. A form has `#` where texts differ, which is no text of a pattern. */
  takes(text: string, child: PathTreeNode): boolean {
    const split = splitByPattern(decodedParts(partsOf(this.#segment)), text);
    if (!split) return false;
    this.#members.push(child);
    const seen = [...child.shapes.values()].reduce((sum, times) => sum + times, 0);
    for (const [index, name] of this.#names.entries()) {
      const value = split.values[index] ?? '';
      if (!value.includes('#')) this.#count(name, shapeOfString(value), seen);
      else for (const [shape, times] of child.shapes) this.#count(name, shape, times);
    }
    return true;
  }

  found(): ClaimedPattern | undefined {
    if (this.#members.length === 0) return undefined;
    return { segment: this.#segment, node: unionOf(this.#members), shapes: this.#shapes };
  }

  #count(name: string, shape: string, times: number): void {
    const shapes = this.#shapes.get(name) ?? new Map<string, number>();
    this.#shapes.set(name, shapes);
    shapes.set(shape, (shapes.get(shape) ?? 0) + times);
  }
}
