import type { Exchange, WireResponse } from '@leakproof/core';
import { composeExchange, type SourceFacts } from './exchange-parts.ts';
import { cutMessage, headerOf, statusLine } from './http-message.ts';
import { requestLine } from './access-log/log-format.ts';
import type { RejectCode } from './reject-codes.ts';
import { undoCodings } from './bytes/undo-codings.ts';

/** A request and its response as raw messages. */
export interface RawExchange {
  readonly request: Uint8Array;
  readonly response?: Uint8Array | undefined;
  /** Absolute; without it the request line or the Host header has to tell. */
  readonly url?: string | undefined;
  /** For a request line that has no origin. Default http. */
  readonly scheme?: 'http' | 'https' | undefined;
  readonly timeMs?: number | undefined;
  readonly at: string;
}

export interface RawReading {
  readonly facts: SourceFacts;
  readonly maxBytes: number;
  readonly part: (code: RejectCode, count?: number) => void;
}

/** Reads both messages; a response that cannot be read costs the response only. */
export function readRawExchange(raw: RawExchange, { facts, maxBytes, part }: RawReading): Exchange | RejectCode {
  const message = cutMessage(raw.request, (count) => part('header-invalid', count));
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
    facts,
  );

  function readResponse(bytes: Uint8Array | undefined): WireResponse | undefined {
    if (bytes === undefined || bytes.length === 0) return undefined;
    const answer = cutMessage(bytes, (count) => part('header-invalid', count));
    const status = answer === undefined ? undefined : statusLine(answer.firstLine);
    if (answer === undefined || status === undefined) {
      part('response-unreadable');
      return undefined;
    }
    if (status === 0) return undefined;
    const content = decodeBody(answer.body, answer.headers);
    return { status, headers: answer.headers, ...(content === undefined ? {} : { body: content }) };
  }

  function decodeBody(bytes: Uint8Array, headers: WireResponse['headers']): Uint8Array | undefined {
    if (bytes.length === 0) return undefined;
    const decoded = undoCodings(bytes, headers, maxBytes);
    if (decoded === undefined) part('body-undecodable');
    return decoded;
  }
}

function absoluteUrl({ url, scheme = 'http' }: RawExchange, target: string, host: string | undefined): string {
  if (/^https?:\/\//i.test(target)) return target;
  // The request line is what was sent; the URL beside it may have been prettified.
  const origin = url === undefined ? undefined : /^https?:\/\/[^/?#]+/i.exec(url)?.[0];
  const rooted = target.startsWith('/') ? target : `/${target}`;
  return origin === undefined ? `${scheme}://${host ?? ''}${rooted}` : `${origin}${rooted}`;
}
