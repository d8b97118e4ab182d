import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { LeakproofError, type Exchange } from '@leakproof/core';
import { createFingerprint } from '../reading/caller.ts';
import type { Authority } from './certificate-authority.ts';
import { forward, forwardUpgrade, type TargetServer, type ForwardOptions } from './forward.ts';
import { assertHostPatterns, hostMatcher } from './match-host.ts';
import type { RecorderCounts } from './recorder-counts.ts';

export interface RecorderOptions {
  /** Hosts whose exchanges are recorded: `api.example.org`, `*.example.org`, either with `:port`. */
  readonly hosts: readonly string[];
  /** Hosts whose HTTPS is decrypted; the others of `hosts` are recorded over plain HTTP only. */
  readonly intercept: readonly string[];
  readonly authority?: Authority | undefined;
  /** On 127.0.0.1. Default 0: any free port. */
  readonly port?: number | undefined;
  readonly identity: string;
  readonly onExchange: (exchange: Exchange) => void;
  /** Addresses to connect to, by `host:port`. */
  readonly resolve?: ReadonlyMap<string, { readonly address: string; readonly port: number }> | undefined;
  /** PEM of authorities trusted for servers, in addition to those of Node. */
  readonly trust?: string | undefined;
  readonly now?: (() => number) | undefined;
}

export interface Recorder {
  readonly port: number;
  readonly counts: Readonly<RecorderCounts>;
  close(): Promise<void>;
}

/** The host name by which the proxy itself is addressed. */
export const OWN_HOST = 'leakproof.invalid';

/**
 * A forward proxy on loopback for one person's own browser or phone. Hosts on the list are recorded; for all others, plain requests
 * are forwarded and CONNECT is tunnelled without decryption. Throws LP-RECORD-OPTIONS.
 */
export async function recordTraffic(options: RecorderOptions): Promise<Recorder> {
  if (options.hosts.length === 0) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'no host to record', {
      fix: 'Use --host api.example.org.',
    });
  }
  if (options.intercept.length > 0 && !options.authority) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'HTTPS cannot be decrypted without a certificate authority');
  }
  assertHostPatterns([...options.hosts, ...options.intercept]);
  if (options.trust !== undefined) assertCertificates(options.trust);
  const counts: RecorderCounts = { recorded: 0, passedOver: 0, tunnels: 0, failed: 0, withoutBody: 0 };
  const isRecorded = hostMatcher(options.hosts);
  const isIntercepted = hostMatcher(options.intercept);
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
  const servers = new WeakMap<Socket, TargetServer>();
  const inner = createServer((request, response) => {
    const server = servers.get(request.socket);
    if (server) forward({ request, response, server }, shared);
    else response.writeHead(400).end();
  });
  const outer = createServer((request, response) => serveOrForward({ request, response }, options.authority, shared));
  outer.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  outer.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const server = plainServer(request);
    if (server) forwardUpgrade(request, { client: socket, head, server, options: shared });
    else socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  inner.on('upgrade', (request, socket: Socket, head: Buffer) => {
    const server = servers.get(request.socket);
    if (server) forwardUpgrade(request, { client: socket, head, server, options: shared });
    else socket.destroy();
  });
  outer.on('clientError', (_error, socket) => socket.destroy());
  inner.on('clientError', (_error, socket) => socket.destroy());
  outer.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const target = readTarget(request.url ?? '');
    if (!target) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const authority = `${target.host}:${target.port}`;
    if (!isRecorded(authority) || !isIntercepted(authority) || !options.authority) {
      counts.tunnels++;
      const to = shared.resolve.get(authority) ?? { address: target.host, port: target.port };
      return tunnel({ client: socket, head, to }, counts);
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: options.authority.contextFor(target.host),
      ALPNProtocols: ['http/1.1'],
    });
    secure.on('error', () => secure.destroy());
    servers.set(secure, {
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

function assertCertificates(pem: string): void {
  try {
    createSecureContext({ ca: pem });
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return;
  } catch {
    // Node says in its own words what is wrong with the PEM.
  }
  throw new LeakproofError('LP-RECORD-OPTIONS', 'the certificates to trust are not PEM', {
    fix: 'Give a file with -----BEGIN CERTIFICATE-----.',
  });
}

/** Forwards a request in absolute form; for one to the proxy itself, returns the certificate of the authority. */
function serveOrForward(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  authority: Authority | undefined,
  shared: ForwardOptions,
): void {
  const server = plainServer(request);
  if (server) return forward({ request, response, server }, shared);
  if (request.url?.endsWith('/authority.pem') && authority) {
    response.writeHead(200, { 'content-type': 'application/x-x509-ca-cert' }).end(authority.certificate);
    return;
  }
  response
    .writeHead(400, { 'content-type': 'text/plain' })
    .end('This is a recording proxy: set it as the HTTP proxy of a browser or phone.\n');
}

/** The server of a request in absolute form, whose target is changed to origin form. */
function plainServer(request: IncomingMessage): TargetServer | undefined {
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

interface Tunnel {
  readonly client: Socket;
  readonly head: Buffer;
  readonly to: { readonly address: string; readonly port: number };
}

function tunnel({ client, head, to }: Tunnel, counts: RecorderCounts): void {
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
