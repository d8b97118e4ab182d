import type { Exchange, WireResponse } from '@leakproof/core';
import { composeExchange, type SourceFacts } from '../../reading/exchange-parts.ts';
import { isObject, listOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { Reading } from '../../reading/reader.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import type { Rejects } from '../../reading/rejects.ts';
import { fromText } from '../../reading/bytes/text-body.ts';
import { authParts, nearestAuth } from './auth.ts';
import { bodyOf, headersOf, urlOf } from './request-parts.ts';
import type { Variables } from './variables.ts';

export interface CollectionReading {
  readonly facts: SourceFacts;
  readonly variables: Variables;
  readonly rejects: Rejects;
}

/** Folders inside folders at most. */
const MAX_DEPTH = 64;

/** What an item inherits from the folders around it and from the collection. */
interface Around {
  readonly auths: readonly unknown[];
  /** A script runs before the request: it may sign it or change it. */
  readonly scripted: boolean;
  readonly depth: number;
}

/** The requests below a collection or folder, each with its saved examples. */
export function* readItems(
  holder: JsonObject,
  at: string,
  reading: CollectionReading,
  around?: Around,
): Generator<Reading> {
  const { rejects } = reading;
  const inside: Around = {
    auths: [...(around?.auths ?? []), holder.auth],
    scripted: (around?.scripted ?? false) || hasScript(holder, 'prerequest'),
    depth: (around?.depth ?? 0) + 1,
  };
  countScripts(holder, at, rejects);
  for (const [index, item] of listOf(holder.item).entries()) {
    const place = `${at}/item/${index}`;
    if (!isObject(item)) yield rejects.one('not-an-object', place);
    else if (Array.isArray(item.item)) {
      if (inside.depth < MAX_DEPTH) yield* readItems(item, place, reading, inside);
      else yield rejects.one('too-large', place);
    } else yield* readItem(item, place, reading, inside);
  }
}

function* readItem(item: JsonObject, at: string, reading: CollectionReading, around: Around): Generator<Reading> {
  const { rejects } = reading;
  countScripts(item, at, rejects);
  const scripted = around.scripted || hasScript(item, 'prerequest');
  const own = readRequest(item.request, undefined, at, { ...reading, auths: around.auths, scripted });
  yield typeof own === 'string' ? rejects.one(own, at) : { kind: 'exchange', exchange: own };
  for (const [index, example] of listOf(item.response).entries()) {
    const place = `${at}/response/${index}`;
    const response = isObject(example) ? readExample(example, place, rejects) : undefined;
    if (!isObject(example) || response === undefined) {
      rejects.part('response-unreadable', place);
      continue;
    }
    const request = example.originalRequest ?? item.request;
    const exchange = readRequest(request, response, place, { ...reading, auths: around.auths, scripted });
    if (typeof exchange === 'string') rejects.part('response-unreadable', place);
    else yield { kind: 'exchange', exchange };
  }
}

interface RequestReading extends CollectionReading {
  readonly auths: readonly unknown[];
  readonly scripted: boolean;
}

function readRequest(
  given: unknown,
  response: WireResponse | undefined,
  at: string,
  { facts, variables, rejects, auths, scripted }: RequestReading,
): Exchange | RejectCode {
  const request: unknown = typeof given === 'string' ? { method: 'GET', url: given } : given;
  if (!isObject(request)) return 'request-missing';
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
  if (url === undefined) return 'url-invalid';
  return composeExchange(
    {
      method: request.method ?? 'GET',
      url: withQuery(withScheme(url), auth.query),
      headers,
      body: body.bytes,
      response,
      at,
    },
    { ...facts, without: auth.unsupported || scripted ? 'unknown' : 'anonymous' },
  );
}

/** Postman sends `host/path` to http; a base URL that is a variable without a value leaves the host unknown. */
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
