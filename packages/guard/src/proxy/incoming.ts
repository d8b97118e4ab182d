import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { EpochMs, Headers } from '@leakproof/core';
import type { Incoming } from '../engine/message.ts';

/** Headers as they stood, names in lower case: Node's own `headers` drops and joins repeated ones. */
export function rawHeaders(raw: readonly string[]): Headers {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '']);
  return headers;
}

/** The head of a request. `ownPort`: the port the guard listens on, which clients may name behind a host of the contract. */
export function incomingOf(message: IncomingMessage, ownPort: number, time: EpochMs): Incoming {
  const headers = rawHeaders(message.rawHeaders);
  const host = headers.find(([name]) => name === 'host')?.[1] ?? '';
  return {
    id: randomBytes(12).toString('base64url'),
    time,
    method: message.method ?? '',
    authority: authorityOf(host, ownPort),
    target: message.url ?? '',
    headers,
    httpVersion: message.httpVersion === '1.0' ? '1.0' : '1.1',
    peer: message.socket.remoteAddress ?? '',
  };
}

/** `host` or `host:port` in lower case, without the default port of http and without the guard's own. */
export function authorityOf(host: string, ownPort: number): string {
  const authority = host.toLowerCase();
  for (const port of [ownPort, 80]) {
    if (authority.endsWith(`:${port}`)) return authority.slice(0, -`:${port}`.length);
  }
  return authority;
}
