import type { Provenance } from '@leakproof/core';
import type { StringShape } from '../inventory/stats/value-shape.ts';

/** 0 seen, 1 declared, 2 in a complete list, 3 created. */
export type Grade = 0 | 1 | 2 | 3;

/** Evidence that an identity owns an object. */
export interface GradeEvidence {
  readonly grade: 1 | 2 | 3;
  readonly because: 'created-and-read-back' | 'only-in-own-list' | 'owner-field' | 'path-parent' | 'is-the-principal';
  readonly operation: string;
  readonly first: Provenance;
}

/** Evidence that a read by another identity may be allowed. */
export interface CounterEvidence {
  /**
   * `shared`: in the own list of another identity; `public`: an anonymous caller got the same projection; `same-tenant`, `ancestor`:
   * the reader is of the same tenant, or supervises the owner, which a policy may allow.
   */
  readonly type: 'shared' | 'public' | 'same-tenant' | 'ancestor';
  readonly identity?: string | undefined;
  readonly operation: string;
  readonly first: Provenance;
}

/** What a list lacks to be evidence of grade O2. */
export type MissingEvidence = 'list-not-exhausted' | 'list-sampled-once' | 'no-other-identity' | 'anonymous-not-tried';

/** The evidence that an identity owns an object. */
export interface Ownership {
  readonly kind: string;
  /** Keyed digest of the id in its id space. */
  readonly object: string;
  readonly shape: StringShape;
  /** Undefined at grade 0. */
  readonly owner: string | undefined;
  readonly grade: Grade;
  readonly evidence: readonly GradeEvidence[];
  readonly counter: readonly CounterEvidence[];
  readonly missing: readonly MissingEvidence[];
  /** True if a read by another identity may be reported as proven: O3, or O2 with O1, and neither shared nor public. */
  readonly provable: boolean;
}

/** What is known of an identity in advance. `supervises`: identities whose objects its role may see. */
export interface ObservedPrincipal {
  readonly ids: readonly string[];
  readonly tenant?: string | undefined;
  readonly supervises?: readonly string[] | undefined;
}

export interface OwnershipReport {
  readonly objects: readonly Ownership[];
  /** Exchanges ignored because the caller is unknown. */
  readonly unlabelled: number;
}
