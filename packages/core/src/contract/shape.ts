/**
 * What a value of a body may be. `plain`: a scalar, or arrays of scalars. `any`: any value, which belongs to nobody or
 * wholly to its field. A container (an envelope, a page) is an object of a resource that has no owner.
 */
export type Shape =
  | { readonly type: 'plain' }
  | { readonly type: 'any' }
  | { readonly type: 'nothing' }
  /** An id, or an array of ids, of another resource: visible to whoever may know that this object exists. */
  | { readonly type: 'ref'; readonly resource: string }
  | {
      readonly type: 'list';
      readonly of: Shape;
      /** What replaces a withheld element: nothing (default), or null where positions matter (GraphQL). */
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

/** An object of a resource. Without `keys` every member has its field's name (REST). */
export interface ObjectShape {
  readonly type: 'object';
  readonly resource: string;
  /** The only fields that may be released here. */
  readonly only?: readonly string[];
  /** Response key → field, for GraphQL selections. */
  readonly keys?: Readonly<Record<string, SelectedKey>>;
}

/** One key of a GraphQL response object. */
export interface SelectedKey {
  readonly field: string;
  readonly shape?: Shape;
  /** The schema forbids null here, so withholding the value withholds its object. */
  readonly nonNull: boolean;
  /** Added to the query as evidence; removed from the response. */
  readonly added: boolean;
  /** Of a root field: its operation's `narrow`, for every object below. */
  readonly narrow?: Readonly<Record<string, readonly string[]>>;
}

export const PLAIN: Shape = { type: 'plain' };

/** The shapes directly below one: elements, values, alternatives, selected keys. Not the fields of its resource. */
export function shapesBelow(shape: Shape): readonly Shape[] {
  switch (shape.type) {
    case 'list':
    case 'map':
      return [shape.of];
    case 'choice':
      return [...Object.values(shape.cases), ...(shape.otherwise === 'drop' ? [] : [shape.otherwise])];
    case 'object':
      return Object.values(shape.keys ?? {}).flatMap((key) => key.shape ?? []);
    case 'plain':
    case 'any':
    case 'nothing':
    case 'ref':
      return [];
  }
}

/** The shape with `change` applied to every shape below it; itself where there is none. */
export function mapShapesBelow(shape: Shape, change: (below: Shape) => Shape): Shape {
  switch (shape.type) {
    case 'list':
    case 'map':
      return { ...shape, of: change(shape.of) };
    case 'choice': {
      const cases = Object.entries(shape.cases).map(([name, each]) => [name, change(each)] as const);
      const otherwise = shape.otherwise === 'drop' ? 'drop' : change(shape.otherwise);
      return { ...shape, cases: Object.fromEntries(cases), otherwise };
    }
    case 'object': {
      if (!shape.keys) return shape;
      const keys = Object.entries(shape.keys).map(
        ([name, key]) => [name, key.shape ? { ...key, shape: change(key.shape) } : key] as const,
      );
      return { ...shape, keys: Object.fromEntries(keys) };
    }
    case 'plain':
    case 'any':
    case 'nothing':
    case 'ref':
      return shape;
  }
}

/** Whether every value of this shape is an object or a reference (in lists or not): the keys of a map are fields of these. */
export function holdsObjects(shape: Shape): boolean {
  return shape.type === 'list' ? holdsObjects(shape.of) : shape.type !== 'plain' && shape.type !== 'any';
}

/** Keys added as evidence come first: the client's own selection may have arguments that change the value. */
export function keyFor(keys: NonNullable<ObjectShape['keys']>, field: string): [string, SelectedKey] | undefined {
  const found = Object.entries(keys).filter(([, key]) => key.field === field);
  return found.find(([, key]) => key.added) ?? found[0];
}

/** The keys of the objects under a key, in lists or not. */
export function keysBelow(key: SelectedKey | undefined): ObjectShape['keys'] {
  let shape = key?.shape;
  while (shape?.type === 'list') shape = shape.of;
  return shape?.type === 'object' ? shape.keys : undefined;
}
