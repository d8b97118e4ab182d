/** Runs one of the proxies that the guard is compared with. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Pool } from 'undici';
import { FOR_FOLLOWERS, FOR_NOBODY, follows } from './people.ts';

export type PeerName =
  | 'http-proxy-3'
  | 'httpxy'
  | '@fastify/http-proxy'
  | 'node:http + undici'
  | 'parse, filter, stringify';

export interface PeerScript {
  readonly peer: PeerName;
  /** `node_modules` with the peers from npm. */
  readonly modules: string | undefined;
  readonly originPort: number;
}

interface ProxyLibrary {
  createProxyServer(options: unknown): {
    web(message: IncomingMessage, response: ServerResponse): unknown;
    on(event: 'error', listener: (...about: readonly unknown[]) => void): unknown;
  };
}

const { peer, modules = '', originPort } = JSON.parse(process.argv[2] ?? '') as PeerScript;
const origin = `http://127.0.0.1:${originPort}`;
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'proxy-connection']);

const starts: Record<PeerName, () => Promise<number>> = {
  'http-proxy-3': () => serveLibrary('http-proxy-3'),
  httpxy: () => serveLibrary('httpxy'),
  '@fastify/http-proxy': serveFastify,
  'node:http + undici': () => serve(streamThrough()),
  'parse, filter, stringify': () => serve(filterThrough()),
};
process.stdout.write(`${await starts[peer]()}\n`);
process.stdin.resume().on('end', () => process.exit());

function serve(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function serveLibrary(name: string): Promise<number> {
  const { Agent } = await import('node:http');
  const entry = createRequire(join(modules, 'entry.js')).resolve(name);
  const library = (await import(pathToFileURL(entry).href)) as ProxyLibrary;
  const proxy = library.createProxyServer({ target: origin, agent: new Agent({ keepAlive: true, maxSockets: 64 }) });
  proxy.on('error', (_error, _message, response) => (response as ServerResponse).destroy());
  return serve((message, response) => void proxy.web(message, response));
}

async function serveFastify(): Promise<number> {
  interface Fastify {
    register(plugin: unknown, options: unknown): Promise<unknown>;
    listen(at: { host: string; port: number }): Promise<string>;
  }
  const load = createRequire(join(modules, 'entry.js'));
  const fastify = load('fastify') as () => Fastify;
  const app = fastify();
  await app.register(load('@fastify/http-proxy'), { upstream: origin, undici: { connections: 64, pipelining: 1 } });
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
}

/** The least work of a proxy on Node: bytes are forwarded unread. */
function streamThrough(): RequestListener {
  const pool = new Pool(origin, { connections: 64, pipelining: 1 });
  return (message, response) => {
    const asked = { method: 'GET', path: message.url ?? '/', headers: endToEnd(message), opaque: response } as const;
    pool
      .stream(asked, ({ statusCode, headers }) => {
        for (const name of HOP) delete headers[name];
        return response.writeHead(statusCode, headers);
      })
      .catch(() => response.destroy());
  };
}

/** A typical hand-written filter: parse, look up followers in memory, delete fields, stringify. Verifies no token. */
function filterThrough(): RequestListener {
  const pool = new Pool(origin, { connections: 64, pipelining: 1 });
  const filter = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await pool.request({ method: 'GET', path: message.url ?? '/', headers: endToEnd(message) });
    const body = (await answer.body.json()) as { data: Record<string, unknown>[] };
    for (const person of body.data) {
      for (const field of FOR_NOBODY) delete person[field];
      if (!follows('1', String(person['id']))) for (const field of FOR_FOLLOWERS) delete person[field];
    }
    const text = Buffer.from(JSON.stringify(body));
    response.writeHead(answer.statusCode, { 'content-type': 'application/json', 'content-length': text.length });
    response.end(text);
  };
  return (message, response) => void filter(message, response).catch(() => response.destroy());
}

function endToEnd({ headers }: IncomingMessage): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.has(name)));
}
