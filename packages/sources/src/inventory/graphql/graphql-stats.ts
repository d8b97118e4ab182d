import { addTally, tally } from '../stats/counted.ts';
import { addField } from '../stats/field-stats.ts';
import type { GraphqlCall, Selected } from './graphql-calls.ts';
import { addRequest, newOperationStats, responseStats, type OperationStats } from '../stats/operation-stats.ts';
import { originOf, type ExchangeRead } from '../read-exchange.ts';
import { argumentLeaves, selectedPointers, visitSelected } from './selected-leaves.ts';
import { shapeOfValue } from '../stats/value-shape.ts';

/** A root field at one endpoint. */
interface GraphqlEntry {
  readonly origin: string;
  readonly path: string;
  /** `Query.user`; `Query.(unknown)` for a persisted query without data in its response. */
  readonly name: string;
  readonly stats: OperationStats;
}

/** Statistics of root fields, by endpoint. At most `MAX_ENTRIES`; all others are counted under one name. */
export type GraphqlStats = Map<string, GraphqlEntry>;

const MAX_ENTRIES = 20_000;
const TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Adds the calls of one exchange. */
export function addCalls(into: GraphqlStats, read: ExchangeRead, calls: readonly GraphqlCall[]): void {
  for (const call of calls) {
    for (const [key, selected] of rootsOf(call)) {
      const stats = entryOf(into, read, `${TYPES[call.operationType]}.${selected.field}`);
      addRequest(stats, read);
      addSelection(stats, selected, read);
      addResult(stats, { read, call, key, selected });
    }
  }
}

/** Root fields by response key; for a persisted query, the keys of the data in its response. */
export function rootsOf(call: GraphqlCall): Iterable<readonly [string, Selected]> {
  if (call.roots) return call.roots;
  const keys = Object.keys(call.data);
  const names = keys.length > 0 ? keys : ['(unknown)'];
  return names.map((field) => [field, { field, arguments: [], below: new Map() }] as const);
}

function entryOf(into: GraphqlStats, read: ExchangeRead, name: string): OperationStats {
  const origin = originOf(read.exchange);
  const path = (/^[^?#]*/.exec(read.exchange.request.target)?.[0] ?? '/') || '/';
  const full = `${origin} ${path} ${name}`;
  const isKnown = into.has(full) || into.size < MAX_ENTRIES;
  const key = isKnown ? full : 'others';
  const entry = into.get(key);
  if (entry) return entry.stats;
  const stats = newOperationStats(read.exchange.provenance);
  into.set(key, isKnown ? { origin, path, name, stats } : { origin: '', path: '', name: 'Query.(others)', stats });
  return stats;
}

function addSelection(stats: OperationStats, selected: Selected, read: ExchangeRead): void {
  const { provenance } = read.exchange;
  for (const { name, value, variable } of argumentLeaves(selected)) {
    addField(stats.arguments, name, shapeOfValue(value), provenance);
    if (variable) addField(stats.variables, variable, shapeOfValue(value), provenance);
  }
  for (const pointer of selectedPointers(selected)) addField(stats.selections, pointer, 'object', provenance);
}

interface Result {
  readonly read: ExchangeRead;
  readonly call: GraphqlCall;
  readonly key: string;
  readonly selected: Selected;
}

function addResult(stats: OperationStats, { read, call, key, selected }: Result): void {
  const { provenance } = read.exchange;
  const failed = call.failed.has(key) || (call.failed.has('*') && call.data[key] === undefined);
  const response = responseStats(stats, read, failed ? ' errors' : '');
  if (call.batched) tally(stats.requestKinds, 'batch', provenance);
  const value = call.data[key];
  if (value === undefined) return;
  const passedOver = visitSelected(value, selected, (leaf) =>
    addField(response.fields, leaf.pointer, shapeOfValue(leaf.value), provenance),
  );
  addTally(stats.passedOver, passedOver, provenance);
}
