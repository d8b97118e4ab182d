import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { LeakproofError } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';
import type { Counts, EngineOptions } from '../../engine/engine.ts';
import { createGuard } from '../../engine/guard.ts';
import { createIdentifier, credentialTraits } from '../../identity/identify.ts';
import type { AskOrigin, IdentityOptions } from '../../identity/identity-kind.ts';
import type { FetchKeys } from '../../identity/token/key-set.ts';
import { readSecret } from '../../identity/secret.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { Backlog } from './backlog.ts';
import type { Client } from './client.ts';
import type { DriverContext } from './drive.ts';
import { EndRecordBatcher } from './end-record-batcher.ts';
import { handleRequest } from './handle-request.ts';
import { authorityOf, toIncomingRequest } from './incoming-request.ts';
import { fetchDocument } from './fetch-document.ts';
import { LookupSender } from './lookup-sender.ts';
import { MirrorAgents } from './pass-through.ts';
import { OpenResponses } from './open-responses.ts';
import { requestIds } from './request-ids.ts';
import { SlowReaders } from './slow-readers.ts';
import { type FindUpstream, Upstreams } from './upstreams.ts';

export interface GuardOptions extends Omit<EngineOptions, 'credentials'> {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The address of each authority that the contract names: endpoints, `internal`, and the hosts of JWKS. */
  readonly upstreams: FindUpstream;
  /** Not closed by `close`. */
  readonly log: Pick<FactLog, 'append'>;
  /** How an issuer's keys are fetched; default: over `upstreams`. */
  readonly fetchKeys?: FetchKeys;
  /** API keys that change while the guard runs; default: those of the contract. */
  readonly keysOf?: IdentityOptions['keysOf'];
}

export interface RunningGuard {
  readonly host: string;
  readonly port: number;
  readonly counts: Readonly<Counts>;
  /**
   * Accepts no more requests; resolves when the open ones have ended and are recorded. After `drainMs` those that are left are
   * broken off, and recorded as cut off.
   */
  close(): Promise<void>;
}

/**
 * Starts the reverse proxy; resolves when it listens. Rejects with LP-GUARD-LISTEN, LP-SECRET-UNAVAILABLE, or with
 * LP-UPSTREAM-MISSING if an endpoint of the contract has no address.
 */
export async function startGuard(options: GuardOptions): Promise<RunningGuard> {
  requireUpstreams(options);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const guard = createGuard({ ...options, credentials: credentialTraits(options.contract) });
  const { authorities } = guard.engine;
  const endpoints = new Upstreams(options.upstreams, authorities.endpoints, limits);
  const internals = new Upstreams(options.upstreams, authorities.internals, limits);
  const issuers = new Upstreams(options.upstreams, authorities.issuers, limits);
  const mirror = new MirrorAgents();
  const fetchKeys = options.fetchKeys ?? ((url) => fetchDocument(issuers, url, 5_000));
  const { contract, now, log, keysOf } = options;
  const askOrigin: AskOrigin = (request, { maxBytes, ...more }) => endpoints.fetch(request, maxBytes, more);
  const identify = createIdentifier({ contract, now, fetchKeys, readSecret, askOrigin, limits, keysOf });
  const endRecords = new EndRecordBatcher(log);
  const lookups = new LookupSender(internals, limits);
  const context: DriverContext = {
    identify,
    endpoints,
    lookups,
    mirror,
    backlog: new Backlog(limits),
    log,
    endRecords,
    limits,
  };
  const openRequests = new OpenCount();
  const openResponses = new OpenResponses();
  const slowReaders = new SlowReaders(limits.minReadBytesPerSecond);
  const nextId = requestIds();
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: 16 * 1024,
    headersTimeout: limits.requestTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: 5_000,
  });
  // With a limit Node drops the headers beyond it silently, among them a second Host (pitfall R2, docs/pitfalls.md).
  server.maxHeadersCount = 0;
  server.timeout = limits.idleTimeoutMs;
  // A client may end its half of the connection after the request, and still wait for the response. Node has no type for it.
  Object.assign(server, { httpAllowHalfOpen: true });
  let port = options.listen.port;
  const authorityFor = (host: string): string => authorityOf(host, port, authorities.endpoints);
  const serve = (message: IncomingMessage, response: ServerResponse): void => {
    const request = toIncomingRequest(message, { id: nextId(), time: now(), authorityFor });
    const client: Client = { message, response, request, slowReaders };
    openResponses.add(message, response);
    openRequests.begin();
    void handleRequest(guard, client, context).finally(() => openRequests.end());
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
  server.on('clientError', (_error, socket: Socket) =>
    openResponses.endAfterError(socket, () => closeWithStatus(socket, 400)),
  );
  server.on('connect', (_message, socket: Socket) => closeWithStatus(socket, 405));
  port = await listen(server, options.listen);
  return {
    host: options.listen.host,
    port,
    counts: guard.engine.counts,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const ended = openRequests.whenNone();
      if (!(await within(limits.drainMs, ended))) {
        openResponses.breakOff();
        await within(BREAK_OFF_MS, ended);
      }
      await within(BREAK_OFF_MS, endRecords.flush());
      server.closeAllConnections();
      await closed;
      slowReaders.close();
      mirror.close();
      await Promise.all([endpoints, internals, issuers].map((each) => each.close()));
    },
  };
}

/** Counts what is under way. */
class OpenCount {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  begin(): void {
    this.#count++;
  }

  end(): void {
    this.#count--;
    if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  whenNone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) resolve();
      else this.#waiting.push(resolve);
    });
  }
}

/** How long requests that were broken off, and the log, have to end. */
const BREAK_OFF_MS = 2_000;

/** True if the promise was settled in this time. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const result = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return result;
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

function closeWithStatus(socket: Socket, status: 400 | 405): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const reason = status === 400 ? 'Bad Request' : 'Method Not Allowed';
  socket.write(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  socket.destroySoon();
}
