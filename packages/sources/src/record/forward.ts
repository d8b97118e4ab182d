import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { Caller, Exchange, Headers } from '@leakproof/core';
import { isOrdinaryHeader } from '../inventory/stats/operation-stats.ts';
import { callerOf, type Fingerprint } from '../reading/caller.ts';
import { connectionOptions, HOP_BY_HOP } from '@leakproof/http';
import { undoCodings } from '../reading/bytes/undo-codings.ts';
import { sendExactly } from './exact-request.ts';
import type { RecorderCounts } from './recorder-counts.ts';

/** The server that a request is for. */
export interface TargetServer {
  readonly scheme: 'http' | 'https';
  /** As in exchanges: without the default port of the scheme. */
  readonly authority: string;
  readonly host: string;
  readonly port: number;
}

export interface ForwardOptions {
  readonly isRecorded: (authority: string) => boolean;
  readonly counts: RecorderCounts;
  readonly identity: string;
  readonly onExchange: (exchange: Exchange) => void;
  readonly resolve: ReadonlyMap<string, { readonly address: string; readonly port: number }>;
  readonly trust: string | undefined;
  readonly now: () => number;
  readonly fingerprint: Fingerprint;
}

type SendOptions = Pick<ForwardOptions, 'resolve' | 'trust'> & { readonly extraHeaders?: readonly string[] };

/** Larger bodies are forwarded but not recorded. */
const MAX_RECORDED_BYTES = 32 * 1024 * 1024;

export interface Forwarded {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: TargetServer;
}

/**
 * Forwards a request to its server and the response back: targets, bodies and headers unchanged, in the order they were received,
 * except headers for one connection only. Reports the exchange once it is complete.
 */
export function forward({ request, response, server }: Forwarded, options: ForwardOptions): void {
  const isRecorded = options.isRecorded(`${server.host}:${server.port}`);
  const time = options.now();
  const sent = isRecorded ? retainBody(request) : undefined;
  let hasFailed = false;
  const fail = (): void => {
    if (hasFailed) return;
    hasFailed = true;
    options.counts.failed++;
    if (!response.headersSent)
      response.writeHead(502, 'Bad Gateway', { 'content-type': 'text/plain' }).end('The server did not answer.\n');
    else response.destroy();
  };
  const upstream = trySend(request, server, options);
  if (!upstream) return fail();
  upstream.on('error', () => (response.writableEnded ? undefined : fail()));
  request.on('error', () => upstream.destroy());
  response.on('close', () => (response.writableFinished ? undefined : upstream.destroy()));
  upstream.on('response', (answer) => {
    const received = isRecorded ? retainBody(answer) : undefined;
    answer.on('error', fail);
    if (!writeHead(response, answer)) {
      upstream.destroy();
      return fail();
    }
    answer.on('end', () => {
      if (sent && received) record({ request, answer, sent, received, server, time }, options);
      else options.counts.passedOver++;
    });
    answer.pipe(response);
  });
  if (hasBody(request)) request.pipe(upstream);
  else upstream.end();
}

/** A request has a body only if its headers frame one (RFC 9112 §6.3). */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** Undefined if Node refuses to write the request. */
function trySend(request: IncomingMessage, server: TargetServer, options: SendOptions): ClientRequest | undefined {
  try {
    return send(request, server, options);
  } catch {
    return undefined;
  }
}

/** False if Node refuses to write the status line or a header. */
function writeHead(response: ServerResponse, answer: IncomingMessage): boolean {
  try {
    response.sendDate = false;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, flat(endToEnd(answer.rawHeaders)));
    return true;
  } catch {
    return false;
  }
}

function send(
  request: IncomingMessage,
  server: TargetServer,
  { resolve, trust, extraHeaders = [] }: SendOptions,
): ClientRequest {
  const to = resolve.get(`${server.host}:${server.port}`) ?? { address: server.host, port: server.port };
  const shared = {
    host: to.address,
    port: to.port,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: [...flat(endToEnd(request.rawHeaders, ['transfer-encoding'])), ...extraHeaders],
  };
  if (server.scheme === 'http') return sendExactly({ ...shared, agent: false });
  const ca = trust === undefined ? undefined : [...rootCertificates, trust];
  const agent = new HttpsAgent({ servername: server.host, ...(ca && { ca }) });
  return sendExactly({ ...shared, protocol: 'https:', agent });
}

interface Upgrade {
  readonly client: Duplex;
  readonly head: Buffer;
  readonly server: TargetServer;
  readonly options: ForwardOptions;
}

