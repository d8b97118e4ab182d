import type { Exchange } from '@leakproof/core';
import type { DeclaredOperation } from '../reading/declared-operation.ts';
import type { Reading } from '../reading/reader.ts';
import { addTally, compareText, newTally, type Tally } from './stats/counted.ts';
import { declarations, type Declarations } from './declarations.ts';
import { allFrames, PATH_LIMITS, frameStats, newFrames, type PathLimits } from './paths/path-frame.ts';
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
import { mergeFrames } from './paths/path-tree.ts';
import { originOf, readExchange, type ExchangeRead } from './read-exchange.ts';
import { resolveTemplates, type Template } from './paths/resolve-templates.ts';
import { toSeenOperation } from './seen-operation.ts';
import { identifies, newValueEvidence, noteValues } from './stats/value-evidence.ts';

/** Collects an inventory. Contains no body and no value; memory is bounded by `PathLimits`. */
export interface InventoryBuilder {
  add(exchange: Exchange, read?: ExchangeRead): void;
  declare(operation: DeclaredOperation): void;
  reject(reject: SeenReject): void;
  /** Adds any reading of a reader. */
  take(reading: Reading): void;
  /** To be called once. */
  finish(): Inventory;
}

/** Starts an inventory. The same input in any order gives the same inventory, unless it ends with `limitsReached`. */
export function buildInventory(limits: PathLimits = PATH_LIMITS): InventoryBuilder {
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
    const descriptions = declarations(declared);
    const templates = resolveTemplates(mergeFrames(allFrames(frames)), descriptions.paths, (word) =>
      identifies(evidence, word),
    );
    const operations = [
      ...templates.flatMap((template) => operationsOf(template, descriptions)),
      ...graphqlOperations(graphql, descriptions),
    ].sort((a, b) => compareText(a.origin, b.origin) || compareText(a.path, b.path) || compareText(a.name, b.name));
    const summaries = descriptions.summaries(operations);
    return {
      exchanges,
      preflights,
      operations,
      hosts: hostsOf(hosts, operations, descriptions),
      declared: summaries,
      unseen: summaries.filter(({ isSeen }) => !isSeen).map(({ name, declared: where }) => ({ name, declared: where })),
      described: declared.length > 0,
      rejects: [...rejects].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one),
      limitsReached: frames.limitsReached,
    };
  };

  return {
    add,
    reject,
    declare: (operation) => void declared.push(operation),
    take: (reading) => {
      if (reading.type === 'exchange') add(reading.exchange, readExchange(reading.exchange, reading.pathVariables));
      else if (reading.type === 'operation') declared.push(reading.operation);
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

function operationsOf(template: Template, descriptions: Declarations): readonly SeenOperation[] {
  const byMethod = new Map<string, { method: string; origin: string; stats: OperationStats }>();
  for (const { frame, origin, stats } of template.ends) {
    const key = `${origin} ${frame.method}`;
    const entry = byMethod.get(key) ?? {
      method: frame.method,
      origin,
      stats: newOperationStats(stats.total.first),
    };
    byMethod.set(key, entry);
    mergeStats(entry.stats, stats);
  }
  return [...byMethod.values()].map(({ method, origin, stats }) =>
    toSeenOperation({
      protocol: 'http',
      name: `${method} ${template.template}`,
      method,
      origin,
      path: template.template,
      parameters: template.parameters,
      declared: descriptions.http(template.declared, method, origin),
      stats,
    }),
  );
}

function graphqlOperations(graphql: GraphqlStats, descriptions: Declarations): readonly SeenOperation[] {
  return [...graphql.values()].map(({ origin, path, name, stats }) =>
    toSeenOperation({
      protocol: 'graphql',
      name,
      method: name.startsWith('Mutation.') ? 'MUTATION' : name.startsWith('Subscription.') ? 'SUBSCRIPTION' : 'QUERY',
      origin,
      path,
      parameters: [],
      declared: descriptions.graphql(name),
      stats,
    }),
  );
}

function hostsOf(
  hosts: ReadonlyMap<string, Tally>,
  operations: readonly SeenOperation[],
  descriptions: Declarations,
): readonly SeenHost[] {
  return [...hosts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([origin, { seen, first }]) => ({
      origin,
      seen,
      first,
      declared: descriptions.host(origin),
      operations: operations.filter((operation) => operation.origin === origin).length,
    }));
}
