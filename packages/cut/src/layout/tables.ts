import type { CompiledContract, ObjectShape, Resource, SelectedKey, Shape, SightedField } from '@leakproof/core';
import type { Narrow } from '@leakproof/core/rules';
import type { Question, Questions } from '../rule/question.ts';

/** Everything that is worked out once and kept: what places may hold, what keys mean, what becomes of objects. Data only. */

/** What a place may hold, as a small number for the pass: up to `PLAIN`, a scalar is simply kept. */
export const WHOLE = 0;
export const PLAIN = 1;
export const NOTHING = 2;
export const REF = 3;
export const LIST = 4;
export const MAP = 5;
export const CHOICE = 6;
export const OBJECT = 7;

/** A shape, resolved against one contract: everything the pass has to know when it meets a value. */
export interface Plan {
  readonly kind: number;
  /** Of the elements of a list or map. */
  readonly of: Plan | undefined;
  /** A withheld element of the list leaves null. */
  readonly leavesNull: boolean;
  /** The keys of the map are a field of the objects below. */
  readonly keyed: boolean;
  readonly choice: Choice | undefined;
  /** Of an object; of a reference, the one field that stands in it, if an id of it names an owner. */
  readonly object: ObjectPlan | undefined;
}

export interface Choice {
  readonly by: string;
  readonly cases: ReadonlyMap<string, Plan>;
  readonly otherwise: Plan;
}

/** One kind of object at one kind of place. */
export interface ObjectPlan {
  readonly plans: Plans;
  readonly resource: Resource | undefined;
  readonly shape: ObjectShape | undefined;
  /** What the operation narrows for everything below this place. */
  readonly narrow: Narrow | undefined;
  /** Whether rulings on this object heed it. */
  readonly narrowed: boolean;
  /** The field that a map's keys are, where a map lists it. */
  readonly mapField: string | undefined;
  readonly owners: readonly OwnerAt[];
  /** The one that names its only owner by one member, in the usual case. */
  readonly onlyOwner: OwnerAt | undefined;
  /** Its owners are also those of the object it stands in. */
  readonly inherits: boolean;
  readonly owned: boolean;
  readonly crowd: { readonly at: BytePath; readonly min: number } | undefined;
  readonly reads: readonly Read[];
  /** Nobody's, whoever it is about and whatever it counts: its ruling is the same for every body. */
  readonly container: boolean;
  /** Only its id is there. */
  readonly isReference: boolean;
  readonly trie: KeyTrie;
}

/** Keys as they stand in a body: `undefined` steps into every element of an array. `first` undefined: leads nowhere. */
export interface BytePath {
  readonly first: string | undefined;
  readonly rest: readonly (string | undefined)[];
}

export interface OwnerAt {
  readonly at: BytePath;
  readonly kind: string;
  readonly role: string | undefined;
  readonly about: boolean;
  /** Where the object does not say, the key of the map does. */
  readonly orKey: boolean;
}

export interface Read {
  readonly at: BytePath;
  /** Where the value is laid out for conditions. */
  readonly path: readonly string[];
}

/** The shapes of one contract, compiled once each; tables and rulings hang on them and live as long as the shape. */
export interface Plans {
  readonly contract: CompiledContract;
  readonly questions: Questions;
  /** Of values nobody looks into: only their syntax counts. */
  readonly opaque: ObjectPlan;
  readonly compiled: WeakMap<Shape, Compiled[]>;
}

export interface Compiled {
  readonly narrow: Narrow | undefined;
  readonly mapField: string | undefined;
  readonly plan: Plan;
}

/**
 * The keys of an object so far, in their order. Layouts form a trie: objects of one API have few of them, so what a layout
 * means (which keys stand twice, where the owner is, what leaves) is worked out once and found again by following keys.
 */
export interface Layout {
  readonly plan: ObjectPlan;
  readonly parent: Layout | undefined;
  /** What its last key means; absent before the first. */
  readonly key: KeyMeaning | undefined;
  /** What its last key's value may be. */
  readonly value: Plan;
  /** The value of its last key is not what it should be. */
  readonly misshapen: boolean;
  readonly size: number;
  readonly children: Layout[];
  byName: Map<string, Layout> | undefined;
  /** Which member a key is; made when first asked. */
  places: Map<string, number> | undefined;
  /** Which member names the owner; -2 if it has not been asked. */
  ownerPlace: number;
  /** The child that was taken last. */
  likely: Layout | undefined;
  twin: Layout | undefined;
  /** `"key":` as it stands; empty if it has to be escaped. */
  readonly keyBytes: Uint8Array;
  /** Where it stands in the memory of the inner pass, and for which of its beginnings. */
  passPlace: number;
  passGeneration: number;
  /** Keys so far, of an object too unlike others to be remembered. */
  readonly once: Set<string> | undefined;
  verdicts: Verdicts | undefined;
}

/** What a key of an object means at its place. */
export interface KeyMeaning {
  /** As it stands in the body, unescaped. */
  readonly name: string;
  readonly selected: SelectedKey | undefined;
  readonly field: SightedField;
  readonly plan: Plan;
  /** JSON that takes the place of a withheld value. */
  readonly instead: Uint8Array | undefined;
}

/** Children of a layout that are tried one by one; beyond, they are found by name. */
export const FEW = 6;

export interface KeyTrie {
  root: Layout | undefined;
  size: number;
  /** The inner pass has no room for it and all it leads to. */
  isTooLarge: boolean;
}

/** What becomes of one member of an object that may be seen. */
export const KEEP = 0;
/** Kept, if what stands in it leaves anything. */
export const ENTER = 1;
export const OMIT = 2;
export const REPLACE = 3;
/** The schema forbids to leave it out: the whole object goes. */
export const BUBBLE = 4;

/** What is to be done with every object of one layout whose questions were answered one way: worked out once. */
export interface Verdict {
  readonly question: undefined;
  /** Nothing of the object leaves. */
  readonly hidden: boolean;
  /** All of the object leaves, as far as what is to be entered does. */
  readonly open: boolean;
  readonly relations: readonly string[];
  readonly states: readonly string[];
  /** By member, in order. */
  readonly fates: Uint8Array;
  /** By member: what becomes of it if nothing of its value is left. */
  readonly elseFates: Uint8Array;
  /** By member: what stands in for its value, where something does. */
  readonly literals: readonly (Uint8Array | undefined)[];
  /** Every member is kept as it stands, and none has to be entered. */
  readonly whole: boolean;
  /** First and last of each row of members that are kept, if the others are left out and none has to be entered. */
  readonly runs: Int32Array | undefined;
  /** Field names by member (undefined: not a field), the map's key apart. */
  readonly names: readonly (string | undefined)[];
  readonly keyName: string | undefined;
  /** The field sets when nothing that was to be entered came back empty, and when all is withheld. */
  readonly released: FieldSets;
  readonly dropped: FieldSets;
}

export interface FieldSets {
  readonly good: readonly string[];
  readonly rest: readonly string[];
}

/** A question, and what follows from either answer: filled in as answers come. */
export interface Fork {
  readonly question: Question;
  yes: Fork | Verdict | undefined;
  no: Fork | Verdict | undefined;
}

/** The roots of a layout's decision trees, by `treeBase`. */
export type Verdicts = (Fork | Verdict | undefined)[];
