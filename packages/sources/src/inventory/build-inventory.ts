import type { Exchange } from '@leakproof/core';
import type { DeclaredOperation } from '../reading/declared-operation.ts';
import type { Reading } from '../reading/reader.ts';
import { addTally, compareText, newTally, type Tally } from './stats/counted.ts';
import { declarations, type Declarations } from './declarations.ts';
import { allFrames, FOLD_LIMITS, frameStats, newFrames, type FoldLimits } from './paths/path-frame.ts';
import { graphqlCalls } from './graphql/graphql-calls.ts';
import { addCalls, type GraphqlStats } from './graphql/graphql-stats.ts';
import type { Inventory, SeenHost, SeenOperation, SeenReject } from './inventory.ts';
import {
  addRequest,
  addRequestBody,
  addResponse,
  mergeStats,
  newOperationStats,
  type OperationStats,
} from './stats/operation-stats.ts';
import { layOver } from './paths/path-place.ts';
import { originOf, readExchange, type ExchangeRead } from './read-exchange.ts';
import { resolveTemplates, type Template } from './paths/resolve-templates.ts';
import { showOperation } from './show-operation.ts';
import { identifies, newValueEvidence, noteValues } from './stats/value-evidence.ts';

/** An inventory that grows. Holds no body and no value; memory is bounded by `FoldLimits`. */
export interface InventoryBuilder {
  add(exchange: Exchange, read?: ExchangeRead): void;
  declare(operation: DeclaredOperation): void;
  reject(reject: SeenReject): void;
  /** Adds whatever a reader yields. */
  take(reading: Reading): void;
  /** Once: the builder is used up. */
  finish(): Inventory;
}

/** Starts an inventory. Deterministic: the same input in any order gives the same inventory, unless it ends `strained`. */
export function buildInventory(limits: FoldLimits = FOLD_LIMITS): InventoryBuilder {
  const frames = newFrames(limits);
  const graphql: GraphqlStats = new Map();
  const evidence = newValueEvidence();
  const hosts = new Map<string, Tally>();
  const declared: DeclaredOperation[] = [];
  const rejects = new Map<string, SeenReject>();
  let exchanges = 0;
  let preflights = 0;

  const add = (exchange: Exchange, read = readExchange(exchange)): void => {
    exchanges++;
    const origin = originOf(exchange);
    const host = hosts.get(origin) ?? newTally(exchange.provenance);
    hosts.set(origin, host);
    addTally(host, 1, exchange.provenance);
    if (isPreflight(exchange)) {
      preflights++;
      return;
    }
    if (read.response.value !== undefined) noteValues(evidence, read.response.value);
    const calls = graphqlCalls(read);
    if (calls) {
      addCalls(graphql, read, calls);
      return;
    }
    const stats = frameStats(frames, read);
    addRequest(stats, read);
    addRequestBody(stats, read);
    addResponse(stats, read);
  };

  const reject = (one: SeenReject): void => {
    const key = [one.file, one.reader, one.code].join('\0');
    rejects.set(key, { ...one, count: one.count + (rejects.get(key)?.count ?? 0) });
  };

  const finish = (): Inventory => {
    const said = declarations(declared);
    const templates = resolveTemplates(layOver(allFrames(frames)), said.paths, (word) => identifies(evidence, word));
    const operations = [
      ...templates.flatMap((template) => operationsOf(template, said)),
      ...graphqlOperations(graphql, said),
    ].sort((a, b) => compareText(a.origin, b.origin) || compareText(a.path, b.path) || compareText(a.name, b.name));
    return {
      exchanges,
      preflights,
      operations,
      hosts: hostsOf(hosts, operations, said),
      unseen: said.unseen(operations),
      described: declared.length > 0,
      rejects: [...rejects].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one),
      strained: frames.strained,
    };
  };

  return {
    add,
    reject,
    declare: (operation) => void declared.push(operation),
    take: (reading) => {
      if (reading.kind === 'exchange') add(reading.exchange);
      else if (reading.kind === 'operation') declared.push(reading.operation);
      else
        reject({
          code: reading.code,
          reader: reading.where.reader,
          file: reading.where.file ?? '-',
          count: reading.count,
        });
    },
    finish,
  };
}

function isPreflight({ request }: Exchange): boolean {
  return request.method === 'OPTIONS' && request.headers.some(([name]) => name === 'access-control-request-method');
}

function operationsOf(template: Template, said: Declarations): readonly SeenOperation[] {
  const byEndpoint = new Map<string, { method: string; origin: string; stats: OperationStats }>();
  for (const { frame, origin, stats } of template.ends) {
    const key = `${origin} ${frame.method}`;
    const endpoint = byEndpoint.get(key) ?? {
      method: frame.method,
      origin,
      stats: newOperationStats(stats.total.first),
    };
    byEndpoint.set(key, endpoint);
    mergeStats(endpoint.stats, stats);
  }
  return [...byEndpoint.values()].map(({ method, origin, stats }) =>
    showOperation({
      protocol: 'http',
      name: `${method} ${template.template}`,
      method,
      origin,
      path: template.template,
      parameters: template.parameters,
      declared: said.http(template.declared, method, origin),
      stats,
    }),
  );
}

function graphqlOperations(graphql: GraphqlStats, said: Declarations): readonly SeenOperation[] {
  return [...graphql.values()].map(({ origin, path, name, stats }) =>
    showOperation({
      protocol: 'graphql',
      name,
      method: name.startsWith('Mutation.') ? 'MUTATION' : name.startsWith('Subscription.') ? 'SUBSCRIPTION' : 'QUERY',
      origin,
      path,
      parameters: [],
      declared: said.graphql(name),
      stats,
    }),
  );
}

function hostsOf(
  hosts: ReadonlyMap<string, Tally>,
  operations: readonly SeenOperation[],
  said: Declarations,
): readonly SeenHost[] {
  return [...hosts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([origin, { seen, first }]) => ({
      origin,
      seen,
      first,
      declared: said.host(origin),
      operations: operations.filter((operation) => operation.origin === origin).length,
    }));
}
