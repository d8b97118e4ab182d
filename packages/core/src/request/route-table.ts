import type { CompiledContract, Endpoint, Operation, Protocol, Server, TemplateSegment } from '../contract/compiled.ts';

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

/** The templates of one server, method and length, each list with the most literal first. */
interface Templates {
  /** By a literal first segment: the templates with it, and those with a parameter there. */
  readonly byFirst: ReadonlyMap<string, readonly Declared[]>;
  /** For any other first segment. */
  readonly others: readonly Declared[];
}

/** An index of a contract's endpoints and templates. */
export interface RouteTable {
  /** Endpoints of an authority, the longest path first. */
  endpointsAt(authority: string): readonly EndpointMatch[];
  /** Candidates: same server, method and number of segments, and the same first segment or a parameter there. */
  declaredFor(server: Server, method: string, segments: readonly string[]): readonly Declared[];
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
    declaredFor: (server, method, segments) => {
      const templates = servers.get(server.name)?.get(method)?.get(segments.length);
      return templates?.byFirst.get(segments[0] ?? '') ?? templates?.others ?? [];
    },
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

/** By method, and by length of the template. */
function templatesAt(contract: CompiledContract, server: string): Map<string, Map<number, Templates>> {
  const declared = contract.operations.flatMap((operation) => {
    const { protocol, servers, template } = operation;
    return protocol === 'rest' && template && (servers?.includes(server) ?? true) ? [{ operation, template }] : [];
  });
  return mapValues(
    groupBy(declared, ({ operation }) => operation.method ?? ''),
    (ofMethod) =>
      mapValues(
        groupBy(ofMethod, ({ template }) => template.length),
        // The order is defined between templates of one length only, so each length is sorted by itself.
        (ofLength) => byFirstSegment(ofLength.sort((a, b) => literalFirst(a.template, b.template))),
      ),
  );
}

function byFirstSegment(declared: readonly Declared[]): Templates {
  const firstOf = ({ template: [first] }: Declared): string | undefined =>
    first && 'literal' in first ? first.literal : undefined;
  const literals = new Set(declared.map(firstOf).filter((first) => first !== undefined));
  const fitting = (literal: string): Declared[] =>
    declared.filter((each) => [undefined, literal].includes(firstOf(each)));
  return {
    byFirst: new Map([...literals].map((literal) => [literal, fitting(literal)])),
    others: declared.filter((each) => firstOf(each) === undefined),
  };
}

/** Of two templates of one length, the one with the longer literal prefix comes first; else the contract's order. */
function literalFirst(a: readonly TemplateSegment[], b: readonly TemplateSegment[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other && 'literal' in part !== 'literal' in other) return 'literal' in part ? -1 : 1;
  }
  return 0;
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

function mapValues<K, V, W>(groups: ReadonlyMap<K, V>, change: (value: V) => W): Map<K, W> {
  return new Map([...groups].map(([key, value]) => [key, change(value)]));
}
