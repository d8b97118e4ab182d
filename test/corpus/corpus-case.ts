/** Raw bytes of an origin's answer, or the answers of the corpus's own API. */
export type OriginScript = { readonly raw: string | Uint8Array } | 'api';

/** Tokens the corpus's issuer has signed, by who they are of. */
export interface Credentials {
  readonly stranger: string;
  readonly owner: string;
  /** Of a principal whose claims make a condition throw. */
  readonly twin: string;
}

/**
 * One pitfall as bytes on a connection (guard.md part 7). Whatever the caller may not see holds LEAK, what it may see holds
 * KEEP: a leak is a LEAK in what came back, a loss a KEEP that did not.
 */
export interface CorpusCase {
  /** As in the list of pitfalls: F1, T3, J10. */
  readonly id: string;
  readonly title: string;
  readonly send: (as: Credentials) => string | Uint8Array;
  readonly origin?: OriginScript;
  /** Statuses that are right; 0: the connection ended without an answer. */
  readonly status: readonly number[];
  /** `silent`: nothing of the request may reach the origin. */
  readonly reaches?: 'silent';
  /** What must stand in the answer, besides status. */
  readonly keeps?: readonly string[];
  /** What must not stand in it, besides LEAK. */
  readonly never?: readonly string[];
  /** What must not stand in anything the origin received (lower case). */
  readonly neverSent?: readonly string[];
  /** What must stand in something the origin received (lower case). */
  readonly sent?: readonly string[];
}

export const HOST = 'api.corpus.test';

/** A request with a body, as most clients would send it. */
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

/** An answer as its bytes. */
export function answer(
  body: string | Uint8Array,
  headers: readonly string[] = ['Content-Type: application/json'],
  status = '200 OK',
): Uint8Array {
  const bytes = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${bytes.length}`, 'Connection: close'];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}
