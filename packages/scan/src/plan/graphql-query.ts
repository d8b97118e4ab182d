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
import type { Recipe, Slot } from './read-operations.ts';

export interface AskedQuery {
  readonly query: string;
  readonly recipes: readonly Recipe[];
  /** Somebody's data can be in the answer. */
  readonly holdsOwned: boolean;
}

const MAX_DEPTH = 12;
const schemas = new WeakMap<CompiledContract, GraphQLSchema>();

/**
 * A document that asks a root field for all the contract knows of: every leaf, and every object below, each type at most
 * twice on one path (a person, and the people they lead to). A string says why there is none.
 */
export function queryFor(contract: CompiledContract, field: string): AskedQuery | string {
  if (contract.schema === undefined) return 'the contract has no schema';
  const schema = schemas.get(contract) ?? buildSchema(contract.schema);
  schemas.set(contract, schema);
  const definition = schema.getQueryType()?.getFields()[field];
  if (!definition) return 'the schema has no such field';
  const required = definition.args.filter(isRequiredArgument);
  const offered = definition.args.filter((each) => !isRequiredArgument(each) && isId(each));
  const args = required.length > 0 ? required : offered.slice(0, 1);
  if (!args.every(isFillable)) return `the argument ${args.find((each) => !isFillable(each))?.name} takes an object`;
  const selection = new Selecting(contract, schema);
  const below = selection.of(getNamedType(definition.type), {
    path: [],
    inList: isListType(nullable(definition.type)),
  });
  const variables = args.map((each) => `$${each.name}: ${String(each.type)}`).join(', ');
  const passed = args.map((each) => `${each.name}: $${each.name}`).join(', ');
  const query = `query Scan${variables && `(${variables})`} { ${field}${passed && `(${passed})`} ${below} }`;
  return { query, recipes: [args.map((each) => slotOf(field, each))], holdsOwned: selection.holdsOwned };
}

function slotOf(field: string, argument: GraphQLArgument): Slot {
  const type = isNonNullType(argument.type) ? argument.type.ofType : argument.type;
  return { in: 'argument', name: argument.name, means: `${field} ${argument.name}`, isList: isListType(type) };
}

interface Within {
  /** Names of the types around. */
  readonly path: readonly string[];
  /** One of them stands in a list. */
  readonly inList: boolean;
}

const nullable = (type: GraphQLOutputType): GraphQLOutputType => (isNonNullType(type) ? type.ofType : type);
const isId = (argument: GraphQLArgument): boolean => getNamedType(argument.type).name === 'ID';
const isFillable = (argument: GraphQLArgument): boolean => isScalarType(getNamedType(argument.type));

class Selecting {
  readonly #contract: CompiledContract;
  readonly #schema: GraphQLSchema;
  holdsOwned = false;

  constructor(contract: CompiledContract, schema: GraphQLSchema) {
    this.#contract = contract;
    this.#schema = schema;
  }

  /** A selection set, or nothing for a leaf. */
  of(type: GraphQLNamedType, at: Within): string {
    if (isObjectType(type)) return `{ ${this.#object(type, at, new Map()).join(' ')} }`;
    if (!isAbstractType(type)) return '';
    const taken = new Map<string, string>();
    const cases = this.#schema.getPossibleTypes(type).flatMap((possible) => {
      const fields = this.#object(possible, at, taken);
      return fields.length > 1 ? [`... on ${possible.name} { ${fields.join(' ')} }`] : [];
    });
    return `{ ${['__typename', ...cases].join(' ')} }`;
  }

  #object(type: GraphQLObjectType, at: Within, taken: Map<string, string>): string[] {
    const { path } = at;
    const resource = this.#resource(type.name);
    if (!resource) return ['__typename'];
    if (resource.owner !== 'none') this.holdsOwned = true;
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

  /** A person's own parts always; a person below a person never; and no list within a list, which would only be longer. */
  #expands(field: GraphQLField<unknown, unknown>, { inList }: Within, again: boolean): boolean {
    const named = getNamedType(field.type);
    if (this.#isPartOf(named)) return true;
    if (again) return false;
    const isNobodys = isObjectType(named) && this.#resource(named.name)?.owner === 'none';
    return !inList || !(isNobodys || isListType(nullable(field.type)));
  }

  /** What a value without owners says by itself; nothing of a person is asked again. */
  #leaves(type: GraphQLNamedType): string {
    if (!isObjectType(type) || this.#resource(type.name)?.owner !== 'none') return '{ __typename }';
    const leaves = Object.values(type.getFields()).filter(
      (field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument),
    );
    return `{ ${['__typename', ...leaves.map(({ name }) => name)].join(' ')} }`;
  }

  /** A value of the object it stands in, not an object of its own. */
  #isPartOf(type: GraphQLNamedType): boolean {
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    return types.some((each) => this.#resource(each.name)?.owner === 'parent');
  }

  #resource(type: string): Resource | undefined {
    const name = this.#contract.types?.[type] ?? type;
    return Object.hasOwn(this.#contract.resources, name) ? this.#contract.resources[name] : undefined;
  }
}

/** Two cases of a union may call different things by one name: the second gets a name of its own. */
function aliased(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, taken: Map<string, string>): string {
  const shape = String(field.type);
  const before = taken.get(field.name);
  if (before === undefined) taken.set(field.name, shape);
  return before === undefined || before === shape ? field.name : `${type.name}_${field.name}: ${field.name}`;
}
