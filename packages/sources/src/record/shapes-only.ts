import { randomBytes } from 'node:crypto';
import type { Exchange, Headers } from '@leakproof/core';
import { buildInventory } from '../inventory/build-inventory.ts';
import { channelOf } from '../inventory/channel.ts';
import { graphqlCalls } from '../inventory/graphql/graphql-calls.ts';
import { contentType } from '../inventory/read-body.ts';
import { readExchange, type ExchangeRead } from '../inventory/read-exchange.ts';
import { isVersionSegment, splitPath } from '../inventory/paths/segment-shape.ts';
import { isIdKey, visitLeaves } from '../inventory/stats/visit-leaves.ts';
import { callerOf, createFingerprint } from '../reading/caller.ts';
import { pseudonyms, type Pseudonyms } from './pseudonym.ts';
import { withoutLiterals } from './graphql-without-literals.ts';

/** Literal path segments of the API by their pseudonyms. */
export type LiteralWords = Readonly<Record<string, string>>;

/** Replaces every value in exchanges before they are written. The key of its pseudonyms is never exported. */
export interface ShapesOnly {
  shape(exchange: Exchange): Exchange;
  /**
   * Path segments that may be disclosed: literal by the evidence of all traffic, with a response other than not found, and never a
   * value in a body or query.
   */
  words(): LiteralWords;
}

export function createShapesOnly(): ShapesOnly {
  const pseudonym = pseudonyms(randomBytes(32));
  const fingerprint = createFingerprint(randomBytes(32));
  const inventory = buildInventory();
  const values = new Set<string>();
  return {
    shape: (exchange) => {
      const read = readExchange(exchange);
      inventory.add(exchange, read);
      addValues(read, pseudonym, values);
      const without = exchange.caller.auth === 'anonymous' ? 'anonymous' : 'unknown';
      const caller = callerOf({ ...exchange.request, without }, fingerprint);
      return shapeExchange(read, pseudonym, caller);
    },
    words: () => {
      const literal = inventory
        .finish()
        .operations.flatMap(({ path, confirmed }) => (confirmed ? splitPath(path) : []));
      const words = [...new Set(literal.filter((segment) => segment !== '' && !segment.includes('{')))].map(
        decodeURIComponent,
      );
      const shown = words.sort().map((word) => [pseudonym.string(word), word] as const);
      return values.size >= MAX_VALUES ? {} : Object.fromEntries(shown.filter(([name]) => !values.has(name)));
    },
  };
}

/** Replaces pseudonyms in the path by the literal segments in `words`. */
export function restoreWords(exchange: Exchange, words: LiteralWords): Exchange {
  const [path = '', ...query] = exchange.request.target.split('?');
  const named = path
    .split('/')
    .map((segment) => (Object.hasOwn(words, segment) ? encodeURIComponent(words[segment] ?? '') : segment));
  return { ...exchange, request: { ...exchange.request, target: [named.join('/'), ...query].join('?') } };
}

/** With more values no word is disclosed, since not all can be compared. */
const MAX_VALUES = 2_000_000;

function addValues(read: ExchangeRead, names: Pseudonyms, into: Set<string>): void {
  const add = (value: unknown): void => {
    if (typeof value === 'string' && value.length <= 100 && into.size < MAX_VALUES) into.add(names.string(value));
  };
  for (const body of [read.response, read.request])
    if (body.value !== undefined) visitLeaves(body.value, ({ value }) => add(value));
  for (const [, value] of read.query) add(value);
}

function shapeExchange(read: ExchangeRead, names: Pseudonyms, caller: Exchange['caller']): Exchange {
  const { request, response, time } = read.exchange;
  const calls = graphqlCalls(read);
  const body =
    read.request.value === undefined
      ? undefined
      : bytesOf(calls ? shapeGraphqlBody(read.request.value, names) : shapeBody(read.request.value, names));
  return {
    request: {
      method: request.method,
      scheme: request.scheme,
      authority: request.authority,
      target: shapeTarget(read, names, calls !== undefined),
      headers: shapeHeaders(request.headers, names),
      ...(body === undefined ? {} : { body }),
    },
    ...(response && {
      response: {
        status: response.status,
        headers: shapeHeaders(response.headers, names),
        ...(read.response.value === undefined ? {} : { body: bytesOf(shapeBody(read.response.value, names)) }),
      },
    }),
    caller,
    ...(time === undefined ? {} : { time: Math.floor(time / 3_600_000) * 3_600_000 }),
    provenance: { reader: 'recording' },
  };
}

function shapeTarget(read: ExchangeRead, names: Pseudonyms, isGraphql: boolean): string {
  const path = read.segments.map(({ text }, index) => {
    if (isVersionSegment(text, index) || text === '') return text;
    return encodeURIComponent(names.string(text));
  });
  const query = read.query.map(([name, value]) => {
    const shown = isGraphql && name === 'query' ? withoutLiterals(value, names) : isGraphql ? '' : names.string(value);
    return `${encodeURIComponent(isIdKey(name) ? names.string(name) : name)}=${encodeURIComponent(shown)}`;
  });
  return `/${path.join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

const UNCHANGED_HEADERS = /^(?:content-type|accept|platform|x-platform|(?:x-)?(?:[a-z]+-)?version)$/;
const OMITTED_HEADERS =
  /^(?:authorization|proxy-|cookie$|set-cookie|host$|referer|origin$|date$|etag|if-|x-forwarded|forwarded|via$|content-|sec-|accept-|cf-|x-request-id|traceparent|server)/;

function shapeHeaders(headers: Headers, names: Pseudonyms): Headers {
  return headers.flatMap(([name, value]): Headers => {
    if (name === 'content-type') return [[name, contentType([[name, value]])]];
    if (UNCHANGED_HEADERS.test(name)) return value.length <= 60 ? [[name, value]] : [];
    if (name === 'user-agent') return [[name, AGENTS[channelOf([[name, value]])]]];
    return OMITTED_HEADERS.test(name) || isIdKey(name) ? [] : [[name, names.string(value)]];
  });
}

const AGENTS = { web: 'Mozilla/5.0', mobile: 'okhttp', device: 'roku', script: 'curl', unknown: '' } as const;

function shapeBody(value: unknown, names: Pseudonyms, depth = 0): unknown {
  if (value === null || depth > MAX_DEPTH) return null;
  if (typeof value === 'string') return names.string(value);
  if (typeof value === 'number' || typeof value === 'bigint') return names.number(value);
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return value.map((element) => shapeBody(element, names, depth + 1));
  if (typeof value !== 'object') return null;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [shapeKey(key, names), shapeBody(below, names, depth + 1)]),
  );
}

/** As `shapeBody`, for a GraphQL request or a batch of them: documents keep their fields, operations their names. */
function shapeGraphqlBody(value: unknown, names: Pseudonyms): unknown {
  if (Array.isArray(value)) return value.map((request) => shapeGraphqlRequest(request, names, 1));
  return shapeGraphqlRequest(value, names, 0);
}

function shapeGraphqlRequest(value: unknown, names: Pseudonyms, depth: number): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return shapeBody(value, names, depth);
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => {
      if (key === 'query' && typeof below === 'string') return [key, withoutLiterals(below, names)];
      if (key === 'operationName' && typeof below === 'string') return [key, below];
      return [shapeKey(key, names), shapeBody(below, names, depth + 1)];
    }),
  );
}

function shapeKey(key: string, names: Pseudonyms): string {
  return isIdKey(key) ? names.string(key) : key;
}

const MAX_DEPTH = 60;

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
