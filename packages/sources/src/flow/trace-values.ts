import { randomBytes } from 'node:crypto';
import type { Caller, Exchange, Provenance } from '@leakproof/core';
import { compareText } from '../inventory/stats/counted.ts';
import type { OperationMatcher } from '../inventory/paths/operation-matcher.ts';
import { readExchange, type ExchangeRead } from '../inventory/read-exchange.ts';
import { consumedValues, producedValues, type FlowSite, type FlowVia } from './flow-values.ts';
import { entropyBits } from './entropy-bits.ts';
import { createValueMemory } from './value-memory.ts';

/** Values in responses of one operation and later in requests of another. Contains counts, no values. */
export interface FlowEdge {
  readonly producer: FlowSite;
  readonly consumer: FlowSite;
  readonly via: FlowVia;
  /** 0 to 1: how unlikely it is that the values are equal by chance. */
  readonly weight: number;
  /** Distinct values, counted up to 1,000. */
  readonly values: number;
  readonly seen: number;
  /** Of `seen`: sent by a caller whose response contained the value. */
  readonly sameCaller: number;
  /** Identities that sent it. */
  readonly identities: readonly string[];
  /** True if the names of the two places agree too. */
  readonly namesAgree: boolean;
  /** The first request with such a value. */
  readonly first: Provenance;
}

export interface Flow {
  readonly edges: readonly FlowEdge[];
  /** Values forgotten because memory is bounded: edges may be missing. */
  readonly forgotten: number;
  /** Values not counted because there were too many edges. */
  readonly dropped: number;
}

export interface TraceOptions {
  readonly operationOf: OperationMatcher;
  /** Key of the digests. Default: random. */
  readonly key?: Uint8Array | undefined;
  /** Default 300,000. */
  readonly maxValues?: number | undefined;
  /** Edges with less weight are omitted. Default 0.2. */
  readonly minWeight?: number | undefined;
}

export interface Tracer {
  /** Exchanges in the order of time. */
  add(exchange: Exchange, read?: ExchangeRead): void;
  finish(): Flow;
}

interface EdgeStat {
  readonly producer: string;
  readonly consumer: string;
  readonly via: FlowVia;
  /** Digest of a value to its weight. */
  readonly values: Map<string, number>;
  seen: number;
  sameCaller: number;
  readonly identities: Set<string>;
  readonly first: Provenance;
}

const MAX_EDGES = 50_000;
const MAX_EDGE_VALUES = 1000;

