import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Headers } from '@leakproof/core';
import { type Client, flatHeaders } from './client.ts';

interface RawHead {
  readonly status: number;
  /** One character for each byte (Latin-1), like the values of headers. */
  readonly reason: string;
  readonly headers: Headers;
}

/** Writes a head with the bytes of the origin. Does not throw: what Node refuses to write is left out. */
export function writeRawHead(response: ServerResponse, { status, reason, headers }: RawHead): void {
  response.sendDate = false;
  try {
    response.writeHead(status, reason, flatHeaders(headers));
  } catch {
    response.writeHead(status, flatHeaders(headers.filter(isWritable)));
  }
  // `flushHeaders` would write the head as UTF-8: a byte above 0x7f would become two.
  response.write('', 'latin1');
}

/** Sends an interim response (RFC 9110 §15.2), such as 103, as long as nothing else was sent. */
export function sendInformation(
  { request, response }: Client,
  {
    statusCode,
    statusMessage,
    rawHeaders,
  }: { readonly statusCode: number; readonly statusMessage: string; readonly rawHeaders: readonly string[] },
): void {
  // 100 was answered by the guard itself.
  if (statusCode === 100 || request.httpVersion === '1.0' || response.headersSent || !response.socket) return;
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  response.socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function isWritable([name, value]: Headers[number]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
