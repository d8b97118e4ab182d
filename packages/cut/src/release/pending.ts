/** What elements say of themselves while they are due to leave, or held: where they stand, and what becomes of them. */

/** A container of which the elements leave one by one; the document is one of one element. */
export interface Place {
  readonly isRoot: boolean;
  /** What becomes of an element of which nothing is left, where the container does not say it by key. */
  readonly elseFate: number;
  /** Behind the last element that the pass has told. */
  mark: number;
  isFirst: boolean;
  /** Elements that have left. */
  kept: number;
}

/** The text from the last element to one, and where it starts: its key, its value. */
export interface Between {
  readonly place: Place;
  readonly isFirst: boolean;
  readonly last: number;
  readonly start: number;
  readonly at: number;
}

export interface Element extends Between {
  readonly type: 'element';
  readonly entry: number;
  /** The numbers of what was sighted in it. */
  readonly from: number;
  readonly to: number;
  readonly fate: number;
  readonly elseFate: number;
  readonly literal: Uint8Array;
  readonly isKeyed: boolean;
}

export type Told = Pick<Element, 'entry' | 'to' | 'fate' | 'elseFate' | 'literal' | 'isKeyed'>;

/** What is due to leave, in order; held while something before it has to be asked. */
export type Due =
  | Element
  | (Between & { readonly type: 'enter' })
  | { readonly type: 'range'; readonly last: number; readonly to: number }
  | { readonly type: 'end'; readonly place: Place; readonly last: number; readonly to: number };

export function newPlace(mark: number, elseFate: number, isRoot: boolean): Place {
  return { isRoot, elseFate, mark, isFirst: true, kept: 0 };
}
