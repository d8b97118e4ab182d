import type { PathFrame } from './path-frame.ts';
import type { OperationStats } from '../stats/operation-stats.ts';
import type { FrameNode } from './frame-tree.ts';
import { type IdForm, type IdForms, newIdForm } from './id-forms.ts';

/** The statistics of one path in one frame at one origin. */
export interface PathEnd {
  readonly frame: PathFrame;
  readonly origin: string;
  readonly stats: OperationStats;
}

/**
 * A node of the tree that is the union of all frames. `words` by segment; `id` and `forms` are the children for segments that are ids.
 */
export interface PathTreeNode {
  readonly words: Map<string, PathTreeNode>;
  readonly forms: IdForms<PathTreeNode>;
  id: PathTreeNode | undefined;
  readonly shapes: Map<string, number>;
  /** Names that sources give to this parameter. */
  readonly names: Set<string>;
  readonly ends: PathEnd[];
  /** True if words were merged into `id` because there were more than the limit. */
  folded: boolean;
}

export function newPathTreeNode(): PathTreeNode {
  return {
    words: new Map(),
    forms: new Map(),
    id: undefined,
    shapes: new Map(),
    names: new Set(),
    ends: [],
    folded: false,
  };
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
  for (const below of idsOf(node)) yield* endsBelow(below, `${path}/{}`);
}

function idsOf({ id, forms }: PathTreeNode): readonly PathTreeNode[] {
  const ofForms = [...forms.values()].flatMap(({ texts, rest }) => [...texts.values(), ...(rest ? [rest] : [])]);
  return [...(id ? [id] : []), ...ofForms];
}

function add(into: PathTreeNode, node: FrameNode, frame: PathFrame): void {
  for (const [shape, times] of node.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  for (const name of node.names) into.names.add(name);
  for (const [origin, stats] of node.ends) into.ends.push({ frame, origin, stats });
  for (const [word, child] of node.words) add(childIn(into.words, word), child, frame);
  for (const [name, { texts, rest }] of node.forms) {
    const form = formIn(into, name);
    for (const [text, child] of texts) add(childIn(form.texts, text), child, frame);
    if (rest) add((form.rest ??= newPathTreeNode()), rest, frame);
  }
  if (node.folded) into.folded = true;
  if (node.id) add((into.id ??= newPathTreeNode()), node.id, frame);
}

function addUnion(into: PathTreeNode, from: PathTreeNode): void {
  for (const [shape, times] of from.shapes) into.shapes.set(shape, (into.shapes.get(shape) ?? 0) + times);
  for (const name of from.names) into.names.add(name);
  into.ends.push(...from.ends);
  if (from.folded) into.folded = true;
  for (const [word, child] of from.words) addUnion(childIn(into.words, word), child);
  for (const [name, { texts, rest }] of from.forms) {
    const form = formIn(into, name);
    for (const [text, child] of texts) addUnion(childIn(form.texts, text), child);
    if (rest) addUnion((form.rest ??= newPathTreeNode()), rest);
  }
  if (from.id) addUnion((into.id ??= newPathTreeNode()), from.id);
}

function childIn(children: Map<string, PathTreeNode>, key: string): PathTreeNode {
  const child = children.get(key) ?? newPathTreeNode();
  children.set(key, child);
  return child;
}

function formIn({ forms }: PathTreeNode, name: string): IdForm<PathTreeNode> {
  const form = forms.get(name) ?? newIdForm<PathTreeNode>();
  forms.set(name, form);
  return form;
}