/** Forwards a WebSocket. Its content is not recorded; it counts as a tunnel. */
export function forwardUpgrade(request: IncomingMessage, { client, head, server, options }: Upgrade): void {
  options.counts.tunnels++;
  const extraHeaders = ['Connection', 'Upgrade', 'Upgrade', request.headers.upgrade ?? ''];
  const upstream = send(request, server, { ...options, extraHeaders });
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => {
    options.counts.failed++;
    client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  upstream.on('response', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  upstream.on('upgrade', (answer, socket, rest) => {
    const lines = endToEnd(answer.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    const upgraded = `Connection: Upgrade\r\nUpgrade: ${answer.headers.upgrade ?? ''}\r\n`;
    client.write(`HTTP/1.1 101 Switching Protocols\r\n${upgraded}${lines.join('')}\r\n`);
    socket.on('error', () => client.destroy());
    client.on('close', () => socket.destroy());
    if (rest.length > 0) client.write(rest);
    if (head.length > 0) socket.write(head);
    socket.pipe(client).pipe(socket);
  });
  upstream.end();
}

interface ForwardedExchange {
  readonly request: IncomingMessage;
  readonly answer: IncomingMessage;
  readonly sent: RetainedBody;
  readonly received: RetainedBody;
  readonly server: TargetServer;
  readonly time: number;
}

function record(exchange: ForwardedExchange, options: ForwardOptions): void {
  const { request, answer, sent, received, server, time } = exchange;
  const headers = lowerCase(endToEnd(request.rawHeaders));
  const responseHeaders = lowerCase(endToEnd(answer.rawHeaders));
  const target = request.url ?? '/';
  const body = sent.body(headers);
  const responseBody = received.body(responseHeaders);
  if (body === BODY_LOST || responseBody === BODY_LOST) options.counts.withoutBody++;
  options.counts.recorded++;
  options.onExchange({
    request: {
      method: (request.method ?? 'GET').toUpperCase(),
      scheme: server.scheme,
      authority: server.authority,
      target,
      headers,
      ...(body && body !== BODY_LOST ? { body } : {}),
    },
    response: {
      status: answer.statusCode ?? 0,
      headers: responseHeaders,
      ...(responseBody && responseBody !== BODY_LOST ? { body: responseBody } : {}),
    },
    caller: recordedCaller(headers, target, options),
    time,
    provenance: { reader: 'recorder' },
  });
}

/** Anonymous only if no header or cookie of the request could be an unknown kind of credential. */
function recordedCaller(headers: Headers, target: string, { identity, fingerprint }: ForwardOptions): Caller {
  const isPlain = headers.every(([name]) => isOrdinaryHeader(name) && name !== 'cookie');
  const caller = callerOf({ headers, target, without: isPlain ? 'anonymous' : 'unknown' }, fingerprint);
  return caller.auth === 'anonymous' ? caller : { ...caller, identity };
}

const BODY_LOST = Symbol('a body that cannot be recorded');

interface RetainedBody {
  body(headers: Headers): Uint8Array | typeof BODY_LOST | undefined;
}

function retainBody(message: IncomingMessage): RetainedBody {
  const pieces: Buffer[] = [];
  let bytes = 0;
  message.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= MAX_RECORDED_BYTES) pieces.push(piece);
    else pieces.length = 0;
  });
  return {
    body: (headers) => {
      if (bytes === 0) return undefined;
      if (bytes > MAX_RECORDED_BYTES) return BODY_LOST;
      return undoCodings(Buffer.concat(pieces), headers, MAX_RECORDED_BYTES) ?? BODY_LOST;
    },
  };
}

type Pairs = readonly (readonly [string, string])[];

/** The headers without those for one connection only (RFC 9110 §7.6.1), but with those that frame the body in the same way again. */
function endToEnd(raw: readonly string[], framing: readonly string[] = []): Pairs {
  const pairs = Array.from({ length: raw.length / 2 }, (_, at) => [raw[at * 2] ?? '', raw[at * 2 + 1] ?? ''] as const);
  const named = connectionOptions(lowerCase(pairs));
  return pairs.filter(([written]) => {
    const name = written.toLowerCase();
    return framing.includes(name) || (!HOP_BY_HOP.has(name) && !named.has(name));
  });
}

function flat(pairs: Pairs): string[] {
  return pairs.flat();
}

function lowerCase(pairs: Pairs): Headers {
  return pairs.map(([name, value]) => [name.toLowerCase(), value] as const);
}
