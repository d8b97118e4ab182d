import type { Because } from './judge.ts';
import type { OwnerRef } from './principal.ts';

/**
 * One object of one owner, as one response gave it away: *standing in these relations, while these states held, was given
 * these fields of it.* Field names only, never values. The owner's id is replaced by a token before it is written.
 */
export interface AccessFact {
  readonly owner: OwnerRef;
  readonly role: string | undefined;
  readonly about: boolean;
  readonly resource: string;
  readonly relations: readonly string[];
  readonly states: readonly string[];
  /** Released, as the contract allows. */
  readonly seen: readonly string[];
  /** Released, though the contract forbids it (`monitor`). */
  readonly exposed: readonly string[];
  /** Sent by the origin, not released. */
  readonly withheld: readonly string[];
}

/** Which field was withheld (or exposed) where, and why: for explanations. Names and pointers only. */
export interface Withheld {
  readonly pointer: string;
  /** Empty, like `field`, where a value is of no resource: an element that has not the shape the contract says. */
  readonly resource: string;
  readonly field: string;
  readonly because: Because;
}
