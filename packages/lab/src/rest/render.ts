import type { Authorizer, Owner } from '../server/authorizer.ts';
import type { Projection } from '../surface/operation.ts';

interface EntityContent {
  readonly projection: Projection;
  readonly owner: Owner;
  readonly values: Values;
  readonly extra?: Readonly<Record<string, Tree>> | undefined;
}

/** An object with an owner inside a response. `render` decides which of its fields are written. */
export class Entity {
  readonly projection: Projection;
  readonly owner: Owner;
  readonly values: Values;
  readonly extra: Readonly<Record<string, Tree>>;
  constructor({ projection, owner, values, extra = {} }: EntityContent) {
    this.projection = projection;
    this.owner = owner;
    this.values = values;
    this.extra = extra;
  }
}

/** The value of a field, by its name in the policy; called only for fields that are released. */
export type Values = (field: string) => Tree;
/** A response body before authorization: JSON that contains entities. */
export type Tree =
  | string
  | number
  | boolean
  | null
  | undefined
  | Entity
  | readonly Tree[]
  | { readonly [name: string]: Tree };

/** The response body after authorization, without withheld fields and elements; undefined if its root is withheld. */
export function render(tree: Tree, authorizer: Authorizer): unknown {
  if (tree instanceof Entity) return renderEntity(tree, authorizer);
  if (Array.isArray(tree)) {
    return tree.map((each: Tree) => render(each, authorizer)).filter((each) => each !== undefined);
  }
  if (typeof tree === 'object' && tree !== null)
    return renderObject(tree as Readonly<Record<string, Tree>>, authorizer);
  return tree;
}

function renderObject(tree: Readonly<Record<string, Tree>>, authorizer: Authorizer): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(tree)) {
    const rendered = render(value, authorizer);
    if (rendered !== undefined) written[name] = rendered;
  }
  return written;
}

function renderEntity({ projection, owner, values, extra }: Entity, authorizer: Authorizer): unknown {
  const { resource, within = [] } = projection;
  if (![...within, resource].every((each) => authorizer.releasesObject(each, owner))) return undefined;
  const written: Record<string, unknown> = {};
  const hidden: string[] = [];
  for (const [wire, field] of Object.entries(projection.fields)) {
    if (!authorizer.releasesField(resource, owner, field)) continue;
    const value = render(values(field), authorizer);
    if (value !== undefined) put(written, wire.split('.'), value);
    if (authorizer.listsHiddenFields && !authorizer.policyAllowsField(resource, owner, field)) hidden.push(wire);
  }
  const hints = hidden.length === 0 ? {} : { ui_hidden_fields: hidden };
  return { ...written, ...hints, ...renderObject(extra, authorizer) };
}

/** Sets a value at a path of names and creates the objects on it. */
function put(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = (into[name] ??= {}) as Record<string, unknown>;
  put(inner, rest, value);
}
