import type { PathFrame } from './path-frame.ts';
import type { OperationStats } from '../stats/operation-stats.ts';
import type { PathNode } from './path-tree.ts';

/** What answered in one place in one way. */
export interface Behaviour {
  readonly frame: PathFrame;
  readonly origin: string;
  readonly stats: OperationStats;
}

/** A node of all frames laid over one another. */
export interface PathTreeNode {
  readonly words: Map<string, PathTreeNode>;
  id: PathTreeNode | undefined;
  readonly shapes: Map<string, number>;
  readonly ends: Behaviour[];
  /** True if words went into `id` because there were too many of them. */
  crowded: boolean;
}

function newPlace(): PathTreeNode {
  return { words: new Map(), id: undefined, shapes: new Map(), ends: [], crowded: false };
}

/** Lays the frames over one another. */
export function layOver(frames: readonly PathFrame[]): PathTreeNode {
  const root = newPlace();
  for (const frame of frames) add(root, frame.root, frame);
  return root;
}

/** One place out of several that are the same. */
export function uniteAll(places: readonly PathTreeNode[]): PathTreeNode {
  const united = newPlace();
  for (const place of places) unite(united, place);
  return united;
}

/** Every end below a place, with the segments that lead there; an id is `{}`. */
export function* endsBelow(place: PathTreeNode, path = ''): Generator<readonly [suffix: string, end: Behaviour]> {
  for (const end of place.ends) yield [path, end];
  for (const [word, below] of place.words) yield* endsBelow(below, `${path}/${word}`);
  if (place.id) yield* endsBelow(place.id, `${path}/{}`);
}

function add(into: PathTreeNode, node: PathNode, frame: PathFrame): void {
  for (const [shape, times] of node.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  for (const [origin, stats] of node.ends) into.ends.push({ frame, origin, stats });
  for (const [word, child] of node.words) {
    const target = into.words.get(word) ?? newPlace();
    into.words.set(word, target);
    add(target, child, frame);
  }
  if (node.folded) into.crowded = true;
  if (node.id) add((into.id ??= newPlace()), node.id, frame);
}

function unite(into: PathTreeNode, from: PathTreeNode): void {
  for (const [shape, times] of from.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  into.ends.push(...from.ends);
  if (from.crowded) into.crowded = true;
  for (const [word, child] of from.words) {
    const target = into.words.get(word) ?? newPlace();
    into.words.set(word, target);
    unite(target, child);
  }
  if (from.id) unite((into.id ??= newPlace()), from.id);
}
