import { randomBytes } from 'node:crypto';
import type { Exchange, Headers } from '@leakproof/core';
import { buildInventory } from '../inventory/build-inventory.ts';
import { channelOf } from '../inventory/channel.ts';
import { isParameter } from '../inventory/paths/declared-paths.ts';
import { graphqlCalls } from '../inventory/graphql/graphql-calls.ts';
import { contentType } from '../inventory/read-body.ts';
import { readExchange, type ExchangeRead } from '../inventory/read-exchange.ts';
import { isVersionSegment, splitPath } from '../inventory/paths/segment-shape.ts';
import { isIdKey, visitLeaves } from '../inventory/stats/visit-leaves.ts';
import { callerOf, createFingerprint } from '../reading/caller.ts';
import { pseudonyms, type Pseudonyms } from './pseudonym.ts';
import { withoutLiterals } from './graphql-without-literals.ts';

/** Pseudonyms of path words that turned out to be words of the API, with those words. */
export type Words = Readonly<Record<string, string>>;

/** Takes every value out of exchanges before they are written. The key of its pseudonyms never leaves it. */
export interface Shaper {
  shape(exchange: Exchange): Exchange;
  /**
   * Words of paths that may be shown: those that the whole traffic shows to be literal, that were answered other than "there is
   * no such thing", and that were never a value of any body or query.
   */
  words(): Words;
}

export function createShaper(): Shaper {
  const names = pseudonyms(randomBytes(32));
  const fingerprint = createFingerprint(randomBytes(32));
  const inventory = buildInventory();
  const values = new Set<string>();
  return {
    shape: (exchange) => {
      const read = readExchange(exchange);
      inventory.add(exchange, read);
      noteValues(read, names, values);
      const without = exchange.caller.auth === 'anonymous' ? 'anonymous' : 'unknown';
      return shapeExchange(exchange, read, names, callerOf({ ...exchange.request, without }, fingerprint));
    },
    words: () => {
      const literal = inventory
        .finish()
        .operations.flatMap(({ path, confirmed }) => (confirmed ? splitPath(path) : []));
      const words = [...new Set(literal.filter((segment) => segment !== '' && !isParameter(segment)))].map(
        decodeURIComponent,
      );
      const shown = words.sort().map((word) => [names.string(word), word] as const);
      return values.size >= MAX_VALUES ? {} : Object.fromEntries(shown.filter(([pseudonym]) => !values.has(pseudonym)));
    },
  };
}

/** Puts the known words of paths back. */
export function nameWords(exchange: Exchange, words: Words): Exchange {
  const [path = '', ...query] = exchange.request.target.split('?');
  const named = path
    .split('/')
    .map((segment) => (Object.hasOwn(words, segment) ? encodeURIComponent(words[segment] ?? '') : segment));
  return { ...exchange, request: { ...exchange.request, target: [named.join('/'), ...query].join('?') } };
}

/** Beyond so many values no word is shown, since not all could be checked. */
const MAX_VALUES = 2_000_000;

function noteValues(read: ExchangeRead, names: Pseudonyms, into: Set<string>): void {
  const note = (value: unknown): void => {
    if (typeof value === 'string' && value.length <= 100 && into.size < MAX_VALUES) into.add(names.string(value));
  };
  for (const body of [read.response, read.request])
    if (body.value !== undefined) visitLeaves(body.value, ({ value }) => note(value));
  for (const [, value] of read.query) note(value);
}

function shapeExchange(
  exchange: Exchange,
  read: ExchangeRead,
  names: Pseudonyms,
  caller: Exchange['caller'],
): Exchange {
  const { request, response, time } = exchange;
  const calls = graphqlCalls(read);
  const body =
    read.request.value === undefined ? undefined : bytesOf(shapeBody(read.request.value, names, calls !== undefined));
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
        ...(read.response.value === undefined ? {} : { body: bytesOf(shapeBody(read.response.value, names, false)) }),
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

const KEPT_AS_IT_IS = /^(?:content-type|accept|platform|x-platform|(?:x-)?(?:[a-z]+-)?version)$/;
const DROPPED =
  /^(?:authorization|proxy-|cookie$|set-cookie|host$|referer|origin$|date$|etag|if-|x-forwarded|forwarded|via$|content-|sec-|accept-|cf-|x-request-id|traceparent|server)/;

function shapeHeaders(headers: Headers, names: Pseudonyms): Headers {
  return headers.flatMap(([name, value]): Headers => {
    if (name === 'content-type') return [[name, contentType([[name, value]])]];
    if (KEPT_AS_IT_IS.test(name)) return value.length <= 60 ? [[name, value]] : [];
    if (name === 'user-agent') return [[name, AGENTS[channelOf([[name, value]])]]];
    return DROPPED.test(name) || isIdKey(name) ? [] : [[name, names.string(value)]];
  });
}

const AGENTS = { web: 'Mozilla/5.0', mobile: 'okhttp', device: 'roku', script: 'curl', unknown: '' } as const;

function shapeBody(value: unknown, names: Pseudonyms, isGraphql: boolean, depth = 0): unknown {
  if (value === null || depth > 60) return null;
  if (typeof value === 'string') return names.string(value);
  if (typeof value === 'number' || typeof value === 'bigint') return names.number(value);
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return value.map((element) => shapeBody(element, names, isGraphql, depth + 1));
  if (typeof value !== 'object') return null;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => {
      if (isGraphql && depth <= 1 && key === 'query' && typeof below === 'string')
        return [key, withoutLiterals(below, names)];
      if (isGraphql && depth <= 1 && key === 'operationName' && typeof below === 'string') return [key, below];
      return [isIdKey(key) ? names.string(key) : key, shapeBody(below, names, false, depth + 1)];
    }),
  );
}

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