/** Follows values from responses to later requests. Edges are found by value; names that agree only add weight. */
export function traceValues({
  operationOf,
  key = randomBytes(32),
  maxValues = 300_000,
  minWeight = 0.2,
}: TraceOptions): Tracer {
  const memory = createValueMemory<string>(key, maxValues);
  const edges = new Map<string, EdgeStat>();
  /** Distinct values of each consumer, so that an edge that explains few of them has little weight. */
  const consumed = new Map<string, Set<string>>();
  const vias = new Map<string, FlowVia>();
  let dropped = 0;

  const consume = (read: ExchangeRead, sent: Set<string>): void => {
    const caller = callerKey(read.exchange.caller);
    for (const { site, value, via } of consumedValues(read, operationOf)) {
      const bits = entropyBits(value);
      if (bits === 0 && via !== 'link') continue;
      const digest = memory.digest(value);
      sent.add(digest);
      const to = siteKey(site);
      const values = consumed.get(to) ?? new Set<string>();
      consumed.set(to, values);
      if (values.size < MAX_EDGE_VALUES) values.add(digest);
      const known = memory.recall(value);
      if (!known) continue;
      const weight =
        Math.min(1, (via === 'link' ? 64 : bits) / 32) /
        Math.sqrt(known.sites.size * Math.max(1, Math.log2(known.seen)));
      for (const from of known.sites) {
        const [operation] = from.split('\0');
        if (operation === site.operation && via !== 'link') continue;
        const name = `${from}\u0001${to}`;
        let edge = edges.get(name);
        if (!edge) {
          if (edges.size >= MAX_EDGES) {
            dropped++;
            continue;
          }
          const seenAs = vias.get(`${from}\0${digest}`) ?? 'value';
          edge = {
            producer: from,
            consumer: to,
            via: via === 'value' ? seenAs : via,
            values: new Map(),
            seen: 0,
            sameCaller: 0,
            identities: new Set(),
            first: read.exchange.provenance,
          };
          edges.set(name, edge);
        }
        edge.seen++;
        if (known.callers.has(caller) || isCredentialPlace(site)) edge.sameCaller++;
        if (read.exchange.caller.identity) edge.identities.add(read.exchange.caller.identity);
        if (edge.values.size < MAX_EDGE_VALUES) edge.values.set(digest, Math.max(weight, edge.values.get(digest) ?? 0));
      }
    }
  };

  const produce = (read: ExchangeRead, sent: ReadonlySet<string>): void => {
    const caller = callerKey(read.exchange.caller);
    for (const { site, value, via } of producedValues(read, operationOf)) {
      if (entropyBits(value) === 0 && !value.startsWith('link ')) continue;
      const digest = memory.digest(value);
      if (sent.has(digest)) continue;
      const from = siteKey(site);
      if (via !== 'value' && vias.size < maxValues) vias.set(`${from}\0${digest}`, via);
      memory.note(value, from, caller);
    }
  };

  return {
    add: (exchange, read = readExchange(exchange)) => {
      const sent = new Set<string>();
      consume(read, sent);
      produce(read, sent);
    },
    finish: () => ({
      edges: [...edges.values()]
        .map((edge) => showEdge(edge, consumed.get(edge.consumer)?.size ?? 1))
        .filter(({ weight }) => weight >= minWeight)
        .sort((a, b) => b.weight - a.weight || compareText(edgeKey(a), edgeKey(b))),
      forgotten: memory.forgotten(),
      dropped,
    }),
  };
}

function showEdge(edge: EdgeStat, consumedValuesCount: number): FlowEdge {
  const producer = siteOf(edge.producer);
  const consumer = siteOf(edge.consumer);
  const namesAgree = agree(producer.name, consumer);
  let chance = 1;
  for (const weight of edge.values.values()) chance *= 1 - Math.min(0.95, weight);
  const explained = Math.sqrt(Math.min(1, edge.values.size / consumedValuesCount));
  return {
    producer,
    consumer,
    via: edge.via,
    weight: Math.min(1, (1 - chance) * explained * (namesAgree ? 1.25 : 1)),
    values: edge.values.size,
    seen: edge.seen,
    sameCaller: edge.sameCaller,
    identities: [...edge.identities].sort(compareText),
    namesAgree,
    first: edge.first,
  };
}

/** `vehicleId` agrees with `vehicle_id` and `{vehicleId}`, `id` with `ids`. */
function agree(pointer: string, consumer: FlowSite): boolean {
  const last = (name: string): string =>
    (name.split(/[/.]/).findLast((step) => step !== '*' && step !== '') ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .replace(/s$/, '');
  const from = last(pointer);
  return from !== '' && from === last(consumer.name);
}

/** True for a credential: the caller that was issued one had no identity yet, and counts as the same caller. */
function isCredentialPlace({ place, name }: FlowSite): boolean {
  return place === 'cookie' || (place === 'header' && name === 'authorization');
}

function callerKey({ identity, fingerprint, auth }: Caller): string {
  return identity ?? fingerprint ?? auth;
}

function siteKey({ operation, origin, place, name }: FlowSite): string {
  return [operation, origin, place, name].join('\0');
}

function siteOf(key: string): FlowSite {
  const [operation = '', origin = '', place = '', name = ''] = key.split('\0');
  return { operation, origin, place: place as FlowSite['place'], name };
}

function edgeKey({ producer, consumer }: FlowEdge): string {
  return `${siteKey(producer)}\u0001${siteKey(consumer)}`;
}
