import type { Provenance } from '@leakproof/core';
import { mergeStats, newOperationStats, type OperationStats } from '../stats/operation-stats.ts';
import type { Segment } from './segment-shape.ts';

/**
 * Paths of exchanges that were answered alike. A child in `words` may be literal; `id` stands for all segments that are ids: by
 * their shape, or because more than `limit` words stood in this one place and all were answered alike. Folding is monotone (a
 * union is beyond the limit if a part is), so the tree is the same whatever the order of the traffic.
 */
export interface PathNode {
  /** Shapes of the segments that led here, with counts. */
  readonly shapes: Map<string, number>;
  readonly words: Map<string, PathNode>;
  id: PathNode | undefined;
  folded: boolean;
  /** By origin; only where a path ends. */
  readonly ends: Map<string, OperationStats>;
}

export function newPathNode(): PathNode {
  return { shapes: new Map(), words: new Map(), id: undefined, folded: false, ends: new Map() };
}

/** One path to be added: `limit` words may stand in one place before they are folded. */
export interface PathEntry {
  readonly segments: readonly Segment[];
  readonly origin: string;
  readonly limit: number;
  readonly where: Provenance;
}

/** The stats of one path at one origin, made if new. O(segments), and a fold now and then. */
export function endOf(root: PathNode, entry: PathEntry): OperationStats {
  let node = root;
  for (const { text, shape, isId } of entry.segments) {
    let child = isId ? (node.id ??= newPathNode()) : childOf(node, text);
    child.shapes.set(shape, (child.shapes.get(shape) ?? 0) + 1);
    if (node.words.size > entry.limit) child = foldWords(node, entry.limit);
    node = child;
  }
  const known = node.ends.get(entry.origin);
  if (known) return known;
  const stats = newOperationStats(entry.where);
  node.ends.set(entry.origin, stats);
  return stats;
}

/** Adds all of `from` to `into`; `from` is used up. */
export function mergeNodes(into: PathNode, from: PathNode, limit: number): void {
  for (const [shape, times] of from.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  for (const [origin, stats] of from.ends) {
    const known = into.ends.get(origin);
    if (known) mergeStats(known, stats);
    else into.ends.set(origin, stats);
  }
  if (from.id) {
    if (into.id) mergeNodes(into.id, from.id, limit);
    else into.id = from.id;
  }
  if (from.folded && !into.folded) foldWords(into, limit);
  for (const [word, child] of from.words) {
    const target = into.folded ? (into.id ??= newPathNode()) : into.words.get(word);
    if (target) mergeNodes(target, child, limit);
    else into.words.set(word, child);
    if (into.words.size > limit) foldWords(into, limit);
  }
}

/** Folds every place below `node` that holds more than `limit` words. */
export function tighten(node: PathNode, limit: number): void {
  for (const child of node.words.values()) tighten(child, limit);
  if (node.id) tighten(node.id, limit);
  if (node.words.size > limit) foldWords(node, limit);
}

/** How many paths are held below `node`. */
export function countEnds(node: PathNode): number {
  let ends = node.ends.size;
  for (const child of node.words.values()) ends += countEnds(child);
  return ends + (node.id ? countEnds(node.id) : 0);
}

function childOf(node: PathNode, word: string): PathNode {
  if (node.folded) return (node.id ??= newPathNode());
  const known = node.words.get(word);
  if (known) return known;
  const made = newPathNode();
  node.words.set(word, made);
  return made;
}

function foldWords(node: PathNode, limit: number): PathNode {
  const id = (node.id ??= newPathNode());
  node.folded = true;
  for (const child of node.words.values()) mergeNodes(id, child, limit);
  node.words.clear();
  return id;
}
