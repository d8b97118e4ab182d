import type { Gate, Owner } from '../server/gate.ts';
import type { Sight } from '../surface/door.ts';

/** An object with an owner inside an answer. What it holds is decided when the answer is written, by nobody else. */
export class Entity {
  readonly sight: Sight;
  readonly owner: Owner;
  readonly values: Values;
  readonly beside: Readonly<Record<string, Tree>>;
  constructor(sight: Sight, owner: Owner, values: Values, beside: Readonly<Record<string, Tree>> = {}) {
    this.sight = sight;
    this.owner = owner;
    this.values = values;
    this.beside = beside;
  }
}

/** The value of a field of MEANING, asked for only once it may leave. */
export type Values = (field: string) => Tree;
/** An answer before the gate: JSON with entities in it. */
export type Tree =
  | string
  | number
  | boolean
  | null
  | undefined
  | Entity
  | readonly Tree[]
  | { readonly [name: string]: Tree };

/** The answer after the gate, or undefined where its root is withheld. Withheld fields are left out, withheld elements gone. */
export function render(tree: Tree, gate: Gate): unknown {
  if (tree instanceof Entity) return renderEntity(tree, gate);
  if (Array.isArray(tree)) {
    return tree.map((each: Tree) => render(each, gate)).filter((each) => each !== undefined);
  }
  if (typeof tree === 'object' && tree !== null) return renderObject(tree as Readonly<Record<string, Tree>>, gate);
  return tree;
}

function renderObject(tree: Readonly<Record<string, Tree>>, gate: Gate): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(tree)) {
    const rendered = render(value, gate);
    if (rendered !== undefined) written[name] = rendered;
  }
  return written;
}

function renderEntity({ sight, owner, values, beside }: Entity, gate: Gate): unknown {
  const { resource, within = [] } = sight;
  if (![...within, resource].every((each) => gate.releasesObject(each, owner))) return undefined;
  const written: Record<string, unknown> = {};
  const unmeant: string[] = [];
  for (const [wire, field] of Object.entries(sight.fields)) {
    if (!gate.releasesField(resource, owner, field)) continue;
    const value = render(values(field), gate);
    if (value !== undefined) put(written, wire.split('.'), value);
    if (gate.hints && !gate.meansField(resource, owner, field)) unmeant.push(wire);
  }
  const hints = unmeant.length === 0 ? {} : { ui_hidden_fields: unmeant };
  return { ...written, ...hints, ...renderObject(beside, gate) };
}

/** Sets a value at the end of a path of names, making the objects on the way. */
function put(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = (into[name] ??= {}) as Record<string, unknown>;
  put(inner, rest, value);
}
