import type { CompiledContract, Operation } from '@leakproof/core';
import { queryFor } from './graphql-query.ts';
import { ownedResources } from './owned-resources.ts';
import type { Constants, NotTested, ReadOperation } from './read-operation.ts';
import { filterSlots, restRecipes } from './rest-recipes.ts';

/** What the identities file adds to the contract's operations. */
export interface OperationHints {
  /** Operations that only read. */
  readonly reads?: readonly string[] | undefined;
  readonly inputs?: Readonly<Record<string, Constants>> | undefined;
}

export interface ReadPlan {
  readonly operations: readonly ReadOperation[];
  readonly notTested: readonly NotTested[];
  /** Number of operations, per server, whose responses contain no data with an owner. */
  readonly ownerless: number;
  /** As in the contract; empty if it has no description. */
  readonly undeclaredInDocument: readonly string[];
}

type Planned = Pick<ReadOperation, 'recipes' | 'filters' | 'constants' | 'query' | 'unsentArguments'>;

/**
 * Every operation that can be tried without changing anything: GET, QUERY, GraphQL Query fields, and POSTs that accept
 * nothing but ids or are named in `reads`. Reads that return no data with an owner, and act on nobody's object, are counted and
 * left out.
 */
export function planReads(contract: CompiledContract, hints: OperationHints): ReadPlan {
  const operations: ReadOperation[] = [];
  const notTested: NotTested[] = [];
  let ownerless = 0;
  const { undeclaredInDocument = [] } = contract;
  for (const server of contract.servers) {
    for (const declared of contract.operations) {
      const { protocol, name } = declared;
      const endpoint = server.endpoints[protocol];
      if (!endpoint || (declared.servers && !declared.servers.includes(server.name))) continue;
      const plan = protocol === 'graphql' ? planQuery(contract, declared) : planRest(contract, declared, hints);
      if (plan === 'ownerless') ownerless += 1;
      else if ('reason' in plan) notTested.push({ server: server.name, protocol, operation: name, ...plan });
      else
        operations.push({ key: `${server.name} ${protocol} ${name}`, server, protocol, endpoint, declared, ...plan });
    }
  }
  return {
    operations: operations.sort((a, b) => (a.key < b.key ? -1 : 1)),
    notTested,
    ownerless,
    undeclaredInDocument,
  };
}

type Outcome = Planned | Pick<NotTested, 'reason' | 'isWrite'> | 'ownerless';

function planQuery(contract: CompiledContract, declared: Operation): Outcome {
  const { name } = declared;
  if (!name.startsWith('Query.')) return { reason: 'it may change data; only reads are tried', isWrite: true };
  const principal = declared.parameters.filter(({ isPrincipal, optional }) => isPrincipal && !optional);
  const names = principal.map((each) => each.name);
  const found = queryFor(contract, name.slice('Query.'.length), names);
  if (typeof found === 'string') return { reason: found };
  const { returnsOwned, ...rest } = found;
  return returnsOwned ? { ...rest, constants: {} } : withoutOwnedData(declared);
}

function planRest(
  contract: CompiledContract,
  declared: Operation,
  { reads = [], inputs = {} }: OperationHints,
): Outcome {
  if (!isRead(declared) && !reads.includes(declared.name))
    return { reason: 'it may change data; name it in `reads` if it does not', isWrite: true };
  if (ownedResources(contract, declared.returns).length === 0) return withoutOwnedData(declared);
  const constants = inputs[declared.name] ?? {};
  return { recipes: restRecipes(declared, constants), filters: filterSlots(declared, constants), constants };
}

/** What an operation says about an object is not tested if its response has no value of the object. */
function withoutOwnedData({ owner }: Operation): Outcome {
  return owner ? { reason: 'it acts on an object that has an owner, and returns no data of it' } : 'ownerless';
}

const ID_LIKE = /^(?:id|ids|uuid|uuids|.*_ids?|.*Ids?|q|query|search|filter|limit|page|cursor)$/;
const CHANGES =
  /pay|charge|refund|send|mail|sms|invite|logout|login|sign|auth|delete|remove|purge|create|update|set|reset/i;

/** A POST only reads if it accepts nothing but ids or a search, and no word of its path suggests a change. */
function isRead({ method, accepts, template }: Operation): boolean {
  if (method === 'GET' || method === 'QUERY') return true;
  if (method !== 'POST' || !accepts || accepts.length === 0) return false;
  const words = (template ?? []).map((part) => ('literal' in part ? part.literal : ''));
  return accepts.every((name) => ID_LIKE.test(name)) && !words.some((word) => CHANGES.test(word));
}
