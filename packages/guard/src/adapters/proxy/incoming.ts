import type { IncomingMessage } from 'node:http';
import type { EpochMs, Headers } from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';

/** Headers as they stood, names in lower case: Node's own `headers` drops and joins repeated ones. */
function rawHeaders(raw: readonly string[]): Headers {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '']);
  return headers;
}

/** What the head of a message does not say of itself. */
export interface Arriving {
  readonly id: string;
  readonly time: EpochMs;
  /** Which authority of the contract a `Host` header means. */
  readonly authorityFor: (host: string) => string;
}

/** The head of a request. */
export function incomingOf(message: IncomingMessage, { id, time, authorityFor }: Arriving): IncomingRequest {
  const headers = rawHeaders(message.rawHeaders);
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

/**
 * The authority of the contract that a client means: names are compared whole, never in part. A client that was pointed at
 * the guard says the guard's port, or none, where the contract may say another: where just one door has that host, it is
 * meant.
 */
export function authorityOf(host: string, ownPort: number, authorities: readonly string[]): string {
  const given = host.toLowerCase();
  if (authorities.includes(given)) return given;
  const bare = [ownPort, 80].map((port) => `:${port}`).find((port) => given.endsWith(port));
  const name = bare === undefined ? given : given.slice(0, -bare.length);
  if (authorities.includes(name)) return name;
  const sameHost = [...new Set(authorities.filter((each) => each.replace(/:[0-9]+$/, '') === name))];
  return sameHost.length === 1 ? (sameHost[0] ?? name) : name;
}
