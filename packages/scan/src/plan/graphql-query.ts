import {
  buildSchema,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isScalarType,
} from 'graphql';
import type { CompiledContract, Resource } from '@leakproof/core';
import type { Recipe, Slot } from './slot.ts';

export interface RootFieldQuery {
  readonly query: string;
  readonly recipes: readonly Recipe[];
  /** Arguments that can be sent besides the recipe; the document has them, and they count as absent without a value. */
  readonly filters: readonly Slot[];
  /** Arguments of the root field that the document does not have. */
  readonly unsentArguments: readonly string[];
  /** The response can contain data that has an owner. */
  readonly returnsOwned: boolean;
}

const MAX_DEPTH = 12;
const schemas = new WeakMap<CompiledContract, GraphQLSchema>();

/**
 * A document that selects everything of a root field that the contract declares: every leaf and every object below, each type
 * at most twice on one path (a person, and the people that person links to). `principal`: the arguments that must name the caller.
 * A string is the reason why there is none.
 */
export function queryFor(
  contract: CompiledContract,
  field: string,
  principal: readonly string[] = [],
): RootFieldQuery | string {
  if (contract.schema === undefined) return 'the contract has no schema';
  const schema = schemaOf(contract, contract.schema);
  if (!schema) return 'the schema of the contract is not valid';
  const definition = schema.getQueryType()?.getFields()[field];
  if (!definition) return 'the schema has no such root field';
  const required = definition.args.filter((each) => isRequiredArgument(each) || principal.includes(each.name));
  const offered = definition.args.filter((each) => !required.includes(each) && isId(each));
  const args = required.length > 0 ? required : offered.slice(0, 1);
  if (!args.every(isFillable))
    return `the argument ${args.find((each) => !isFillable(each))?.name} is an input object, which is not filled`;
  const selection = new SelectionBuilder(contract, schema);
  const below = selection.of(getNamedType(definition.type), {
    path: [],
    inList: isListType(nullable(definition.type)),
  });
  const besides = definition.args.filter((each) => !args.includes(each) && isText(each));
  const sent = [...args, ...besides];
  const variables = sent.map((each) => `$${each.name}: ${String(each.type)}`).join(', ');
  const passed = sent.map((each) => `${each.name}: $${each.name}`).join(', ');
  const query = `query Scan${variables && `(${variables})`} { ${field}${passed && `(${passed})`} ${below} }`;
  const unsentArguments = definition.args.filter((each) => !sent.includes(each)).map(({ name }) => name);
  const recipe = args.map((each) => ({
    ...slotOf(field, each),
    ...(principal.includes(each.name) && { isPrincipal: true as const }),
  }));
  const isOptional = required.length === 0 && recipe.length > 0;
  const filters = besides.map((each) => slotOf(field, each));
  return {
    query,
    recipes: isOptional ? [recipe, []] : [recipe],
    filters,
    unsentArguments,
    returnsOwned: selection.returnsOwned,
  };
}

/** A built contract may have a schema that was edited by hand. */
function schemaOf(contract: CompiledContract, text: string): GraphQLSchema | undefined {
  const known = schemas.get(contract);
  if (known) return known;
  try {
    const schema = buildSchema(text);
    schemas.set(contract, schema);
    return schema;
  } catch {
    return undefined;
  }
}

function slotOf(field: string, argument: GraphQLArgument): Slot {
  const type = isNonNullType(argument.type) ? argument.type.ofType : argument.type;
  return { in: 'argument', name: argument.name, hint: `${field} ${argument.name}`, isList: isListType(type) };
}

interface SelectionPath {
  /** Names of the enclosing types. */
  readonly path: readonly string[];
  /** One of them is an element of a list. */
  readonly inList: boolean;
}

const nullable = (type: GraphQLOutputType): GraphQLOutputType => (isNonNullType(type) ? type.ofType : type);
const isId = (argument: GraphQLArgument): boolean => getNamedType(argument.type).name === 'ID';
const isText = (argument: GraphQLArgument): boolean =>
  ['ID', 'String'].includes(getNamedType(argument.type).name) && !isRequiredArgument(argument);
