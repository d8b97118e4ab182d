import type { Provenance } from '@leakproof/core';
import { mergeStats, newOperationStats, type OperationStats } from '../stats/operation-stats.ts';
import type { Segment } from './segment-shape.ts';

/**
 * A node of the paths of one frame. A child in `words` may be literal; `id` is the child for all segments that are ids: by their
 * shape, or because there were more than `limit` distinct words here, all with responses of one structure. Then the words are folded
 * into `id`. Folding is monotone (a union exceeds the limit if a part does), so that the tree does not depend on the order of the
 * traffic.
 */
export interface FrameNode {
  /** Shapes of the segment, with counts. */
  readonly shapes: Map<string, number>;
  /** Names that sources give to this parameter. */
  readonly names: Set<string>;
  readonly words: Map<string, FrameNode>;
  id: FrameNode | undefined;
  folded: boolean;
  /** By origin; empty unless a path ends here. */
  readonly ends: Map<string, OperationStats>;
}

export function newFrameNode(): FrameNode {
  return { shapes: new Map(), names: new Set(), words: new Map(), id: undefined, folded: false, ends: new Map() };
}

/** A path to add. `limit`: distinct words at one place before they are folded. */
export interface PathEntry {
  readonly segments: readonly Segment[];
  readonly origin: string;
  readonly limit: number;
  readonly where: Provenance;
}

/** The statistics of one path at one origin, created if new. Amortised O(segments). */
export function endOf(root: FrameNode, entry: PathEntry): OperationStats {
  let node = root;
  for (const { text, shape, isId, name } of entry.segments) {
    let child = isId ? (node.id ??= newFrameNode()) : childOf(node, text);
    child.shapes.set(shape, (child.shapes.get(shape) ?? 0) + 1);
    if (name !== undefined) child.names.add(name);
    if (node.words.size > entry.limit) child = foldWords(node, entry.limit);
    node = child;
  }
  const known = node.ends.get(entry.origin);
  if (known) return known;
  const stats = newOperationStats(entry.where);
  node.ends.set(entry.origin, stats);
  return stats;
}

/** Adds `from` to `into`; `from` must not be used afterwards. */
export function mergeNodes(into: FrameNode, from: FrameNode, limit: number): void {
  for (const [shape, times] of from.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  for (const name of from.names) into.names.add(name);
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
    const target = into.folded ? (into.id ??= newFrameNode()) : into.words.get(word);
    if (target) mergeNodes(target, child, limit);
    else into.words.set(word, child);
    if (into.words.size > limit) foldWords(into, limit);
  }
}

/** Folds every node from `node` down that has more than `limit` words. */
export function foldBeyond(node: FrameNode, limit: number): void {
  for (const child of node.words.values()) foldBeyond(child, limit);
  if (node.id) foldBeyond(node.id, limit);
  if (node.words.size > limit) foldWords(node, limit);
}

/** Number of paths below `node`. */
export function countEnds(node: FrameNode): number {
  let ends = node.ends.size;
  for (const child of node.words.values()) ends += countEnds(child);
  return ends + (node.id ? countEnds(node.id) : 0);
}

function childOf(node: FrameNode, word: string): FrameNode {
  if (node.folded) return (node.id ??= newFrameNode());
  const known = node.words.get(word);
  if (known) return known;
  const made = newFrameNode();
  node.words.set(word, made);
  return made;
}

function foldWords(node: FrameNode, limit: number): FrameNode {
  const id = (node.id ??= newFrameNode());
  node.folded = true;
  for (const child of node.words.values()) mergeNodes(id, child, limit);
  node.words.clear();
  return id;
}
