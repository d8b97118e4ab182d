import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { LeakproofError, type Exchange } from '@leakproof/core';
import { createFingerprint } from '../reading/caller.ts';
import type { Authority } from './certificate-authority.ts';
import { forward, passUpgrade, type Endpoint, type ForwardOptions } from './forward.ts';
import { hostMatcher } from './match-host.ts';
import type { RecorderCounts } from './recorder-counts.ts';

/** What a recorder does; see `recordTraffic`. */
export interface RecorderOptions {
  /** Hosts whose exchanges are recorded: `api.example.org`, `*.example.org`, either with `:port`. */
  readonly hosts: readonly string[];
  /** Hosts whose HTTPS is opened; the others of `hosts` are recorded over plain HTTP only. */
  readonly intercept: readonly string[];
  readonly authority?: Authority | undefined;
  /** Default 0: any free port. Always on 127.0.0.1. */
  readonly port?: number | undefined;
  readonly identity: string;
  readonly onExchange: (exchange: Exchange) => void;
  /** Where a `host:port` is really connected to; itself by default. */
  readonly resolve?: ReadonlyMap<string, { readonly address: string; readonly port: number }> | undefined;
  /** PEM of authorities trusted for servers beyond the system's own. */
  readonly trust?: string | undefined;
  readonly now?: (() => number) | undefined;
}

export interface Recorder {
  readonly port: number;
  readonly counts: Readonly<RecorderCounts>;
  close(): Promise<void>;
}

/** The name under which the proxy answers for itself. */
export const OWN_HOST = 'leakproof.invalid';

/**
 * A forward proxy on loopback for one person's own browser or phone. Hosts on the list are recorded, all others pass
 * untouched: plain requests are forwarded, CONNECT is tunnelled unopened. Throws LP-RECORD-OPTIONS.
 */
export async function recordTraffic(options: RecorderOptions): Promise<Recorder> {
  if (options.hosts.length === 0) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'no host to record was named', {
      fix: 'Name it: --host api.example.org',
    });
  }
  if (options.intercept.length > 0 && !options.authority) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'HTTPS cannot be opened without a certificate authority');
  }
  const counts: RecorderCounts = { recorded: 0, passedOver: 0, tunnels: 0, failed: 0, withoutBody: 0 };
  const isRecorded = hostMatcher(options.hosts);
  const isOpened = hostMatcher(options.intercept);
  const shared: ForwardOptions = {
    isRecorded,
    counts,
    identity: options.identity,
    onExchange: options.onExchange,
    resolve: options.resolve ?? new Map(),
    trust: options.trust,
    now: options.now ?? Date.now,
    fingerprint: createFingerprint(),
  };
  const sockets = new Set<Socket>();
  const endpoints = new WeakMap<Socket, Endpoint>();
  const inner = createServer((request, response) => {
    const endpoint = endpoints.get(request.socket);
    if (endpoint) forward(request, response, endpoint, shared);
    else response.writeHead(400).end();
  });
  const outer = createServer((request, response) => answerOrForward(request, response, options, shared));
  outer.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  outer.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const endpoint = plainEndpoint(request);
    if (endpoint) passUpgrade(request, { client: socket, head, endpoint, options: shared });
    else socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  inner.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const endpoint = endpoints.get(request.socket);
    if (endpoint) passUpgrade(request, { client: socket, head, endpoint, options: shared });
    else socket.destroy();
  });
  outer.on('clientError', (_error, socket) => socket.destroy());
  inner.on('clientError', (_error, socket) => socket.destroy());
  outer.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const target = readTarget(request.url ?? '');
    if (!target) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const authority = `${target.host}:${target.port}`;
    if (!isRecorded(authority) || !isOpened(authority) || !options.authority) {
      counts.tunnels++;
      return tunnel(socket, head, shared.resolve.get(authority) ?? { address: target.host, port: target.port }, counts);
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: options.authority.contextFor(target.host),
      ALPNProtocols: ['http/1.1'],
    });
    secure.on('error', () => secure.destroy());
    endpoints.set(secure, {
      scheme: 'https',
      authority: target.port === 443 ? target.host : authority,
      host: target.host,
      port: target.port,
    });
    inner.emit('connection', secure);
  });
  await listen(outer, options.port ?? 0);
  return {
    port: (outer.address() as AddressInfo).port,
    counts,
    close: () =>
      new Promise((resolve) => {
        outer.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A request in absolute form goes on; one to the proxy itself gets the certificate. */
function answerOrForward(
  request: IncomingMessage,
  response: ServerResponse,
  options: RecorderOptions,
  shared: ForwardOptions,
): void {
  const endpoint = plainEndpoint(request);
  if (endpoint) return forward(request, response, endpoint, shared);
  if (request.url?.endsWith('/authority.pem') && options.authority) {
    response.writeHead(200, { 'content-type': 'application/x-x509-ca-cert' }).end(options.authority.certificate);
    return;
  }
  response
    .writeHead(400, { 'content-type': 'text/plain' })
    .end('This is a recording proxy: set it as the HTTP proxy of a browser or phone.\n');
}

/** The server a request in absolute form is for; its target becomes the origin form. */
function plainEndpoint(request: IncomingMessage): Endpoint | undefined {
  const text = request.url ?? '';
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' || url.hostname === OWN_HOST) return undefined;
  const target = text.replace(/^http:\/\/[^/?#]*/i, '');
  request.url = target.startsWith('/') ? target : `/${target}`;
  return { scheme: 'http', authority: url.host, host: url.hostname, port: Number(url.port || 80) };
}

function readTarget(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i.exec(text);
  return match?.[1] && match[2]
    ? { host: match[1].toLowerCase().replace(/^\[|\]$/g, ''), port: Number(match[2]) }
    : undefined;
}

function tunnel(
  client: Socket,
  head: Buffer,
  to: { readonly address: string; readonly port: number },
  counts: RecorderCounts,
): void {
  const server = connect(to.port, to.address, () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) server.write(head);
    server.pipe(client);
    client.pipe(server);
  });
  let isOpen = false;
  server.once('connect', () => (isOpen = true));
  server.on('error', () => {
    if (!isOpen) {
      counts.failed++;
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    } else client.destroy();
  });
  client.on('close', () => server.destroy());
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new LeakproofError('LP-RECORD-OPTIONS', `cannot listen on 127.0.0.1:${port}`, { cause })),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}
