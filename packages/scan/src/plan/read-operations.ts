import type { CompiledContract, Endpoint, Operation, Protocol, Server } from '@leakproof/core';
import { ownedResources } from './owned-resources.ts';
import { queryFor } from './graphql-query.ts';

/** One place to be filled with a value before a request can be made. */
export interface Slot {
  readonly in: 'path' | 'query' | 'body' | 'argument';
  readonly name: string;
  /** What it seems to name, for the order of tries: `workout id` of `/api/workout/{id}`. */
  readonly means: string;
  readonly isList: boolean;
}

/** A set of slots that together make a request. */
export type Recipe = readonly Slot[];

/** An operation that reads, at one door of one server. */
export interface ReadEndpoint {
  readonly key: string;
  readonly server: Server;
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  readonly operation: Operation;
  /** In the order they are tried. */
  readonly recipes: readonly Recipe[];
  /** Values that are the same for everybody: `query.NAME`, `header.NAME`, `path.NAME`, `body.NAME`. */
  readonly constants: Constants;
  /** The document of a GraphQL operation. */
  readonly query?: string | undefined;
}

export type Constants = Readonly<Record<string, string>>;

/** What a tester says of operations that the contract does not. */
export interface Hints {
  /** Operations that only read. */
  readonly reads?: readonly string[] | undefined;
  readonly inputs?: Readonly<Record<string, Constants>> | undefined;
}

/** Something that is not tested, and why. */
export interface NotTested {
  readonly server: string;
  readonly protocol: Protocol;
  readonly operation: string;
  readonly reason: string;
}

export interface ReadPlan {
  readonly endpoints: readonly ReadEndpoint[];
  readonly notTested: readonly NotTested[];
  /** Operations that hold nobody's data, by door. */
  readonly nobodys: number;
}

/**
 * Every operation that can be tried without changing anything: GET, QUERY, Query fields, and POSTs that take nothing but ids
 * or are named in `reads`. Operations that hold nobody's data are counted and left out.
 */
export function planReads(contract: CompiledContract, { reads = [], inputs = {} }: Hints): ReadPlan {
  const endpoints: ReadEndpoint[] = [];
  const notTested: NotTested[] = [];
  let nobodys = 0;
  for (const server of contract.servers) {
    for (const operation of contract.operations) {
      const { protocol, name } = operation;
      const endpoint = server.endpoints[protocol];
      if (!endpoint || (operation.servers && !operation.servers.includes(server.name))) continue;
      const skip = (reason: string): void =>
        void notTested.push({ server: server.name, protocol, operation: name, reason });
      if (protocol === 'graphql') {
        if (!name.startsWith('Query.')) skip('it may change something; only reads are tried');
        else {
          const asked = queryFor(contract, name.slice('Query.'.length));
          if (typeof asked === 'string') skip(asked);
          else if (!asked.holdsOwned) nobodys += 1;
          else endpoints.push({ ...doorOf(server, endpoint, operation), recipes: asked.recipes, query: asked.query });
        }
        continue;
      }
      if (ownedResources(contract, operation.returns).length === 0) nobodys += 1;
      else if (!isRead(operation) && !reads.includes(name))
        skip('it may change something; name it in `reads` if it does not');
      else {
        const constants = inputs[name] ?? {};
        endpoints.push({
          ...doorOf(server, endpoint, operation),
          recipes: restRecipes(operation, constants),
          constants,
        });
      }
    }
  }
  return { endpoints: endpoints.sort((a, b) => (a.key < b.key ? -1 : 1)), notTested, nobodys };
}

function doorOf(server: Server, endpoint: Endpoint, operation: Operation): Omit<ReadEndpoint, 'recipes'> {
  const { protocol, name } = operation;
  return { key: `${server.name} ${protocol} ${name}`, server, protocol, endpoint, operation, constants: {} };
}

const ID_LIKE = /^(?:id|ids|uuid|uuids|.*_ids?|.*Ids?|q|query|search|filter|limit|page|cursor)$/;
const CHANGES =
  /pay|charge|refund|send|mail|sms|invite|logout|login|sign|auth|delete|remove|purge|create|update|set|reset/i;

/** A POST reads if all it takes are ids or a search, and nothing in its path says otherwise. */
function isRead({ method, accepts, template }: Operation): boolean {
  if (method === 'GET' || method === 'QUERY') return true;
  if (method !== 'POST' || !accepts || accepts.length === 0) return false;
  const words = (template ?? []).map((part) => ('literal' in part ? part.literal : ''));
  return accepts.every((name) => ID_LIKE.test(name)) && !words.some((word) => CHANGES.test(word));
}

function restRecipes({ template = [], parameters, accepts = [], method }: Operation, constants: Constants): Recipe[] {
  const path = template.flatMap((part, index): Slot[] => {
    if (!('parameter' in part) || `path.${part.parameter}` in constants) return [];
    const before = template[index - 1];
    const around = before && 'literal' in before ? singular(before.literal) : '';
    return [{ in: 'path', name: part.parameter, means: `${around} ${part.parameter}`, isList: false }];
  });
  const last = template.findLast((part) => 'literal' in part);
  const about = last && 'literal' in last ? singular(last.literal) : '';
  const body = (method === 'GET' ? [] : accepts).flatMap((name): Slot[] => {
    if (`body.${name}` in constants) return [];
    const slot = { in: 'body', name, means: `${about} ${singular(name)}` } as const;
    return name.endsWith('s')
      ? [{ ...slot, isList: true }]
      : [
          { ...slot, isList: false },
          { ...slot, isList: true },
        ];
  });
  if (body.length > 0) return body.map((slot) => [...path, slot]);
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && !(`query.${parameter.name}` in constants))
    .map(({ name }): Slot => ({ in: 'query', name, means: `${about} ${singular(name)}`, isList: false }));
  return [path, ...(path.length === 0 ? query.map((slot) => [slot]) : [])];
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');
