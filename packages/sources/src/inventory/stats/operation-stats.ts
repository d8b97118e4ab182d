import type { Provenance } from '@leakproof/core';
import { versionsOf } from '../paths/api-version.ts';
import { channelOf, isApiKeyHeader } from '../channel.ts';
import { addTallies, addTally, newTally, tally, type Tally } from './counted.ts';
import { addBody, addField, mergeFields, type FieldStats } from './field-stats.ts';
import { contentType } from '../read-body.ts';
import type { ExchangeRead } from '../read-exchange.ts';
import { shapeOfString } from './value-shape.ts';
import { isIdKey } from './visit-leaves.ts';

/** Statistics of the responses with one status. */
export interface ResponseStats {
  readonly total: Tally;
  /** Kinds of bodies: `json`, `text`, … */
  readonly kinds: Map<string, Tally>;
  readonly mediaTypes: Map<string, Tally>;
  /** See `ReadBody.fault`. */
  readonly bodyFaults: Map<string, Tally>;
  readonly fields: FieldStats;
}

/** Statistics of one operation. Adding two of them is commutative. */
export interface OperationStats {
  readonly total: Tally;
  readonly sources: Map<string, Tally>;
  readonly callers: Map<string, Tally>;
  /** Callers of requests that have a response. */
  readonly answered: Map<string, Tally>;
  /** Callers of requests that were answered 2xx. */
  readonly admitted: Map<string, Tally>;
  readonly schemes: Map<string, Tally>;
  readonly identities: Map<string, Tally>;
  readonly channels: Map<string, Tally>;
  readonly versions: Map<string, Tally>;
  readonly requestKinds: Map<string, Tally>;
  /** See `ReadBody.fault`. */
  readonly requestFaults: Map<string, Tally>;
  readonly query: FieldStats;
  readonly headers: FieldStats;
  readonly cookies: FieldStats;
  readonly body: FieldStats;
  /** GraphQL: arguments of the root field (`id`, `input/classId`) and of fields below it (`followers.first`). */
  readonly arguments: FieldStats;
  /** GraphQL: variables that feed those arguments. */
  readonly variables: FieldStats;
  /** GraphQL: fields requested, whether or not they were returned. */
  readonly selections: FieldStats;
  readonly responses: Map<string, ResponseStats>;
  /** Values skipped because of the limits for one body. */
  readonly passedOver: Tally;
}

export function newOperationStats(where: Provenance): OperationStats {
  return {
    total: newTally(where),
    sources: new Map(),
    callers: new Map(),
    answered: new Map(),
    admitted: new Map(),
    schemes: new Map(),
    identities: new Map(),
    channels: new Map(),
    versions: new Map(),
    requestKinds: new Map(),
    requestFaults: new Map(),
    query: new Map(),
    headers: new Map(),
    cookies: new Map(),
    body: new Map(),
    arguments: new Map(),
    variables: new Map(),
    selections: new Map(),
    responses: new Map(),
    passedOver: newTally(where),
  };
}

/** Adds a request without its body. */
export function addRequest(into: OperationStats, read: ExchangeRead): void {
  const { request, caller, provenance } = read.exchange;
  addTally(into.total, 1, provenance);
  tally(into.sources, `${provenance.reader} ${provenance.file ?? '-'}`, provenance);
  tally(into.callers, caller.auth, provenance);
  if (read.status > 0) tally(into.answered, caller.auth, provenance);
  if (read.status >= 200 && read.status < 300) tally(into.admitted, caller.auth, provenance);
  if (caller.scheme) tally(into.schemes, caller.scheme, provenance);
  if (caller.identity) tally(into.identities, caller.identity, provenance);
  tally(into.channels, channelOf(request.headers), provenance);
  const texts = read.segments.map(({ text }) => text);
  for (const version of versionsOf(request, texts, read.query))
    tally(into.versions, `${version.in} ${version.value}`, provenance);
  tally(into.requestKinds, read.request.kind, provenance);
  if (read.request.fault) tally(into.requestFaults, read.request.fault, provenance);
  for (const [name, value] of read.query) addField(into.query, nameOf(name), shapeOfString(value), provenance);
  for (const [name, value] of request.headers) {
    if (isApiKeyHeader(name)) tally(into.schemes, `apiKey:header:${name}`, provenance);
    if (name === 'cookie') addCookies(into.cookies, value, provenance);
    else if (!isOrdinaryHeader(name)) addField(into.headers, name, shapeOfString(value), provenance);
  }
}

