import type { CompiledContract, ObjectShape, Resource, SelectedKey, Shape, SightedField } from '@leakproof/core';
import type { Narrow } from '@leakproof/core/rules';
import type { DecisionTrees } from '../rule/decision-tree.ts';
import type { Questions } from '../rule/question.ts';

// Plans (what a value may be) and layouts (which keys an object has): data that is computed once and kept.

/** Types of plans: those of `Shape`, as numbers. Up to `PLAIN` a scalar is kept without further checks. */
export const ANY = 0;
export const PLAIN = 1;
export const NOTHING = 2;
export const REF = 3;
export const LIST = 4;
export const MAP = 5;
export const CHOICE = 6;
export const OBJECT = 7;

/** A shape, resolved against one contract. */
export interface Plan {
  readonly type: number;
  /** The plan of the elements of a list or map. */
  readonly of: Plan | undefined;
  /** A withheld element of the list becomes null. */
  readonly nullIfWithheld: boolean;
  /** The keys of the map are a field of the objects in it. */
  readonly keyed: boolean;
  readonly choice: Choice | undefined;
  /** Of an object; of a reference whose id names an owner, an object with that id as its only member. */
  readonly object: ObjectPlan | undefined;
}

/** The plans that a discriminator selects from. */
export interface Choice {
  readonly discriminator: string;
  readonly cases: ReadonlyMap<string, Plan>;
  readonly otherwise: Plan;
}

/** What an object means at one place of a body. */
export interface ObjectPlan extends PlanContext {
  readonly plans: Plans;
  readonly resource: Resource | undefined;
  readonly shape: ObjectShape | undefined;
  /** Whether `narrow` applies to this object: it may have an owner. */
  readonly appliesNarrow: boolean;
  readonly owners: readonly PlannedOwner[];
  /** Set in the most common case: one owner, named by one member. */
  readonly onlyOwner: PlannedOwner | undefined;
  /** The owners of the object that contains it are also its owners. */
  readonly inheritsOwner: boolean;
  readonly isOwned: boolean;
  /** Of an aggregate: the member that counts, and the smallest group that may be shown. */
  readonly group: { readonly at: BytePath; readonly min: number } | undefined;
  readonly evidencePaths: readonly EvidencePath[];
  /** Without owners, aggregates and map keys: its ruling is the same in every body. */
  readonly isContainer: boolean;
  readonly isReference: boolean;
  readonly trie: KeyTrie;
}

/** A path of keys as they are in the body; `undefined` steps into every element of an array. No `first`: the path is not selected. */
export interface BytePath {
  readonly first: string | undefined;
  readonly rest: readonly (string | undefined)[];
}

/** Where an object names an owner. */
export interface PlannedOwner {
  readonly at: BytePath;
  readonly kind: string;
  readonly role: string | undefined;
  readonly about: boolean;
  /** If the object names none, its key in the map does. */
  readonly orMapKey: boolean;
}

/** A value of the object that conditions read. */
export interface EvidencePath {
  readonly at: BytePath;
  /** Its path in the evidence. */
  readonly path: readonly string[];
}

/** The shapes of one contract, compiled once each. Layouts and decision trees live as long as their shape. */
export interface Plans {
  readonly contract: CompiledContract;
  readonly questions: Questions;
  /** The plan of objects in opaque values, of which only the syntax is checked. */
  readonly opaque: ObjectPlan;
  readonly variants: WeakMap<Shape, PlanVariant[]>;
}

/** What the plan of a shape depends on, besides the shape. */
export interface PlanContext {
  /** What the operation narrows for everything below this place. */
  readonly narrow: Narrow | undefined;
  /** The field that is the object's key, where a map contains it. */
  readonly mapField: string | undefined;
}

export interface PlanVariant extends PlanContext {
  readonly plan: Plan;
}

/**
 * The keys of an object so far, in order. Layouts form a trie. The objects of one API have few layouts, so what follows from the keys
 * alone (duplicates, where the owner is, verdicts) is computed once for each.
 */
export interface Layout {
  readonly plan: ObjectPlan;
  readonly parent: Layout | undefined;
  /** The last key; absent at the root. */
  readonly key: KeyMeaning | undefined;
  /** The plan of the last key's value. */
  readonly value: Plan;
  /** The last key's value does not match its plan. */
  readonly misshapen: boolean;
  readonly size: number;
  readonly children: Layout[];
  byName: Map<string, Layout> | undefined;
  /** The index of each key; computed when first needed. */
  memberIndexes: Map<string, number> | undefined;
  /** The index of the member that names the owner; -1: none, -2: not computed. */
  ownerIndex: number;
  /** The child that was taken last. */
  likely: Layout | undefined;
  /** The same layout with `misshapen` set. */
  misshapenVariant: Layout | undefined;
  /** `"key":` as in the body; empty if the key has to be escaped. */
  readonly keyBytes: Uint8Array;
  /** Its address in the memory of the WebAssembly reader; valid in one generation only. */
  wasmAddress: number;
  wasmGeneration: number;
  /** The keys so far of an object with too many or too unusual keys: such layouts are not kept in the trie. */
  readonly uncachedKeys: Set<string> | undefined;
  decisionTrees: DecisionTrees | undefined;
}

/** What a key of an object means at its place. */
export interface KeyMeaning {
  /** Unescaped. */
  readonly name: string;
  readonly selected: SelectedKey | undefined;
  readonly field: SightedField;
  readonly plan: Plan;
  /** JSON that replaces a withheld value. */
  readonly instead: Uint8Array | undefined;
}

/** Up to so many children of a layout are compared one by one; more are found by name. */
export const MAX_PROBED_CHILDREN = 6;

export interface KeyTrie {
  root: Layout | undefined;
  size: number;
  /** It does not fit into the memory of the WebAssembly reader, with all that its values lead to. */
  isTooLargeForWasm: boolean;
}
