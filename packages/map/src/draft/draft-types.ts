import type { Because } from './rule.ts';

/** Evidence that an object is its owner's: O1 a field or its own id names the owner; O2 it is also in lists of its owner only. */
export type OwnerGrade = 'O0' | 'O1' | 'O2';

/** One rule of the draft with its evidence. Names, counts and places in files; no value. */
export interface DraftedRule {
  /** `resources.User.fields.weight`, `operations.GET /users/{id}`. */
  readonly at: string;
  readonly see: readonly string[] | undefined;
  readonly undecided: string | undefined;
  readonly because: Because;
  readonly class: string | undefined;
  /** How well the owner of the object is known. */
  readonly owner: OwnerGrade | undefined;
  /** `GET /users/{id} /weight`: where it was returned, at most ten. */
  readonly places: readonly string[];
  /** Number of answers, by the kind of their caller. */
  readonly given: { readonly anonymous: number; readonly known: number; readonly unknown: number };
  /** Where the exchanges are that it rests on, at most five. */
  readonly exchanges: readonly string[];
}

/** Something that a person can answer and the evidence cannot. */
export interface Question {
  /** What the line of the answers file begins with. */
  readonly about: string;
  readonly text: string;
  readonly fields: readonly string[];
  /** How many answers an answer decides, times how grave the class is. */
  readonly worth: number;
  /** The answer that is usual; nothing relies on it. */
  readonly suggestion: string;
  /** Flags that the answer could be narrowed by. */
  readonly flags: readonly string[];
}

export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** A caller of the evidence, as the contract would know it. Contains ids: in memory only. */
export interface DraftCaller {
  /** Kind of principal in the contract. */
  readonly kind: string;
  /** With the id at `sub`. */
  readonly claims: Readonly<Record<string, unknown>>;
  /**
   * False: what the caller may see cannot be told from what it owns, since callers of its kind own nothing that was seen, or since
   * its token or its own object says that it is staff. What it was given is undecided.
   */
  readonly isJudged: boolean;
}

/** What the evidence tells of relations and states. Contains ids: in memory only. */
export interface DraftFacts {
  /** `relation\0id of the caller\0id of the owner`. */
  readonly relations: ReadonlyMap<string, boolean>;
  /** `state\0id of the owner`. */
  readonly states: ReadonlyMap<string, boolean>;
}

/** A contract drafted from evidence. */
export interface Draft {
  /** YAML; compiles without an error. */
  readonly source: string;
  /** SDL of the file `schema.graphql` that `source` names; undefined if it names none. */
  readonly schema: string | undefined;
  readonly rules: readonly DraftedRule[];
  /** Most worth first, at most seven. */
  readonly questions: readonly Question[];
  readonly leftOut: readonly LeftOut[];
  /** Answers that changed nothing. */
  readonly unusedAnswers: readonly { readonly about: string; readonly why: string }[];
  readonly callers: ReadonlyMap<string, DraftCaller>;
  readonly facts: DraftFacts;
}
