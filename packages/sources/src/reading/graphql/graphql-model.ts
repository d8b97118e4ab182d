/** A use of a GraphQL type. `[User!]!` has the name `User` and is in one list. */
export interface TypeUse {
  readonly name: string;
  readonly lists: number;
  /** As in the source: `[User!]!`. */
  readonly text: string;
}

export interface GraphqlField {
  readonly name: string;
  readonly type: TypeUse;
  readonly args: readonly { readonly name: string; readonly type: TypeUse; readonly required: boolean }[];
  readonly deprecated: boolean;
  /** Location in the source. */
  readonly at: string;
}

/** A type with fields; scalars and enums are not kept. `possible`: the possible types of a union or interface. */
export interface GraphqlType {
  readonly name: string;
  readonly fields: Map<string, GraphqlField>;
  readonly possible: Set<string>;
}

export type RootKind = 'query' | 'mutation' | 'subscription';

/** A schema, from SDL or introspection. */
export interface GraphqlModel {
  readonly types: Map<string, GraphqlType>;
  readonly roots: Map<RootKind, string>;
}

export const DEFAULT_ROOTS: readonly (readonly [RootKind, string])[] = [
  ['query', 'Query'],
  ['mutation', 'Mutation'],
  ['subscription', 'Subscription'],
];

export function emptyModel(): GraphqlModel {
  return { types: new Map(), roots: new Map() };
}

/** The type called `name`, created if it is new. */
export function typeIn(model: GraphqlModel, name: string): GraphqlType {
  const known = model.types.get(name);
  if (known !== undefined) return known;
  const type = { name, fields: new Map<string, GraphqlField>(), possible: new Set<string>() };
  model.types.set(name, type);
  return type;
}
