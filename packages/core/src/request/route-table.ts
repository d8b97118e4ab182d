import type { CompiledContract, Endpoint, Operation, Protocol, Server } from '../contract/compiled.ts';
import type { TemplateSegment } from '../wire/path-template.ts';
import { indexTemplates, type TemplateIndex } from '../wire/template-index.ts';

/** One endpoint of one server. */
export interface EndpointMatch {
  readonly server: Server;
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
}

/** A REST operation with its template. */
export interface Declared {
  readonly operation: Operation;
  readonly template: readonly TemplateSegment[];
}

/** An index of a contract's endpoints and templates. */
export interface RouteTable {
  /** Endpoints of an authority, the longest path first. */
  endpointsAt(authority: string): readonly EndpointMatch[];
  /** The templates of one server and method. */
  templatesOf(server: Server, method: string): TemplateIndex<Declared> | undefined;
}

const tables = new WeakMap<CompiledContract, RouteTable>();

/** Made once for each contract. */
export function routeTable(contract: CompiledContract): RouteTable {
  let table = tables.get(contract);
  if (!table) tables.set(contract, (table = compile(contract)));
  return table;
}

function compile(contract: CompiledContract): RouteTable {
  const endpoints = groupBy(placesOf(contract), ({ endpoint }) => endpoint.authority);
  const servers = new Map(contract.servers.map(({ name }) => [name, templatesAt(contract, name)]));
  return {
    endpointsAt: (authority) => endpoints.get(authority) ?? [],
    templatesOf: (server, method) => servers.get(server.name)?.get(method),
  };
}

function placesOf({ servers }: CompiledContract): EndpointMatch[] {
  const places = servers.flatMap((server) =>
    (['graphql', 'rest'] as const).flatMap((protocol) => {
      const endpoint = server.endpoints[protocol];
      return endpoint ? [{ server, protocol, endpoint }] : [];
    }),
  );
  return places.sort((a, b) => b.endpoint.path.length - a.endpoint.path.length);
}

/** By method. */
function templatesAt(contract: CompiledContract, server: string): Map<string, TemplateIndex<Declared>> {
  const declared = contract.operations.flatMap((operation) => {
    const { protocol, servers, template } = operation;
    return protocol === 'rest' && template && (servers?.includes(server) ?? true) ? [{ operation, template }] : [];
  });
  const byMethod = groupBy(declared, ({ operation }) => operation.method ?? '');
  return new Map([...byMethod].map(([method, ofMethod]) => [method, indexTemplates(ofMethod)]));
}

function groupBy<K, V>(items: readonly V[], keyOf: (item: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
