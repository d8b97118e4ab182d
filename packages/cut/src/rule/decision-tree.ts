import type { Question } from './question.ts';

/** What happens to one member of an object that is not hidden. */
export type MemberAction = typeof KEEP | typeof DESCEND | typeof OMIT | typeof REPLACE | typeof PROPAGATE_NULL;

export const KEEP = 0;
/** Kept if anything within its value is kept; else the fallback applies. */
export const DESCEND = 1;
export const OMIT = 2;
/** Its value is replaced by a literal. */
export const REPLACE = 3;
/** The schema does not allow to omit it or to replace it by null: the object becomes null (GraphQL, §6.4.4). */
export const PROPAGATE_NULL = 4;

/** What happens to every object of one layout for which the questions have the same answers. */
export interface Verdict {
  readonly question: undefined;
  /** Nothing of the object is released. */
  readonly isHidden: boolean;
  /** No member has to be omitted or replaced, except within values that are descended into. */
  readonly isOpen: boolean;
  readonly relations: readonly string[];
  readonly states: readonly string[];
  /** The `MemberAction` of each member, in order. */
  readonly actions: Uint8Array;
  /** The `MemberAction` of each member of whose value nothing is kept. */
  readonly fallbacks: Uint8Array;
  /** The replacement of each member's value, where there is one. */
  readonly literals: readonly (Uint8Array | undefined)[];
  /** Every member is kept, and none has to be descended into. */
  readonly isWhole: boolean;
  /** First and last index of each run of kept members, if all others are omitted and none has to be descended into. */
  readonly keptRuns: Int32Array | undefined;
  /** Names of declared fields by member (undefined: none), without the map's key. */
  readonly names: readonly (string | undefined)[];
  readonly keyName: string | undefined;
  readonly undeclared: number;
  /** The field sets if everything within the kept members is kept, and if the object is withheld. */
  readonly setsIfReleased: FieldSets;
  readonly setsIfWithheld: FieldSets;
}

/** Names of fields, sorted, each once. */
export interface FieldSets {
  readonly released: readonly string[];
  readonly notReleased: readonly string[];
  /** Members that the contract does not declare: counted, never named. */
  readonly undeclared: number;
}

/** A question, and what follows from each answer; filled in as answers come. */
export interface DecisionNode {
  readonly question: Question;
  yes: DecisionNode | Verdict | undefined;
  no: DecisionNode | Verdict | undefined;
}

/** The roots of a layout's decision trees, by `treeBase`. */
export type DecisionTrees = (DecisionNode | Verdict | undefined)[];
