import { graphqlCalls, type GraphqlCall } from '../inventory/graphql/graphql-calls.ts';
import { rootsOf } from '../inventory/graphql/graphql-stats.ts';
import type { OperationMatcher } from '../inventory/paths/operation-matcher.ts';
import type { ExchangeRead } from '../inventory/read-exchange.ts';
import { argumentLeaves, visitSelected } from '../inventory/graphql/selected-leaves.ts';
import { decodeGlobalId } from '../inventory/stats/value-shape.ts';
import { visitLeaves } from '../inventory/stats/visit-leaves.ts';

/** Where a value can be in an exchange. `target`: the whole request target, as in a link. */
export type FlowPlace =
  | 'response'
  | 'location'
  | 'path'
  | 'query'
  | 'header'
  | 'cookie'
  | 'body'
  | 'argument'
  | 'target';

/** One place in one operation at one origin. `name`: a pointer in a body, or the name of a parameter or header. */
export interface FlowSite {
  readonly operation: string;
  readonly origin: string;
  readonly place: FlowPlace;
  readonly name: string;
}

/** How the producer's value contains the consumer's: as it is, as part of a link, or inside a Relay id. */
export type FlowVia = 'value' | 'link' | 'global-id';

/** A value at a site. Contains the value itself: compute its digest at once. */
export interface FlowValue {
  readonly site: FlowSite;
  readonly value: string;
  readonly via: FlowVia;
}

/** Values in a request: path, query, headers, cookies, body, GraphQL arguments, and the whole target. */
export function* consumedValues(read: ExchangeRead, operationOf: OperationMatcher): Generator<FlowValue> {
  const matched = operationOf(read);
  const { origin } = matched;
  const calls = graphqlCalls(read);
  if (calls) {
    for (const call of calls) yield* argumentsOf(call, origin);
  } else {
    const at = (place: FlowPlace, name: string): FlowSite => ({ operation: matched.name, origin, place, name });
    for (const [name, value] of matched.path) yield* valueForms(at('path', name), value);
    for (const [name, value] of read.query) yield* valueForms(at('query', name), value);
    if (read.request.value !== undefined) yield* leaves(read.request.value, (pointer) => at('body', pointer));
    yield { site: at('target', ''), value: linkKey(origin, read.exchange.request.target), via: 'link' };
    yield* headersOf(read, at);
  }
}

/** Values in a response: scalars of its body, Location and Link headers, and links in the body. */
export function* producedValues(read: ExchangeRead, operationOf: OperationMatcher): Generator<FlowValue> {
  const matched = operationOf(read);
  const { origin } = matched;
  const base = `${origin}${read.exchange.request.target}`;
  const calls = graphqlCalls(read);
  if (calls) {
    for (const call of calls) yield* resultsOf(call, origin, base);
    return;
  }
  const at = (place: FlowPlace, name: string): FlowSite => ({ operation: matched.name, origin, place, name });
  for (const [name, value] of read.exchange.response?.headers ?? []) {
    if (name === 'location' || name === 'content-location') yield* linkOf(at('location', name), value, base);
    if (name === 'link')
      for (const [, href] of value.matchAll(/<([^>]*)>/g)) yield* linkOf(at('location', name), href ?? '', base);
    if (name === 'set-cookie') yield* valueForms(at('response', name), /^[^=]*=([^;]*)/.exec(value)?.[1] ?? '');
  }
  if (read.response.value === undefined) return;
  yield* leaves(read.response.value, (pointer) => at('response', pointer), base);
}

function* argumentsOf(call: GraphqlCall, origin: string): Generator<FlowValue> {
  for (const [, selected] of rootsOf(call)) {
    const operation = coordinate(call, selected.field);
    for (const { name, value } of argumentLeaves(selected)) {
      yield* scalarForms({ operation, origin, place: 'argument', name }, value);
    }
  }
}

function resultsOf(call: GraphqlCall, origin: string, base: string): readonly FlowValue[] {
  const found: FlowValue[] = [];
  for (const [key, selected] of rootsOf(call)) {
    const operation = coordinate(call, selected.field);
    visitSelected(call.data[key], selected, ({ pointer, value, isContainer }) => {
      if (!isContainer)
        found.push(...scalarForms({ operation, origin, place: 'response', name: pointer }, value, base));
    });
  }
  return found;
}

function coordinate({ operationType }: GraphqlCall, field: string): string {
  return `${operationType === 'query' ? 'Query' : operationType === 'mutation' ? 'Mutation' : 'Subscription'}.${field}`;
}

function leaves(body: unknown, at: (pointer: string) => FlowSite, base?: string): readonly FlowValue[] {
  const found: FlowValue[] = [];
  visitLeaves(body, ({ pointer, value, isContainer }) => {
    if (!isContainer) found.push(...scalarForms(at(pointer), value, base));
  });
  return found;
}

function* scalarForms(site: FlowSite, value: unknown, base?: string): Generator<FlowValue> {
  if (typeof value === 'number' || typeof value === 'bigint') yield* valueForms(site, String(value));
  if (typeof value !== 'string') return;
  yield* valueForms(site, value);
  if (base !== undefined && /^(?:https?:\/\/|\/)[^\s]{2,2000}$/.test(value)) yield* linkOf(site, value, base);
}

/** The value itself, and the id inside a Relay id. */
function* valueForms(site: FlowSite, value: string): Generator<FlowValue> {
  yield { site, value, via: 'value' };
  const decoded = decodeGlobalId(value);
  if (decoded) yield { site, value: decoded.id, via: 'global-id' };
}

function* linkOf(site: FlowSite, href: string, base: string): Generator<FlowValue> {
  const url = URL.parse(href, base);
  if (!url || !/^https?:$/.test(url.protocol)) return;
  yield { site, value: linkKey(url.origin, url.pathname + url.search), via: 'link' };
  for (const segment of url.pathname.split('/')) {
    if (segment.length > 1) yield { site, value: decode(segment), via: 'link' };
  }
  for (const [, value] of url.searchParams) yield { site, value, via: 'link' };
}

function* headersOf(read: ExchangeRead, at: (place: FlowPlace, name: string) => FlowSite): Generator<FlowValue> {
  for (const [name, value] of read.exchange.request.headers) {
    if (name === 'cookie') {
      for (const pair of value.split(';')) {
        const equals = pair.indexOf('=');
        if (equals > 0)
          yield {
            site: at('cookie', pair.slice(0, equals).trim()),
            value: pair.slice(equals + 1).trim(),
            via: 'value',
          };
      }
    } else if (name === 'authorization' || name.startsWith('x-')) {
      yield { site: at('header', name), value: value.replace(/^[A-Za-z]+ +/, ''), via: 'value' };
    }
  }
}

function linkKey(origin: string, target: string): string {
  return `link ${origin.replace(/^https?:\/\//, '')}${target}`;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
