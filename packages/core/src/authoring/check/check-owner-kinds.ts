import type { CompiledContract, Grant, Narrow, Operation, Resource } from '../../contract/compiled.ts';
import type { Compiling } from '../compile/compiling.ts';
import type { SourcePath } from '../read/document.ts';

/**
 * Refuses rules that can never apply: a state that narrows, or a relation that allows, of a kind of owner that the object never
 * has. Such a contract looks right and is not.
 */
export function checkOwnerKinds(
  compiling: Compiling,
  resources: Readonly<Record<string, Resource>>,
  operations: readonly Operation[],
): void {
  const check = new OwnerKindCheck(compiling);
  for (const name of Object.keys(compiling.source.resources ?? {})) {
    const resource = resources[name];
    if (resource && resource.owner !== 'parent') check.resource(resource);
  }
  for (const operation of operations) check.operation(operation, { operations, resources });
}

/** Kinds of owner that an object has: those that grant relations, and all whose states narrow. */
interface Kinds {
  readonly granting: ReadonlySet<string>;
  readonly narrowing: ReadonlySet<string>;
}

class OwnerKindCheck {
  readonly #compiling: Compiling;

  constructor(compiling: Compiling) {
    this.#compiling = compiling;
  }

  resource(resource: Resource): void {
    const path = ['resources', resource.name];
    const kinds = kindsOf(resource);
    if (resource.see) this.#grant([...path, 'see'], resource.see, kinds);
    for (const [name, field] of Object.entries(resource.fields))
      this.#grant([...path, 'fields', name], field.grant, kinds);
  }

  operation({ name, owner, by }: Operation, contract: Pick<CompiledContract, 'operations' | 'resources'>): void {
    if (!owner) return;
    const kinds = ownerKindsOf(owner, contract);
    if (!kinds) return;
    const path = ['operations', name];
    this.#relations([...path, 'by'], by, kinds);
    this.#narrow([...path, 'owner', 'narrow'], owner.narrow ?? {}, kinds);
  }

  #grant(path: SourcePath, { see, narrow }: Grant, kinds: Kinds): void {
    this.#relations(path, see, kinds);
    this.#narrow(path, narrow, kinds);
  }

  #narrow(path: SourcePath, narrow: Narrow, kinds: Kinds): void {
    const { states = {} } = this.#compiling.source;
    for (const [state, relations] of Object.entries(narrow)) {
      const of = Object.hasOwn(states, state) ? states[state]?.of : undefined;
      if (of !== undefined && !kinds.narrowing.has(of))
        this.#compiling.error(
          path,
          `"${state}" is a state of a ${of}, and this has no ${of} as owner: it would never narrow.`,
          `Add the ${of} to \`owner\` or \`about\`, or take the state out.`,
        );
      this.#relations(path, relations, kinds);
    }
  }

  #relations(path: SourcePath, names: readonly string[], kinds: Kinds): void {
    const { relations = {} } = this.#compiling.source;
    for (const name of names) {
      const of = Object.hasOwn(relations, name) ? relations[name]?.of : undefined;
      if (of !== undefined && !kinds.granting.has(of))
        this.#compiling.error(
          path,
          `"${name}" is a relation to a ${of}, and this has no ${of} as owner: it would hold for nobody.`,
          `Add the ${of} to \`owner\`, or take the relation out.`,
        );
    }
  }
}

function kindsOf({ owner, about }: Resource): Kinds {
  const granting = new Set(typeof owner === 'string' ? [] : owner.map((each) => each.kind));
  return { granting, narrowing: new Set([...granting, ...about.map((each) => each.kind)]) };
}

/** Undefined where they depend on where the object is found. */
function ownerKindsOf(
  owner: NonNullable<Operation['owner']>,
  { operations, resources }: Pick<CompiledContract, 'operations' | 'resources'>,
): Kinds | undefined {
  if (owner.from !== 'operation') return { granting: new Set([owner.kind]), narrowing: new Set([owner.kind]) };
  const shape = operations.find((each) => each.name === owner.operation)?.returns;
  const resource = shape?.type === 'object' ? resources[shape.resource] : undefined;
  if (!resource || resource.owner === 'parent') return undefined;
  // Of a pre-read object only the owners count, not whom it is about.
  const { granting } = kindsOf(resource);
  return { granting, narrowing: granting };
}
