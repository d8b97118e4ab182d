/** The raw bytes of a response, or the responses of the corpus's own API. */
export type OriginBehaviour = { readonly raw: string | Uint8Array } | 'api';

/** Tokens signed by the corpus's issuer, by their principal. */
export interface Credentials {
  readonly stranger: string;
  readonly owner: string;
  /** With claims that make a condition of the contract throw. */
  readonly twin: string;
  /** The stranger's, signed with the secret of the origin; and one signed with another secret. */
  readonly hmac: string;
  readonly forged: string;
}

/**
 * One case of a pitfall (docs/pitfalls.md) as bytes on a connection. Values that the caller may not see contain LEAK, values that it
 * may see contain KEEP: a LEAK in the response is a leak, a missing KEEP a loss.
 */
export interface CorpusCase {
  /** Of the pitfall: F1, T3, J10. */
  readonly id: string;
  readonly title: string;
  readonly send: (as: Credentials) => string | Uint8Array;
  readonly origin?: OriginBehaviour;
  /** Accepted statuses; 0: the connection was closed without a response. */
  readonly status: readonly number[];
  /** `silent`: no byte of the request may reach the origin. */
  readonly reaches?: 'silent';
  /** Texts that the response must contain. */
  readonly keeps?: readonly string[];
  /** Texts that the response must not contain, besides LEAK. */
  readonly never?: readonly string[];
  /** Texts that the origin must not receive; in lower case. */
  readonly neverSent?: readonly string[];
  /** Texts that the origin must receive; in lower case. */
  readonly sent?: readonly string[];
}

export const HOST = 'api.corpus.test';

/** A request as most clients send it. */
export function request(
  line: string,
  headers: readonly string[] = [],
  body?: string | { readonly type: string; readonly text: string },
): string {
  const sent = typeof body === 'string' ? { type: 'application/json', text: body } : body;
  const framing = sent ? [`Content-Type: ${sent.type}`, `Content-Length: ${Buffer.byteLength(sent.text)}`] : [];
  const head = [`${line} HTTP/1.1`, `Host: ${HOST}`, 'Connection: close', ...headers, ...framing];
  return `${head.join('\r\n')}\r\n\r\n${sent?.text ?? ''}`;
}

export function bearer(token: string): string {
  return `Authorization: Bearer ${token}`;
}

/** The bytes of a response. */
export function rawResponse(
  body: string | Uint8Array,
  headers: readonly string[] = ['Content-Type: application/json'],
  status = '200 OK',
): Uint8Array {
  const bytes = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${bytes.length}`, 'Connection: close'];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}
