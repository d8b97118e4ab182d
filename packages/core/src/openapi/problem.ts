/** A value with the id of its document, which references in it are relative to. */
export interface LocatedValue {
  readonly value: unknown;
  readonly base: string;
}

/** Why a reference cannot be followed: no target; a circle without a value; a document that was not loaded. */
export type RefFault = 'ref-unresolved' | 'ref-cycle' | 'ref-external';

export type DescriptionProblemCode =
  | RefFault
  | 'path-invalid'
  | 'operation-invalid'
  | 'parameter-invalid'
  | 'style-unknown'
  | 'schema-invalid'
  | 'fields-limit';

/** A part of a description that cannot be read. */
export interface DescriptionProblem {
  readonly code: DescriptionProblemCode;
  /** RFC 6901 pointer to the path item or operation, from the root of the description. */
  readonly at: string;
  /** The value that cannot be read; `Description.pointerTo` finds it. */
  readonly part: LocatedValue | undefined;
  /** The `$ref` that cannot be followed, and why. */
  readonly ref?: Unfollowed | undefined;
}

export interface Unfollowed {
  readonly fault: RefFault;
  readonly ref: string;
  /** The object with the `$ref`. */
  readonly from: LocatedValue;
}

export function isUnfollowed(value: LocatedValue | Unfollowed): value is Unfollowed {
  return 'fault' in value;
}

/** Tells of a part that is lost: why it is, and the value itself. */
export type Report = (why: DescriptionProblemCode | Unfollowed, part?: LocatedValue) => void;