const isFillable = (argument: GraphQLArgument): boolean => isScalarType(getNamedType(argument.type));

class SelectionBuilder {
  readonly #contract: CompiledContract;
  readonly #schema: GraphQLSchema;
  returnsOwned = false;

  constructor(contract: CompiledContract, schema: GraphQLSchema) {
    this.#contract = contract;
    this.#schema = schema;
  }

  /** A selection set; empty for a leaf. */
  of(type: GraphQLNamedType, at: SelectionPath): string {
    if (isObjectType(type)) return `{ ${this.#object(type, at, new Map()).join(' ')} }`;
    if (!isAbstractType(type)) return '';
    const taken = new Map<string, string>();
    const cases = this.#schema.getPossibleTypes(type).flatMap((possible) => {
      const fields = this.#object(possible, at, taken);
      return fields.length > 1 ? [`... on ${possible.name} { ${fields.join(' ')} }`] : [];
    });
    return `{ ${['__typename', ...cases].join(' ')} }`;
  }

  #object(type: GraphQLObjectType, at: SelectionPath, taken: Map<string, string>): string[] {
    const { path } = at;
    const resource = this.#resource(type.name);
    if (!resource) return ['__typename'];
    if (resource.owner !== 'none') this.returnsOwned = true;
    const again = resource.owner !== 'none' && path.includes(type.name);
    const fields = Object.values(type.getFields()).flatMap((field): string[] => {
      if (field.args.some(isRequiredArgument)) return [];
      const name = aliased(type, field, taken);
      const named = getNamedType(field.type);
      if (!isObjectType(named) && !isAbstractType(named)) return [name];
      if (!Object.hasOwn(resource.fields, field.name) || path.length >= MAX_DEPTH) return [];
      if (path.filter((each) => each === named.name).length >= 2) return [];
      const inner = { path: [...path, type.name], inList: at.inList || isListType(nullable(field.type)) };
      const below = this.#expands(field, at, again) ? this.of(named, inner) : this.#leaves(named);
      return below === '{ __typename }' ? [] : [`${name} ${below}`];
    });
    return ['__typename', ...fields];
  }

  /** Parts are always expanded. Other objects are not below the second object of an owned type, and lists not inside a list. */
  #expands(field: GraphQLField<unknown, unknown>, { inList }: SelectionPath, again: boolean): boolean {
    const named = getNamedType(field.type);
    if (this.#isPart(named)) return true;
    if (again) return false;
    const isOwnerless = isObjectType(named) && this.#resource(named.name)?.owner === 'none';
    return !inList || !(isOwnerless || isListType(nullable(field.type)));
  }

  /** The leaves of an object without owner; `__typename` alone for one with an owner. */
  #leaves(type: GraphQLNamedType): string {
    if (!isObjectType(type) || this.#resource(type.name)?.owner !== 'none') return '{ __typename }';
    const leaves = Object.values(type.getFields()).filter(
      (field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument),
    );
    return `{ ${['__typename', ...leaves.map(({ name }) => name)].join(' ')} }`;
  }

  /** A part of the enclosing object (`owner: parent`), not an object of its own. */
  #isPart(type: GraphQLNamedType): boolean {
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    return types.some((each) => this.#resource(each.name)?.owner === 'parent');
  }

  #resource(type: string): Resource | undefined {
    const name = this.#contract.types?.[type] ?? type;
    return Object.hasOwn(this.#contract.resources, name) ? this.#contract.resources[name] : undefined;
  }
}

/** Fields of the same name and different type in two cases of a union need an alias (GraphQL §5.3.2). */
function aliased(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, taken: Map<string, string>): string {
  const shape = String(field.type);
  const before = taken.get(field.name);
  if (before === undefined) taken.set(field.name, shape);
  return before === undefined || before === shape ? field.name : `${type.name}_${field.name}: ${field.name}`;
}
