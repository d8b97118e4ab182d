import type { Provenance } from '@leakproof/core';
import type { StringShape } from '../inventory/stats/value-shape.ts';

/** 0 known, 1 declared, 2 enumerated, 3 constructed. */
export type Grade = 0 | 1 | 2 | 3;

/** Something that speaks for an identity owning an object. */
export interface GradeEvidence {
  readonly grade: 1 | 2 | 3;
  readonly because: 'created-and-read-back' | 'only-in-own-list' | 'owner-field' | 'path-parent' | 'is-the-principal';
  readonly operation: string;
  readonly first: Provenance;
}

/** Something that speaks against a foreign reader being wrong. */
export interface CounterEvidence {
  /**
   * `shared`: in another identity's own list; `public`: an anonymous caller was given the same projection; `same-tenant` and
   * `ancestor`: a reader whom only a policy can judge.
   */
  readonly kind: 'shared' | 'public' | 'same-tenant' | 'ancestor';
  readonly identity?: string | undefined;
  readonly operation: string;
  readonly first: Provenance;
}

/** What an enumeration lacked to reach O2. */
export type Missing = 'list-not-exhausted' | 'list-sampled-once' | 'no-other-identity' | 'anonymous-not-tried';

/** How well it is shown that an identity owns an object. */
export interface Ownership {
  readonly kind: string;
  /** Keyed digest of the object's id in its id space. */
  readonly object: string;
  readonly shape: StringShape;
  /** Undefined at grade 0: known, nobody's for all we know. */
  readonly owner: string | undefined;
  readonly grade: Grade;
  readonly evidence: readonly GradeEvidence[];
  readonly counter: readonly CounterEvidence[];
  readonly missing: readonly Missing[];
  /** True if a foreign read of it may be called proven: O3, or O2 with O1, and neither shared nor public. */
  readonly provable: boolean;
}

/** What is known of an identity beforehand. `over` names identities whose objects its role may see. */
export interface ObservedPrincipal {
  readonly ids: readonly string[];
  readonly tenant?: string | undefined;
  readonly over?: readonly string[] | undefined;
}

export interface OwnershipReport {
  readonly objects: readonly Ownership[];
  /** Exchanges left out because nobody knows who called. */
  readonly unlabelled: number;
}
