/**
 * What may stand at one place of a body. `plain`: a scalar, or arrays of scalars. `any`: any value, said to be nobody's or
 * wholly its field's. A container (an envelope, a page) is an object of a resource that has no owner.
 */
export type Shape =
  | { readonly type: 'plain' }
  | { readonly type: 'any' }
  | { readonly type: 'nothing' }
  /** An id, or an array of ids, of another resource: it may be seen where that object may be known to exist. */
  | { readonly type: 'ref'; readonly resource: string }
  | {
      readonly type: 'list';
      readonly of: Shape;
      /** What takes the place of an element that may not be seen: nothing (default), or null where positions matter (GraphQL). */
      readonly gone?: 'null';
    }
  | { readonly type: 'map'; readonly of: Shape; readonly key: string }
  | {
      readonly type: 'choice';
      readonly by: string;
      readonly cases: Readonly<Record<string, Shape>>;
      readonly otherwise: 'drop' | Shape;
    }
  | ObjectShape;

/** An object of a resource. Without `keys` every member stands under its field's own name (REST). */
export interface ObjectShape {
  readonly type: 'object';
  readonly resource: string;
  /** The only fields this place needs. */
  readonly only?: readonly string[];
  /** Response key → field, for GraphQL selections. */
  readonly keys?: Readonly<Record<string, SelectedKey>>;
}

/** One key of a GraphQL response object. */
export interface SelectedKey {
  readonly field: string;
  readonly shape?: Shape;
  /** The schema forbids null here, so a withheld value takes its object with it. */
  readonly nonNull: boolean;
  /** Asked for by us, for evidence; taken out again. */
  readonly added: boolean;
  /** Of a root field: its operation's `narrow`, for every object below. */
  readonly narrow?: Readonly<Record<string, readonly string[]>>;
}

export const PLAIN: Shape = { type: 'plain' };

/** What was added for evidence goes first: the client's own selection may carry arguments that change the value. */
export function keyFor(keys: NonNullable<ObjectShape['keys']>, field: string): [string, SelectedKey] | undefined {
  const found = Object.entries(keys).filter(([, key]) => key.field === field);
  return found.find(([, key]) => key.added) ?? found[0];
}

/** The keys of the objects that stand under a key, in lists or not. */
export function keysBelow(key: SelectedKey | undefined): ObjectShape['keys'] {
  let shape = key?.shape;
  while (shape?.type === 'list') shape = shape.of;
  return shape?.type === 'object' ? shape.keys : undefined;
}
