import type { Exchange, Headers, WireResponse } from '@leakproof/core';
import { composeExchange, type SourceFacts } from '../../reading/exchange-parts.ts';
import { isObject, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { listedQuery, requestBody, responseBody } from './bodies.ts';
import { cookieHeader, hasHeader, headersOf } from './headers.ts';

/** Turns one entry of a HAR (1.2, part 4.4) into an exchange; `part` is told of what was left out of it. */
export function readEntry(
  entry: unknown,
  at: string,
  facts: SourceFacts,
  part: (code: RejectCode, count?: number) => void,
): Exchange | RejectCode {
  if (!isObject(entry)) return 'not-an-object';
  const { request } = entry;
  if (!isObject(request)) return 'request-missing';
  if (typeof request.url !== 'string') return 'url-invalid';
  const query = request.url.includes('?') ? '' : listedQuery(request);
  return composeExchange(
    {
      method: request.method,
      url: query === '' ? request.url : `${request.url.split('#', 1)[0]}${query}`,
      headers: requestHeaders(request, part),
      body: requestBody(request.postData, part),
      response: readResponse(entry.response, request.method, part),
      timeMs: readTime(entry.startedDateTime, part),
      at,
    },
    facts,
  );
}

function requestHeaders(request: JsonObject, part: (code: RejectCode, count?: number) => void): Headers {
  const headers = headersOf(request, (count) => part('header-invalid', count));
  const cookie = hasHeader(headers, 'cookie') ? undefined : cookieHeader(request.cookies);
  return cookie === undefined ? headers : [...headers, ['cookie', cookie]];
}

function readResponse(
  response: unknown,
  method: unknown,
  part: (code: RejectCode, count?: number) => void,
): WireResponse | undefined {
  if (response === undefined || response === null) return undefined;
  const status = isObject(response) ? Number(response.status) : Number.NaN;
  // A browser writes 0 (Fiddler -1) for a request that was blocked or never answered.
  if (isObject(response) && (status === 0 || status === -1)) return undefined;
  if (!isObject(response) || !Number.isInteger(status) || status < 100 || status > 999) {
    part('response-unreadable');
    return undefined;
  }
  const headers = headersOf(response, (count) => part('header-invalid', count));
  const mimeType = isObject(response.content) ? (textOf(response.content.mimeType) ?? '') : '';
  const mayHaveBody = method !== 'HEAD' && status !== 304 && status !== 204;
  const body = responseBody(response.content, mayHaveBody, part);
  return {
    status,
    headers: mimeType === '' || hasHeader(headers, 'content-type') ? headers : [...headers, ['content-type', mimeType]],
    ...(body === undefined ? {} : { body }),
  };
}

function readTime(started: unknown, part: (code: RejectCode) => void): number | undefined {
  if (started === undefined || started === null || started === '') return undefined;
  const timeMs = typeof started === 'string' ? Date.parse(started) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  part('field-unreadable');
  return undefined;
}
