import type { Exchange, WireResponse } from '@leakproof/core';
import { fromText } from '../../reading/bytes/text-body.ts';
import type { ExchangeCollector } from '../../reading/exchange-collector.ts';
import { composeExchange } from '../../reading/exchange-parts.ts';
import { isObject, listOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { PathVariables } from '../../reading/reader.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import type { Rejects } from '../../reading/rejects.ts';
import { authParts, nearestAuth } from './auth.ts';
import { bodyOf, headersOf, pathVariablesOf, urlOf } from './request-parts.ts';
import type { Variables } from './variables.ts';

export interface CollectionContext {
  readonly collector: ExchangeCollector;
  readonly variables: Variables;
}

/** A collection, folder or item, with its JSON pointer. */
interface Located {
  readonly holder: JsonObject;
  readonly at: string;
}

interface ItemRead {
  readonly exchange: Exchange | RejectCode;
  readonly at: string;
  readonly pathVariables?: PathVariables | undefined;
}

/** Levels of folders. */
const MAX_DEPTH = 64;

/** What an item inherits from its folders and the collection. */
interface Inherited {
  readonly auths: readonly unknown[];
  /** A script runs before the request and may sign or change it. */
  readonly scripted: boolean;
  readonly depth: number;
}

/** The requests in a collection or folder, each with its saved examples. */
export function* readItems(
  { holder, at }: Located,
  context: CollectionContext,
  inherited?: Inherited,
): Generator<ItemRead> {
  const inside: Inherited = {
    auths: [...(inherited?.auths ?? []), holder.auth],
    scripted: (inherited?.scripted ?? false) || hasScript(holder, 'prerequest'),
    depth: (inherited?.depth ?? 0) + 1,
  };
  countScripts(holder, at, context.collector.rejects);
  for (const [index, item] of listOf(holder.item).entries()) {
    const itemAt = `${at}/item/${index}`;
    if (!isObject(item)) yield { exchange: 'not-an-object', at: itemAt };
    else if (!Array.isArray(item.item)) yield* readItem({ holder: item, at: itemAt }, context, inside);
    else if (inside.depth < MAX_DEPTH) yield* readItems({ holder: item, at: itemAt }, context, inside);
    else yield { exchange: 'too-large', at: itemAt };
  }
}

function* readItem({ holder: item, at }: Located, context: CollectionContext, around: Inherited): Generator<ItemRead> {
  const { rejects } = context.collector;
  countScripts(item, at, rejects);
  const inherited = { ...around, scripted: around.scripted || hasScript(item, 'prerequest') };
  yield { ...readRequest({ request: item.request, at }, context, inherited), at };
  for (const [index, example] of listOf(item.response).entries()) {
    const exampleAt = `${at}/response/${index}`;
    const response = isObject(example) ? readExample(example, exampleAt, rejects) : undefined;
    if (!isObject(example) || response === undefined) {
      rejects.part('response-unreadable', exampleAt);
      continue;
    }
    const request = example.originalRequest ?? item.request;
    const read = readRequest({ request, response, at: exampleAt }, context, inherited);
    if (typeof read.exchange === 'string') rejects.part('response-unreadable', exampleAt);
    else yield { ...read, at: exampleAt };
  }
}

interface SavedRequest {
  readonly request: unknown;
  readonly response?: WireResponse;
  readonly at: string;
}

function readRequest(
  saved: SavedRequest,
  { collector: { source, rejects }, variables }: CollectionContext,
  { auths, scripted }: Inherited,
): Omit<ItemRead, 'at'> {
  const { response, at } = saved;
  const request: unknown = typeof saved.request === 'string' ? { method: 'GET', url: saved.request } : saved.request;
  if (!isObject(request)) return { exchange: 'request-missing' };
  const auth = authParts(nearestAuth([...auths, request.auth]), variables.fill);
  const url = urlOf(request.url, variables.fill);
  const written = headersOf(request.header, variables.fill, (count) => rejects.part('header-invalid', at, count));
  const headers = [...written, ...auth.headers.filter(([name]) => !written.some((header) => header[0] === name))];
  const body = bodyOf(request.body, variables.fill);
  if (body.absent === true) rejects.part('body-absent', at);
  if (body.type !== undefined && !headers.some(([name]) => name === 'content-type'))
    headers.push(['content-type', body.type]);
  if (auth.unsupported) rejects.part('auth-unsupported', at);
  const unset = variables.takeUnset();
  if (unset > 0) rejects.part('variable-unset', at, unset);
  if (url === undefined) return { exchange: 'url-invalid' };
  const exchange = composeExchange(
    {
      method: request.method ?? 'GET',
      url: withQuery(withScheme(url.url), auth.query),
      headers,
      body: body.bytes,
      response,
      at,
    },
    { ...source, without: auth.unsupported || scripted ? 'unknown' : 'anonymous' },
  );
  return { exchange, pathVariables: pathVariablesOf(withScheme(url.template)) };
}

/** Postman sends `host/path` by http. If the base URL is a variable without a value, the host is unknown. */
function withScheme(url: string): string {
  const unset = /^(?:https?:\/\/)?[^/?#{]*\{\{[^{}]*\}\}[^/?#]*/i.exec(url)?.[0];
  if (unset !== undefined) return `/${url.slice(unset.length).replace(/^\//, '')}`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return url;
  return `http://${url}`;
}

function withQuery(url: string, query: readonly (readonly [string, string])[]): string {
  if (query.length === 0) return url;
  const text = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const [before = ''] = url.split('#', 1);
  return `${before}${before.includes('?') ? '&' : '?'}${text}`;
}

function readExample(example: JsonObject, at: string, rejects: Rejects): WireResponse | undefined {
  const status = Number(example.code);
  if (!Number.isInteger(status) || status < 100 || status > 999) return undefined;
  const headers = headersOf(
    example.header,
    (text) => text,
    (count) => rejects.part('header-invalid', at, count),
  );
  const body = typeof example.body === 'string' && example.body !== '' ? fromText(example.body) : undefined;
  return { status, headers, ...(body === undefined ? {} : { body }) };
}

function hasScript(holder: JsonObject, listen: string): boolean {
  return listOf(holder.event).some((event) => isObject(event) && event.listen === listen && scriptLines(event) > 0);
}

function scriptLines(event: JsonObject): number {
  const exec = isObject(event.script) ? event.script.exec : undefined;
  const lines = typeof exec === 'string' ? [exec] : listOf(exec);
  return lines.filter((line) => typeof line === 'string' && line.trim() !== '').length;
}

function countScripts(holder: JsonObject, at: string, rejects: Rejects): void {
  const count = listOf(holder.event).filter((event) => isObject(event) && scriptLines(event) > 0).length;
  if (count > 0) rejects.part('script-ignored', at, count);
}
