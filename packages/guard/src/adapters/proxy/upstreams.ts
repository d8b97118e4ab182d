import { Pool } from 'undici';
import { type ErrorCode, LeakproofError } from '@leakproof/core';
import type { Destination, FullResponse, OutboundRequest } from '@leakproof/http';
import type { Limits } from '../../limits.ts';
import { OriginResponse } from './origin-response.ts';

/** The network address of an authority of the contract. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** Default: http. */
  readonly scheme?: 'http' | 'https';
}

/** The address of an authority of the contract; undefined if there is none. */
export type FindUpstream = (authority: string) => Upstream | undefined;

/** Connections to the origins, one pool for each address. */
export class Upstreams {
  readonly #find: FindUpstream;
  readonly #limits: Limits;
  /** Few enough for a linear search. */
  readonly #pools: { readonly upstream: Upstream; readonly pool: Pool }[] = [];

  constructor(find: FindUpstream, limits: Limits) {
    this.#find = find;
    this.#limits = limits;
  }

  poolFor(to: Destination): Pool | undefined {
    const upstream = this.#find(to.authority);
    if (!upstream) return undefined;
    const found = this.#pools.find((each) => isSame(each.upstream, upstream));
    if (found) return found.pool;
    const pool = this.#connect(upstream);
    this.#pools.push({ upstream, pool });
    return pool;
  }

  #connect({ scheme = 'http', host, port }: Upstream): Pool {
    return new Pool(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`, {
      connections: this.#limits.maxConnections,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      headersTimeout: this.#limits.originTimeoutMs,
      bodyTimeout: this.#limits.originTimeoutMs,
      connectTimeout: this.#limits.originTimeoutMs,
      maxHeaderSize: 16 * 1024,
    });
  }

  /** Sends a request; LP-UPSTREAM-MISSING if its authority has no address. `timeoutMs` is for the whole response. */
  open(request: OutboundRequest, timeoutMs?: number): OriginResponse | ErrorCode {
    const pool = this.poolFor(request);
    return pool ? OriginResponse.send(pool, request, timeoutMs) : 'LP-UPSTREAM-MISSING';
  }

  /** Sends a request and reads the whole response, up to `maxBytes`. Never rejects. */
  async fetch(request: OutboundRequest, maxBytes: number, timeoutMs?: number): Promise<FullResponse | ErrorCode> {
    const response = this.open(request, timeoutMs);
    if (typeof response === 'string') return response;
    const head = await response.opened;
    if (typeof head === 'string') return head;
    const chunks: Uint8Array[] = [];
    for (let size = 0; ;) {
      const part = await response.next();
      if ('failed' in part) return part.failed;
      for (const chunk of part.chunks) {
        chunks.push(chunk);
        size += chunk.length;
      }
      if (size > maxBytes) {
        response.abort('LP-RESPONSE-TOO-LARGE');
        return 'LP-RESPONSE-TOO-LARGE';
      }
      if (part.isLast) return { ...head, body: Buffer.concat(chunks) };
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map(({ pool }) => pool.destroy()));
  }
}

function isSame(a: Upstream, b: Upstream): boolean {
  return a.host === b.host && a.port === b.port && (a.scheme ?? 'http') === (b.scheme ?? 'http');
}

/** Fetches a JSON document, such as a JWKS. Rejects if there is none. */
export async function fetchDocument(upstreams: Upstreams, url: string, timeoutMs: number): Promise<unknown> {
  const { protocol, host, pathname, search } = new URL(url);
  const response = await upstreams.fetch(
    {
      scheme: protocol === 'https:' ? 'https' : 'http',
      authority: host,
      method: 'GET',
      target: `${pathname}${search}`,
      headers: [
        ['host', host],
        ['accept', 'application/json'],
      ],
      body: undefined,
    },
    1024 * 1024,
    timeoutMs,
  );
  if (typeof response === 'string' || response.status !== 200)
    throw new LeakproofError('LP-ORIGIN-UNREACHABLE', 'The key set of an issuer could not be fetched.');
  return JSON.parse(Buffer.from(response.body).toString('utf8'));
}
