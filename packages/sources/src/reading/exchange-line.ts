import type { Caller, Exchange, Headers, WireRequest, WireResponse } from '@leakproof/core';
import { isCredentialHeader } from './caller.ts';
import { isObject, type JsonObject } from './json/json-shape.ts';
import { normalMethod } from './request-url.ts';
import { fromBase64, fromText } from './bytes/text-body.ts';

/** The version in every line. */
export const EXCHANGE_LINE_VERSION = 1;

export interface WriteExchangeOptions {
  /**
   * Writes credential headers with their values: only for an encrypted store that expires. Default: with empty values; the fingerprint
   * of the caller is written in any case.
   */
  readonly keepCredentials?: boolean | undefined;
}

/**
 * An exchange as one line of `exchanges.ndjson`, with its line end. It contains bodies and so personal data: its store needs the same
 * protection as the API.
 */
export function writeExchange(exchange: Exchange, { keepCredentials = false }: WriteExchangeOptions = {}): string {
  const { request, response, caller, time, provenance } = exchange;
  const headers = (all: Headers): Headers =>
    keepCredentials ? all : all.map(([name, value]) => [name, isCredentialHeader(name) ? '' : value]);
  return `${JSON.stringify({
    exchange: EXCHANGE_LINE_VERSION,
    request: { ...request, headers: headers(request.headers), body: writeBody(request.body) },
    response: response && {
      status: response.status,
      headers: headers(response.headers),
      body: writeBody(response.body),
    },
    caller,
    time,
    provenance,
  })}\n`;
}

function writeBody(body: Uint8Array | undefined): { text: string } | { base64: string } | undefined {
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

/** The exchange in the JSON of a line, or the reason why it is none. */
export function parseExchange(value: unknown): Exchange | 'version-unsupported' | 'not-an-object' | 'body-undecodable' {
  if (!isObject(value)) return 'not-an-object';
  if (value.exchange !== EXCHANGE_LINE_VERSION)
    return value.exchange === undefined ? 'not-an-object' : 'version-unsupported';
  const request = parseRequest(value.request);
  const response = value.response === undefined ? undefined : parseResponse(value.response);
  if (request === 'body-undecodable' || response === 'body-undecodable') return 'body-undecodable';
  const caller = parseCaller(value.caller);
  if (request === undefined || caller === undefined || (value.response !== undefined && response === undefined))
    return 'not-an-object';
  const { provenance, time } = value;
  return {
    request,
    ...(response === undefined ? {} : { response }),
    caller,
    ...(typeof time === 'number' ? { time } : {}),
    provenance: isObject(provenance)
      ? { reader: textOr(provenance.reader, 'exchanges'), ...textAt(provenance, 'file'), ...textAt(provenance, 'at') }
      : { reader: 'exchanges' },
  };
}

function textOr(value: unknown, other: string): string {
  return typeof value === 'string' ? value : other;
}

function textAt<Key extends string>(object: JsonObject, key: Key): { [K in Key]?: string } {
  const value = object[key];
  return typeof value === 'string' ? ({ [key]: value } as { [K in Key]: string }) : {};
}

function parseRequest(value: unknown): WireRequest | undefined | 'body-undecodable' {
  if (!isObject(value)) return undefined;
  const { scheme, authority, target } = value;
  const method = normalMethod(value.method);
  const headers = parseHeaders(value.headers);
  const body = parseBody(value.body);
  if (body === null) return 'body-undecodable';
  if (method === undefined || headers === undefined || (scheme !== 'http' && scheme !== 'https')) return undefined;
  if (typeof authority !== 'string' || typeof target !== 'string') return undefined;
  return { method, scheme, authority, target, headers, ...(body === undefined ? {} : { body }) };
}

function parseResponse(value: unknown): WireResponse | undefined | 'body-undecodable' {
  if (!isObject(value)) return undefined;
  const headers = parseHeaders(value.headers);
  const body = parseBody(value.body);
  if (body === null) return 'body-undecodable';
  if (typeof value.status !== 'number' || headers === undefined) return undefined;
  return { status: value.status, headers, ...(body === undefined ? {} : { body }) };
}

function parseHeaders(value: unknown): Headers | undefined {
  if (!Array.isArray(value)) return undefined;
  const headers: [string, string][] = [];
  for (const pair of value as unknown[]) {
    if (!Array.isArray(pair)) return undefined;
    const [name, text] = pair as unknown[];
    if (typeof name !== 'string' || typeof text !== 'string') return undefined;
    headers.push([name, text]);
  }
  return headers;
}

/** Undefined without a body, null for an invalid one. */
function parseBody(value: unknown): Uint8Array | undefined | null {
  if (value === undefined) return undefined;
  if (!isObject(value)) return null;
  if (typeof value.text === 'string') return fromText(value.text) ?? null;
  return typeof value.base64 === 'string' ? (fromBase64(value.base64) ?? null) : null;
}

function parseCaller(value: unknown): Caller | undefined {
  if (!isObject(value)) return undefined;
  const { auth } = value;
  if (auth !== 'anonymous' && auth !== 'credential' && auth !== 'unknown') return undefined;
  return { auth, ...textAt(value, 'scheme'), ...textAt(value, 'fingerprint'), ...textAt(value, 'identity') };
}
