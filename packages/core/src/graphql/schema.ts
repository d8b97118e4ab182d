import { buildSchema, type GraphQLSchema } from 'graphql';
import type { CompiledContract } from '../contract/compiled.ts';
import { LeakproofError } from '../errors.ts';
import { own } from '../own.ts';

const schemas = new WeakMap<CompiledContract, GraphQLSchema>();

/** The contract's GraphQL schema, built once. Throws LP-QUERY-INVALID if the contract has none. */
export function schemaOf(contract: CompiledContract): GraphQLSchema {
  const built = schemas.get(contract);
  if (built) return built;
  if (contract.schema === undefined)
    throw new LeakproofError('LP-QUERY-INVALID', 'The contract has no GraphQL schema.');
  const schema = buildSchema(contract.schema);
  schemas.set(contract, schema);
  return schema;
}

/** The resource of a GraphQL type: of the same name, unless `api.types` maps it. */
export function resourceOf(contract: CompiledContract, type: string): string {
  return own(contract.types ?? {}, type) ?? type;
}
