import type { PathFrame } from './path-frame.ts';
import type { OperationStats } from '../stats/operation-stats.ts';
import type { FrameNode } from './frame-tree.ts';

/** The statistics of one path in one frame at one origin. */
export interface PathEnd {
  readonly frame: PathFrame;
  readonly origin: string;
  readonly stats: OperationStats;
}

/** A node of the tree that is the union of all frames. `words` by segment; `id` is the child for segments that are ids. */
export interface PathTreeNode {
  readonly words: Map<string, PathTreeNode>;
  id: PathTreeNode | undefined;
  readonly shapes: Map<string, number>;
  /** Names that sources give to this parameter. */
  readonly names: Set<string>;
  readonly ends: PathEnd[];
  /** True if words were merged into `id` because there were more than the limit. */
  folded: boolean;
}

function newPathTreeNode(): PathTreeNode {
  return { words: new Map(), id: undefined, shapes: new Map(), names: new Set(), ends: [], folded: false };
}

export function mergeFrames(frames: readonly PathFrame[]): PathTreeNode {
  const root = newPathTreeNode();
  for (const frame of frames) add(root, frame.root, frame);
  return root;
}

/** The union of several nodes. */
export function unionOf(nodes: readonly PathTreeNode[]): PathTreeNode {
  const union = newPathTreeNode();
  for (const node of nodes) addUnion(union, node);
  return union;
}

/** Every end below a node, with the path from the node to it; an id is `{}`. */
export function* endsBelow(node: PathTreeNode, path = ''): Generator<readonly [suffix: string, end: PathEnd]> {
  for (const end of node.ends) yield [path, end];
  for (const [word, below] of node.words) yield* endsBelow(below, `${path}/${word}`);
  if (node.id) yield* endsBelow(node.id, `${path}/{}`);
}

function add(into: PathTreeNode, node: FrameNode, frame: PathFrame): void {
  for (const [shape, times] of node.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  for (const name of node.names) into.names.add(name);
  for (const [origin, stats] of node.ends) into.ends.push({ frame, origin, stats });
  for (const [word, child] of node.words) {
    const target = into.words.get(word) ?? newPathTreeNode();
    into.words.set(word, target);
    add(target, child, frame);
  }
  if (node.folded) into.folded = true;
  if (node.id) add((into.id ??= newPathTreeNode()), node.id, frame);
}

function addUnion(into: PathTreeNode, from: PathTreeNode): void {
  for (const [shape, times] of from.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  for (const name of from.names) into.names.add(name);
  into.ends.push(...from.ends);
  if (from.folded) into.folded = true;
  for (const [word, child] of from.words) {
    const target = into.words.get(word) ?? newPathTreeNode();
    into.words.set(word, target);
    addUnion(target, child);
  }
  if (from.id) addUnion((into.id ??= newPathTreeNode()), from.id);
}