/** Adds a request body's fields. */
export function addRequestBody(into: OperationStats, read: ExchangeRead): void {
  if (read.request.value === undefined) return;
  const { provenance } = read.exchange;
  addTally(into.passedOver, addBody(into.body, read.request.value, provenance), provenance);
}

/**
 * The statistics of responses with the status of `read`; `none` without a response. `note` is appended to the status, as in
 * `200 errors` for GraphQL.
 */
export function responseStats(into: OperationStats, read: ExchangeRead, note = ''): ResponseStats {
  const { provenance } = read.exchange;
  const status = (read.status === 0 ? 'none' : String(read.status)) + note;
  const response = into.responses.get(status) ?? newResponse(provenance);
  into.responses.set(status, response);
  addTally(response.total, 1, provenance);
  tally(response.kinds, read.response.kind, provenance);
  const type = contentType(read.exchange.response?.headers ?? []);
  if (/^[\w.+-]+\/[\w.+-]+$/.test(type)) tally(response.mediaTypes, type, provenance);
  if (read.response.fault) tally(response.bodyFaults, read.response.fault, provenance);
  return response;
}

/** Adds a response with its body. */
export function addResponse(into: OperationStats, read: ExchangeRead): void {
  const response = responseStats(into, read);
  if (read.response.value === undefined) return;
  const { provenance } = read.exchange;
  addTally(into.passedOver, addBody(response.fields, read.response.value, provenance), provenance);
}

export function mergeStats(into: OperationStats, from: OperationStats): void {
  addTally(into.total, from.total.seen, from.total.first);
  addTally(into.passedOver, from.passedOver.seen, from.passedOver.first);
  for (const key of TALLIES) addTallies(into[key], from[key]);
  for (const key of FIELDS) mergeFields(into[key], from[key]);
  for (const [status, response] of from.responses) {
    const target = into.responses.get(status) ?? newResponse(response.total.first);
    into.responses.set(status, target);
    addTally(target.total, response.total.seen, response.total.first);
    addTallies(target.kinds, response.kinds);
    addTallies(target.mediaTypes, response.mediaTypes);
    addTallies(target.bodyFaults, response.bodyFaults);
    mergeFields(target.fields, response.fields);
  }
}

const TALLIES = [
  'sources',
  'callers',
  'answered',
  'admitted',
  'schemes',
  'identities',
  'channels',
  'versions',
  'requestKinds',
  'requestFaults',
] as const;
const FIELDS = ['query', 'headers', 'cookies', 'body', 'arguments', 'variables', 'selections'] as const;

function newResponse(where: Provenance): ResponseStats {
  return { total: newTally(where), kinds: new Map(), mediaTypes: new Map(), bodyFaults: new Map(), fields: new Map() };
}

function addCookies(into: FieldStats, value: string, where: Provenance): void {
  for (const pair of value.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0) addField(into, nameOf(pair.slice(0, at).trim()), shapeOfString(pair.slice(at + 1).trim()), where);
  }
}

function nameOf(name: string): string {
  return isIdKey(name) ? '*' : name;
}

/** True for headers of the protocol and of browsers, which are not parameters of an operation. */
export function isOrdinaryHeader(name: string): boolean {
  return (
    name.startsWith(':') ||
    /^(?:sec-|accept|content-|if-|proxy-|x-forwarded|x-real-ip|cf-|access-control-)/.test(name) ||
    ORDINARY.has(name)
  );
}

const ORDINARY: ReadonlySet<string> = new Set(
  `authorization host user-agent connection cookie referer origin cache-control pragma dnt te upgrade upgrade-insecure-requests keep-alive
  transfer-encoding expect date via forwarded range priority x-requested-with traceparent tracestate baggage x-request-id
  x-correlation-id x-amzn-trace-id save-data purpose`.split(/\s+/),
);
