import type { IncomingMessage } from 'node:http';
import type { EpochMs, Headers } from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';

/** What the message itself does not contain. */
export interface IncomingContext {
  readonly id: string;
  readonly time: EpochMs;
  /** Maps a `Host` header to an authority of the contract. */
  readonly authorityFor: (host: string) => string;
}

export function toIncomingRequest(
  message: IncomingMessage,
  { id, time, authorityFor }: IncomingContext,
): IncomingRequest {
  const headers = headersOf(message.rawHeaders);
  const host = headers.find(([name]) => name === 'host')?.[1] ?? '';
  return {
    id,
    time,
    method: message.method ?? '',
    authority: authorityFor(host),
    target: message.url ?? '',
    headers,
    httpVersion: message.httpVersion === '1.0' ? '1.0' : '1.1',
    peer: message.socket.remoteAddress ?? '',
  };
}

/** All headers in order, names in lower case: Node's own `headers` drops and joins repeated ones. */
function headersOf(raw: readonly string[]): Headers {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '']);
  return headers;
}

/**
 * The authority of the contract that a `Host` header names. Names are compared as a whole (pitfall T3, docs/pitfalls.md). A
 * client that connects to the guard directly sends the guard's port, or none, where the contract may have another port: then
 * the port is ignored, if only one authority has that host name.
 */
export function authorityOf(host: string, ownPort: number, authorities: ReadonlySet<string>): string {
  const given = host.toLowerCase();
  if (authorities.has(given)) return given;
  const port = [ownPort, 80].map((each) => `:${each}`).find((each) => given.endsWith(each));
  const name = port === undefined ? given : given.slice(0, -port.length);
  if (authorities.has(name)) return name;
  const sameHost = [...authorities].filter((each) => each.replace(/:[0-9]+$/, '') === name);
  return sameHost.length === 1 ? (sameHost[0] ?? name) : name;
}
