/** A GraphQL type as it is used: `[User!]!` is named `User`, in one list. */
export interface TypeUse {
  readonly name: string;
  readonly lists: number;
  /** As written. */
  readonly text: string;
}

export interface GraphqlField {
  readonly name: string;
  readonly type: TypeUse;
  readonly args: readonly { readonly name: string; readonly type: TypeUse; readonly required: boolean }[];
  readonly deprecated: boolean;
  /** Where it stands in the source. */
  readonly at: string;
}

/** One named type; scalars and enums have no fields and are not kept. `possible`: what a union or interface may be. */
export interface GraphqlType {
  readonly name: string;
  readonly fields: Map<string, GraphqlField>;
  readonly possible: Set<string>;
}

export type RootKind = 'query' | 'mutation' | 'subscription';

/** What is known of a schema, from SDL or from introspection. */
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

/** The type called `name`, made if it is new. */
export function typeIn(model: GraphqlModel, name: string): GraphqlType {
  const known = model.types.get(name);
  if (known !== undefined) return known;
  const type = { name, fields: new Map<string, GraphqlField>(), possible: new Set<string>() };
  model.types.set(name, type);
  return type;
}
