import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { LeakproofError } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';
import type { Counts, EngineOptions } from '../../engine/engine.ts';
import { type Guard, guard } from '../../engine/guard.ts';
import { headersAsSent } from '../../headers/to-origin.ts';
import { ownAnswer } from '../../engine/own-answer.ts';
import { identifier } from '../../identity/identify.ts';
import type { FetchKeys } from '../../identity/key-set.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { type Client, sendAnswer } from './client.ts';
import { drive, type Ports } from './drive.ts';
import { Ends } from './ends.ts';
import { passThrough } from './pass-through.ts';
import { authorityOf, incomingOf } from './incoming.ts';
import { requestIds } from './request-ids.ts';
import { fetchDocument, type FindUpstream, Upstreams } from './upstreams.ts';

export interface GuardOptions extends EngineOptions {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The real address of each host that the contract names: doors, `internal`, and the hosts of JWKS. */
  readonly upstreams: FindUpstream;
  /** Stays open when the guard is closed. */
  readonly log: Pick<FactLog, 'append'>;
  /** How an issuer's keys are fetched; default: over `upstreams`. */
  readonly fetchKeys?: FetchKeys;
}

export interface RunningGuard {
  readonly host: string;
  readonly port: number;
  readonly counts: Readonly<Counts>;
  /** Stops taking requests, ends those under way, and resolves once all of them are recorded. */
  close(): Promise<void>;
}

/**
 * Starts the reverse proxy. It listens before this resolves; rejects with LP-GUARD-LISTEN, or LP-UPSTREAM-MISSING if a door of
 * the contract has no address.
 */
export async function startGuard(options: GuardOptions): Promise<RunningGuard> {
  requireUpstreams(options);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const engine = guard(options);
  const upstreams = new Upstreams(options.upstreams, limits);
  const fetchKeys = options.fetchKeys ?? ((url) => fetchDocument(upstreams, url, 5_000));
  const { contract, now, log } = options;
  const identify = identifier({ contract, now, fetchKeys, maxTokens: limits.maxTokens });
  const ends = new Ends(log);
  const ports: Ports = { identify, upstreams, log, ends, limits };
  const authorities = contract.servers.flatMap((each) =>
    Object.values(each.endpoints).map((endpoint) => endpoint.authority),
  );
  const underway = new Set<Promise<void>>();
  const nextId = requestIds();
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: 16 * 1024,
    headersTimeout: limits.requestTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: 5_000,
  });
  // A limit on their number would drop the rest without a word, and with it a second Host.
  server.maxHeadersCount = 0;
  server.timeout = limits.idleTimeoutMs;
  let port = options.listen.port;
  const authorityFor = (host: string): string => authorityOf(host, port, authorities);
  const serve = (message: IncomingMessage, response: ServerResponse): void => {
    const request = incomingOf(message, { id: nextId(), time: now(), authorityFor });
    const client: Client = { message, response, request };
    const passage = handle(engine, client, ports).finally(() => underway.delete(passage));
    underway.add(passage);
  };
  server.on('request', serve);
  server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => {
    response.writeContinue();
    serve(message, response);
  });
  server.on('checkExpectation', (_message, response: ServerResponse) => {
    response.writeHead(417, ['content-length', '0', 'connection', 'close']);
    response.end();
  });
  server.on('clientError', (_error, socket: Socket) => refuseSocket(socket, 400));
  server.on('connect', (_message, socket: Socket) => refuseSocket(socket, 405));
  port = await listen(server, options.listen);
  return {
    host: options.listen.host,
    port,
    counts: engine.engine.counts,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await Promise.all(underway);
      await ends.flush();
      server.closeAllConnections();
      await closed;
      await upstreams.close();
    },
  };
}

/** One request, from its head to its last record. Never rejects: a fault of ours releases nothing in `enforce`. */
async function handle(engine: Guard, client: Client, ports: Ports): Promise<void> {
  const { counts, ownHeaders } = engine.engine;
  try {
    await drive(engine.receive(client.request), client, ports);
  } catch {
    if (client.message.destroyed && !client.message.complete) return;
    counts.faults++;
    if (client.response.headersSent) client.response.destroy();
    else if (isMonitored(engine, client)) await passAnyway(client, ports);
    else {
      counts.refused++;
      await sendAnswer(client, ownAnswer(500, { graphql: false, ownHeaders }));
    }
  }
}

function isMonitored(engine: Guard, { request }: Client): boolean {
  try {
    return engine.modeOf(request) === 'monitor';
  } catch {
    return (engine.engine.mode ?? engine.engine.contract.mode) === 'monitor';
  }
}

/** The engine failed before it could say to pass: what is only watched is passed all the same. */
async function passAnyway(client: Client, { upstreams, limits }: Ports): Promise<void> {
  const { request } = client;
  const pool = upstreams.poolFor({ scheme: 'http', authority: request.authority });
  await passThrough(client, { pool, headers: headersAsSent(request), limits, body: undefined });
}

function requireUpstreams({ contract, upstreams }: GuardOptions): void {
  for (const server of contract.servers) {
    for (const endpoint of Object.values(server.endpoints)) {
      if (!upstreams(endpoint.authority))
        throw new LeakproofError('LP-UPSTREAM-MISSING', `There is no address for ${endpoint.authority}.`);
    }
  }
}

function listen(server: Server, { host, port }: GuardOptions['listen']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new LeakproofError('LP-GUARD-LISTEN', `Cannot listen on ${host}:${port} (${error.code ?? 'unknown'}).`)),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function refuseSocket(socket: Socket, status: 400 | 405): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const reason = status === 400 ? 'Bad Request' : 'Method Not Allowed';
  socket.write(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  socket.destroySoon();
}
