import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { CompiledContract } from '../contract/compiled.ts';
import { mapShapesBelow, PLAIN, type ObjectShape, type SelectedKey, type Shape } from '../contract/shape.ts';
import { LeakproofError } from '../errors.ts';
import { own } from '../own.ts';
import { resourceOf } from './schema.ts';

/** A validated document and the operation of it that will run. */
export interface Chosen {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly limits: { readonly maxFields: number; readonly maxDepth: number };
}

/** Prefix of the response keys that are added; refused in a client's query. */
export const ADDED = 'leakproof_';

export interface RootField {
  /** `Query.user` */
  readonly name: string;
  readonly field: string;
  readonly node: FieldNode;
}

/** The root fields of an operation, fragments spread. */
export function rootFields(chosen: Chosen): RootField[] {
  const type = rootType(chosen);
  const groups = new Collector(chosen).collect(type, [chosen.definition.selectionSet]);
  return [...groups.values()]
    .flat()
    .map((node) => ({ name: rootName(chosen, node.name.value), field: node.name.value, node }));
}

/**
 * The expected shape of a GraphQL response, with aliases and fragments resolved. `typeKey`: the response key that names the type of an
 * object of an abstract type; default: the one that is added.
 */
export function responseShape(contract: CompiledContract, chosen: Chosen, typeKey = `${ADDED}type`): Shape {
  const collector = new Collector(chosen);
  const type = rootType(chosen);
  const root = withOperations(
    contract,
    chosen,
    objectShape({ contract, collector, typeKey }, type, { sets: [chosen.definition.selectionSet], depth: 0 }),
  );
  const keys: Record<string, SelectedKey> = {
    data: { field: 'data', shape: root, nonNull: false, added: false },
    errors: {
      field: 'errors',
      shape: { type: 'list', of: { type: 'object', resource: 'graphql:error' } },
      nonNull: false,
      added: false,
    },
  };
  return { type: 'object', resource: 'graphql:response', keys };
}

/**
 * Every root field is an operation, with its own `narrow`. A withheld list element is removed: null in its place would tell how
 * many were withheld. Where the operation is `positional` it stays null.
 */
function withOperations(contract: CompiledContract, chosen: Chosen, root: ObjectShape): ObjectShape {
  const keys = Object.entries(root.keys ?? {}).map(([key, selected]) => {
    const operation = contract.operations.find((each) => each.name === rootName(chosen, selected.field));
    const { narrow, positional } = operation ?? {};
    const shape = selected.shape && !positional ? withoutPlaces(selected.shape) : selected.shape;
    return [key, { ...selected, ...(shape ? { shape } : {}), ...(narrow ? { narrow } : {}) }] as const;
  });
  return { ...root, keys: Object.fromEntries(keys) };
}

function withoutPlaces(shape: Shape): Shape {
  const below = mapShapesBelow(shape, withoutPlaces);
  return below.type === 'list' ? { type: 'list', of: below.of } : below;
}

/** The name of an operation in the contract, whatever the schema calls its root types. */
function rootName({ definition }: Chosen, field: string): string {
  return `${definition.operation === OperationTypeNode.MUTATION ? 'Mutation' : 'Query'}.${field}`;
}

function rootType({ schema, definition }: Chosen): GraphQLObjectType {
  const type = definition.operation === OperationTypeNode.MUTATION ? schema.getMutationType() : schema.getQueryType();
  if (!type) throw new LeakproofError('LP-QUERY-INVALID', `The schema has no ${definition.operation} type.`);
  return type;
}

