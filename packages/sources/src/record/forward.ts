import { request as requestHttp, type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { Caller, Exchange, Headers } from '@leakproof/core';
import { isOrdinaryHeader } from '../inventory/stats/operation-stats.ts';
import { callerOf, type Fingerprint } from '../reading/caller.ts';
import { connectionOptions, HOP_BY_HOP } from '@leakproof/http';
import { undoCodings } from '../reading/bytes/undo-codings.ts';
import type { RecorderCounts } from './recorder-counts.ts';

/** The server a client asked for. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** As it stands in exchanges: without the scheme's own port. */
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

/** Bodies beyond this are forwarded and not kept. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Sends a request on to its server and the answer back, byte for byte, and hands over both once the answer is complete. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: Endpoint,
  options: ForwardOptions,
): void {
  const keep = options.isRecorded(`${endpoint.host}:${endpoint.port}`);
  const time = options.now();
  const sent = keep ? keepBytes(request) : undefined;
  const upstream = send(request, endpoint, options);
  const fail = (): void => {
    options.counts.failed++;
    if (!response.headersSent)
      response.writeHead(502, { 'content-type': 'text/plain' }).end('The server did not answer.\n');
    else response.destroy();
  };
  upstream.on('error', () => (response.writableEnded ? undefined : fail()));
  request.on('error', () => upstream.destroy());
  response.on('close', () => (response.writableFinished ? undefined : upstream.destroy()));
  upstream.on('response', (answer) => {
    const received = keep ? keepBytes(answer) : undefined;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, flat(endToEnd(answer.rawHeaders)));
    answer.on('error', fail);
    answer.on('end', () => {
      if (sent && received) record({ request, answer, sent, received, endpoint, time, options });
      else options.counts.passedOver++;
    });
    answer.pipe(response);
  });
  request.pipe(upstream);
}

function send(
  request: IncomingMessage,
  endpoint: Endpoint,
  { resolve, trust }: ForwardOptions,
  more: readonly string[] = [],
) {
  const to = resolve.get(`${endpoint.host}:${endpoint.port}`) ?? { address: endpoint.host, port: endpoint.port };
  const shared: RequestOptions = {
    host: to.address,
    port: to.port,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: [...flat(endToEnd(request.rawHeaders)), ...more],
    setHost: false,
    agent: false,
  };
  if (endpoint.scheme === 'http') return requestHttp(shared);
  const ca = trust === undefined ? undefined : [...rootCertificates, trust];
  return requestHttps({ ...shared, servername: endpoint.host, ...(ca && { ca }) });
}

interface Upgrade {
  readonly client: Duplex;
  readonly head: Buffer;
  readonly endpoint: Endpoint;
  readonly options: ForwardOptions;
}

/** Passes a WebSocket through unopened: what flows in it is not recorded, and counted as a tunnel. */
export function passUpgrade(request: IncomingMessage, { client, head, endpoint, options }: Upgrade): void {
  options.counts.tunnels++;
  const upstream = send(request, endpoint, options, [
    'Connection',
    'Upgrade',
    'Upgrade',
    request.headers.upgrade ?? '',
  ]);
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => {
    options.counts.failed++;
    client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  upstream.on('response', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  upstream.on('upgrade', (answer, server, rest) => {
    const lines = endToEnd(answer.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    const upgraded = `Connection: Upgrade\r\nUpgrade: ${answer.headers.upgrade ?? ''}\r\n`;
    client.write(`HTTP/1.1 101 Switching Protocols\r\n${upgraded}${lines.join('')}\r\n`);
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
    if (rest.length > 0) client.write(rest);
    if (head.length > 0) server.write(head);
    server.pipe(client).pipe(server);
  });
  upstream.end();
}

interface Passed {
  readonly request: IncomingMessage;
  readonly answer: IncomingMessage;
  readonly sent: Kept;
  readonly received: Kept;
  readonly endpoint: Endpoint;
  readonly time: number;
  readonly options: ForwardOptions;
}

function record({ request, answer, sent, received, endpoint, time, options }: Passed): void {
  const headers = lowerCase(endToEnd(request.rawHeaders));
  const answered = lowerCase(endToEnd(answer.rawHeaders));
  const target = request.url ?? '/';
  const body = sent.body(headers);
  const answerBody = received.body(answered);
  if (body === LOST || answerBody === LOST) options.counts.withoutBody++;
  options.counts.recorded++;
  options.onExchange({
    request: {
      method: (request.method ?? 'GET').toUpperCase(),
      scheme: endpoint.scheme,
      authority: endpoint.authority,
      target,
      headers,
      ...(body && body !== LOST ? { body } : {}),
    },
    response: {
      status: answer.statusCode ?? 0,
      headers: answered,
      ...(answerBody && answerBody !== LOST ? { body: answerBody } : {}),
    },
    caller: whoCalled(headers, target, options),
    time,
    provenance: { reader: 'recorder' },
  });
}

/** Anonymous only if nothing in the request could be a credential of a kind not known here. */
function whoCalled(headers: Headers, target: string, { identity, fingerprint }: ForwardOptions): Caller {
  const isPlain = headers.every(([name]) => isOrdinaryHeader(name) && name !== 'cookie');
  const caller = callerOf({ headers, target, without: isPlain ? 'anonymous' : 'unknown' }, fingerprint);
  return caller.auth === 'anonymous' ? caller : { ...caller, identity };
}

const LOST = Symbol('a body that could not be kept');

interface Kept {
  body(headers: Headers): Uint8Array | typeof LOST | undefined;
}

function keepBytes(message: IncomingMessage): Kept {
  const pieces: Buffer[] = [];
  let bytes = 0;
  message.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= MAX_KEPT_BYTES) pieces.push(piece);
    else pieces.length = 0;
  });
  return {
    body: (headers) => {
      if (bytes === 0) return undefined;
      if (bytes > MAX_KEPT_BYTES) return LOST;
      return undoCodings(Buffer.concat(pieces), headers, MAX_KEPT_BYTES) ?? LOST;
    },
  };
}

type Pairs = readonly (readonly [string, string])[];

/** Without the headers that concern one connection only (RFC 9110 §7.6.1). */
function endToEnd(raw: readonly string[]): Pairs {
  const pairs = Array.from({ length: raw.length / 2 }, (_, at) => [raw[at * 2] ?? '', raw[at * 2 + 1] ?? ''] as const);
  const named = connectionOptions(lowerCase(pairs));
  return pairs.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.has(name.toLowerCase()));
}

function flat(pairs: Pairs): string[] {
  return pairs.flat();
}

function lowerCase(pairs: Pairs): Headers {
  return pairs.map(([name, value]) => [name.toLowerCase(), value] as const);
}
