import type { Exchange, Headers, WireResponse } from '@leakproof/core';
import type { RejectPart } from '../../reading/exchange-collector.ts';
import { composeExchange, type SourceContext } from '../../reading/exchange-parts.ts';
import { isObject, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { listedQuery, requestBody, responseBody } from './bodies.ts';
import { cookieHeader, hasHeader, headersOf } from './headers.ts';

interface EntryContext {
  readonly source: SourceContext;
  readonly rejectPart: RejectPart;
}

/** Reads one entry of a HAR (1.2, part 4.4). */
export function readEntry(entry: unknown, at: string, { source, rejectPart }: EntryContext): Exchange | RejectCode {
  if (!isObject(entry)) return 'not-an-object';
  const { request } = entry;
  if (!isObject(request)) return 'request-missing';
  if (typeof request.url !== 'string') return 'url-invalid';
  const query = request.url.includes('?') ? '' : listedQuery(request);
  return composeExchange(
    {
      method: request.method,
      url: query === '' ? request.url : `${request.url.split('#', 1)[0]}${query}`,
      headers: requestHeaders(request, rejectPart),
      body: requestBody(request.postData, rejectPart),
      response: readResponse(entry.response, request.method, rejectPart),
      timeMs: readTime(entry.startedDateTime, rejectPart),
      at,
    },
    source,
  );
}

function requestHeaders(request: JsonObject, rejectPart: RejectPart): Headers {
  const headers = headersOf(request, (count) => rejectPart('header-invalid', count));
  const cookie = hasHeader(headers, 'cookie') ? undefined : cookieHeader(request.cookies);
  return cookie === undefined ? headers : [...headers, ['cookie', cookie]];
}

function readResponse(response: unknown, method: unknown, rejectPart: RejectPart): WireResponse | undefined {
  if (response === undefined || response === null) return undefined;
  const status = isObject(response) ? Number(response.status) : Number.NaN;
  // A browser writes 0 (Fiddler -1) for a request that was blocked or never answered.
  if (isObject(response) && (status === 0 || status === -1)) return undefined;
  if (!isObject(response) || !Number.isInteger(status) || status < 100 || status > 999) {
    rejectPart('response-unreadable');
    return undefined;
  }
  const headers = headersOf(response, (count) => rejectPart('header-invalid', count));
  const mimeType = isObject(response.content) ? (textOf(response.content.mimeType) ?? '') : '';
  const mayHaveBody = method !== 'HEAD' && status !== 304 && status !== 204;
  const body = responseBody(response.content, mayHaveBody, rejectPart);
  return {
    status,
    headers: mimeType === '' || hasHeader(headers, 'content-type') ? headers : [...headers, ['content-type', mimeType]],
    ...(body === undefined ? {} : { body }),
  };
}

function readTime(started: unknown, rejectPart: RejectPart): number | undefined {
  if (started === undefined || started === null || started === '') return undefined;
  const timeMs = typeof started === 'string' ? Date.parse(started) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  rejectPart('field-unreadable');
  return undefined;
}