function objectShape(selecting: Selecting, type: GraphQLObjectType, { sets, depth }: Omit<Below, 'leaf'>): ObjectShape {
  const { contract, collector } = selecting;
  collector.deeper(depth);
  const keys = Object.create(null) as Record<string, SelectedKey>;
  const resource = own(contract.resources, resourceOf(contract, type.name));
  for (const [key, nodes] of collector.collect(type, sets)) {
    const [node] = nodes;
    if (!node) continue;
    const added = key.startsWith(ADDED);
    const field = node.name.value;
    if (field === '__typename') {
      keys[key] = { field, shape: PLAIN, nonNull: true, added };
      continue;
    }
    const definition = type.getFields()[field];
    if (!definition) continue;
    const below = nodes.flatMap((each) => (each.selectionSet ? [each.selectionSet] : []));
    const leaf = (resource && own(resource.fields, field)?.shape) ?? PLAIN;
    keys[key] = {
      field,
      shape: shapeOf(selecting, definition.type, { sets: below, leaf, depth: depth + 1 }),
      nonNull: isNonNullType(definition.type),
      added,
    };
  }
  return { type: 'object', resource: resourceOf(contract, type.name), keys };
}

/** What is the same for all selections of one request. */
interface Selecting {
  readonly contract: CompiledContract;
  readonly collector: Collector;
  readonly typeKey: string;
}

interface Below {
  readonly sets: readonly SelectionSetNode[];
  readonly leaf: Shape;
  readonly depth: number;
}

function shapeOf(selecting: Selecting, type: GraphQLOutputType, below: Below): Shape {
  if (isNonNullType(type)) return shapeOf(selecting, type.ofType, below);
  if (isListType(type)) {
    const of = shapeOf(selecting, type.ofType, below);
    return isNonNullType(type.ofType) ? { type: 'list', of } : { type: 'list', of, gone: 'null' };
  }
  const named = getNamedType(type);
  if (isLeafType(named)) return below.leaf;
  if (isObjectType(named)) return objectShape(selecting, named, below);
  const cases: Record<string, Shape> = {};
  for (const possible of selecting.collector.possible(named.name)) {
    cases[possible.name] = objectShape(selecting, possible, below);
  }
  return { type: 'choice', by: selecting.typeKey, cases, otherwise: 'drop' };
}

/** Collects fields as execution does (GraphQL specification, §6.3.2), but for every possible type and with no condition. */
class Collector {
  readonly #chosen: Chosen;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  #count = 0;

  constructor(chosen: Chosen) {
    this.#chosen = chosen;
    const definitions = chosen.document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(definitions.map((each) => [each.name.value, each]));
  }

  possible(abstract: string): readonly GraphQLObjectType[] {
    const type = this.#chosen.schema.getType(abstract);
    return isAbstractType(type) ? this.#chosen.schema.getPossibleTypes(type) : [];
  }

  deeper(depth: number): void {
    if (depth > this.#chosen.limits.maxDepth) {
      throw new LeakproofError(
        'LP-QUERY-INVALID',
        `The selection is deeper than ${this.#chosen.limits.maxDepth} levels.`,
      );
    }
  }

  collect(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
    const groups = new Map<string, FieldNode[]>();
    for (const set of sets) this.#into(groups, set, { type, spread: new Set() });
    return groups;
  }

  #into(
    groups: Map<string, FieldNode[]>,
    set: SelectionSetNode,
    { type, spread }: { readonly type: GraphQLObjectType; readonly spread: ReadonlySet<string> },
  ): void {
    for (const selection of set.selections) {
      // Counted with fragments spread: a few fragments that spread each other twice grow exponentially.
      if (++this.#count > this.#chosen.limits.maxFields) {
        throw new LeakproofError(
          'LP-QUERY-INVALID',
          `The operation selects more than ${this.#chosen.limits.maxFields} fields.`,
        );
      }
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const group = groups.get(key);
        if (group) group.push(selection);
        else groups.set(key, [selection]);
        continue;
      }
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
      if (name !== undefined && spread.has(name)) continue;
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      if (!fragment || !this.#applies(type, fragment.typeCondition?.name.value)) continue;
      const within = name === undefined ? spread : new Set([...spread, name]);
      this.#into(groups, fragment.selectionSet, { type, spread: within });
    }
  }

  #applies(type: GraphQLObjectType, condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    return this.possible(condition).includes(type);
  }
}
