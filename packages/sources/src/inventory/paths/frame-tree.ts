import type { Provenance } from '@leakproof/core';
import { mergeStats, newOperationStats, type OperationStats } from '../stats/operation-stats.ts';
import { FORM_LIMITS, formOf, type IdForm, type IdForms, newIdForm } from './id-forms.ts';
import type { Segment } from './segment-shape.ts';

/**
 * A node of the paths of one frame. A child in `words` may be literal; `id` and `forms` are the children for segments that are ids: by
 * their shape, or because there were more than `limit` distinct words here, all with responses of one structure. Then the words are
 * folded into `id`. Folding is monotone (a union exceeds the limit if a part does), so that the tree does not depend on the order of
 * the traffic.
 */
export interface FrameNode {
  /** Shapes of the segment, with counts. */
  readonly shapes: Map<string, number>;
  /** Names that sources give to this parameter. */
  readonly names: Set<string>;
  readonly words: Map<string, FrameNode>;
  readonly forms: IdForms<FrameNode>;
  id: FrameNode | undefined;
  folded: boolean;
  /** True if `forms` were merged into `id` because there were more than the limit. */
  formsFolded: boolean;
  /** By origin; empty unless a path ends here. */
  readonly ends: Map<string, OperationStats>;
}

export function newFrameNode(): FrameNode {
  return {
    shapes: new Map(),
    names: new Set(),
    words: new Map(),
    forms: new Map(),
    id: undefined,
    folded: false,
    formsFolded: false,
    ends: new Map(),
  };
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
  for (const segment of entry.segments) {
    let child = segment.isId ? idOf(node, segment, entry.limit) : childOf(node, segment.text);
    child.shapes.set(segment.shape, (child.shapes.get(segment.shape) ?? 0) + 1);
    if (segment.name !== undefined) child.names.add(segment.name);
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
  mergeForms(into, from, limit);
  if (from.folded && !into.folded) foldWords(into, limit);
  for (const [word, child] of from.words) {
    const target = into.folded ? (into.id ??= newFrameNode()) : into.words.get(word);
    if (target) mergeNodes(target, child, limit);
    else into.words.set(word, child);
    if (into.words.size > limit) foldWords(into, limit);
  }
}

/** Folds every node from `node` down that has more than `limit` words, and all forms. */
export function foldBeyond(node: FrameNode, limit: number): void {
  foldForms(node, limit);
  for (const child of node.words.values()) foldBeyond(child, limit);
  if (node.id) foldBeyond(node.id, limit);
  if (node.words.size > limit) foldWords(node, limit);
}

/** Number of paths below `node`. */
export function countEnds(node: FrameNode): number {
  let ends = node.ends.size;
  for (const child of node.words.values()) ends += countEnds(child);
  for (const form of node.forms.values()) for (const child of nodesOf(form)) ends += countEnds(child);
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

function idOf(node: FrameNode, { text, shape }: Segment, limit: number): FrameNode {
  const name = node.formsFolded ? undefined : formOf(text, shape);
  if (name === undefined) return (node.id ??= newFrameNode());
  const form = node.forms.get(name) ?? newIdForm<FrameNode>();
  node.forms.set(name, form);
  if (node.forms.size > FORM_LIMITS.forms) return foldForms(node, limit);
  if (form.rest) return form.rest;
  const known = form.texts.get(text) ?? newFrameNode();
  form.texts.set(text, known);
  return form.texts.size > FORM_LIMITS.texts ? foldTexts(form, limit) : known;
}

function mergeForms(into: FrameNode, from: FrameNode, limit: number): void {
  if (from.formsFolded) foldForms(into, limit);
  for (const [name, form] of from.forms) {
    const target = into.formsFolded ? undefined : (into.forms.get(name) ?? newIdForm<FrameNode>());
    if (target) into.forms.set(name, target);
    else for (const child of nodesOf(form)) mergeNodes((into.id ??= newFrameNode()), child, limit);
    if (target) mergeForm(target, form, limit);
    if (into.forms.size > FORM_LIMITS.forms) foldForms(into, limit);
  }
}

function mergeForm(into: IdForm<FrameNode>, from: IdForm<FrameNode>, limit: number): void {
  if (from.rest) mergeNodes(foldTexts(into, limit), from.rest, limit);
  for (const [text, child] of from.texts) {
    const target = into.rest ?? into.texts.get(text);
    if (target) mergeNodes(target, child, limit);
    else into.texts.set(text, child);
    if (into.texts.size > FORM_LIMITS.texts) foldTexts(into, limit);
  }
}

function foldTexts(form: IdForm<FrameNode>, limit: number): FrameNode {
  const rest = (form.rest ??= newFrameNode());
  for (const child of form.texts.values()) mergeNodes(rest, child, limit);
  form.texts.clear();
  return rest;
}

function foldForms(node: FrameNode, limit: number): FrameNode {
  const id = (node.id ??= newFrameNode());
  node.formsFolded = true;
  const children = [...node.forms.values()].flatMap(nodesOf);
  node.forms.clear();
  for (const child of children) mergeNodes(id, child, limit);
  return id;
}

function nodesOf(form: IdForm<FrameNode>): readonly FrameNode[] {
  return form.rest ? [form.rest] : [...form.texts.values()];
}
