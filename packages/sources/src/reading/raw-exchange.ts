import type { Exchange, WireResponse } from '@leakproof/core';
import type { RejectPart } from './exchange-collector.ts';
import { composeExchange, type SourceContext } from './exchange-parts.ts';
import { cutMessage, headerOf, statusLine } from './http-message.ts';
import { requestLine } from './access-log/log-format.ts';
import type { RejectCode } from './reject-codes.ts';
import { undoCodings } from './bytes/undo-codings.ts';

/** A request and its response as raw HTTP messages. */
export interface RawExchange {
  readonly request: Uint8Array;
  readonly response?: Uint8Array | undefined;
  /** Absolute. Default: by the request line and the Host header. */
  readonly url?: string | undefined;
  /** For a request line without an origin. Default `http`. */
  readonly scheme?: 'http' | 'https' | undefined;
  readonly timeMs?: number | undefined;
  readonly at: string;
}

export interface RawContext {
  readonly source: SourceContext;
  /** Largest decoded body. */
  readonly maxBytes: number;
  readonly rejectPart: RejectPart;
}

/** Reads both messages; if the response is unreadable, the request is still read. */
export function readRawExchange(raw: RawExchange, { source, maxBytes, rejectPart }: RawContext): Exchange | RejectCode {
  const message = cutMessage(raw.request, (count) => rejectPart('header-invalid', count));
  const line = message === undefined ? undefined : requestLine(message.firstLine);
  if (message === undefined || line === undefined) return 'request-unreadable';
  const body = decodeBody(message.body, message.headers);
  return composeExchange(
    {
      method: line.method,
      url: absoluteUrl(raw, line.target, headerOf(message.headers, 'host')),
      headers: message.headers,
      body,
      response: readResponse(raw.response),
      timeMs: raw.timeMs,
      at: raw.at,
    },
    source,
  );

  function readResponse(bytes: Uint8Array | undefined): WireResponse | undefined {
    if (bytes === undefined || bytes.length === 0) return undefined;
    const response = cutMessage(bytes, (count) => rejectPart('header-invalid', count));
    const status = response === undefined ? undefined : statusLine(response.firstLine);
    if (response === undefined || status === undefined) {
      rejectPart('response-unreadable');
      return undefined;
    }
    if (status === 0) return undefined;
    const content = decodeBody(response.body, response.headers);
    return { status, headers: response.headers, ...(content === undefined ? {} : { body: content }) };
  }

  function decodeBody(bytes: Uint8Array, headers: WireResponse['headers']): Uint8Array | undefined {
    if (bytes.length === 0) return undefined;
    const decoded = undoCodings(bytes, headers, maxBytes);
    if (decoded === undefined) rejectPart('body-undecodable');
    return decoded;
  }
}

function absoluteUrl({ url, scheme = 'http' }: RawExchange, target: string, host: string | undefined): string {
  if (/^https?:\/\//i.test(target)) return target;
  // The request line is what was sent; the tool may have normalised the URL beside it.
  const origin = url === undefined ? undefined : /^https?:\/\/[^/?#]+/i.exec(url)?.[0];
  const rooted = target.startsWith('/') ? target : `/${target}`;
  return origin === undefined ? `${scheme}://${host ?? ''}${rooted}` : `${origin}${rooted}`;
}
