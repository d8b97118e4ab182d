import { Pool } from 'undici';
import { type ErrorCode, LeakproofError } from '@leakproof/core';
import type { Destination, FullResponse, OutboundRequest } from '@leakproof/http';
import type { Limits } from '../../limits.ts';
import { OriginAnswer } from './origin-answer.ts';

/** Where a host of the contract really is. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** How it is spoken to; default: http. */
  readonly scheme?: 'http' | 'https';
}

/** Finds the address of an authority of the contract; undefined if there is none. */
export type FindUpstream = (authority: string) => Upstream | undefined;

/** Connections to the origins, one pool for each address. */
export class Upstreams {
  readonly #find: FindUpstream;
  readonly #limits: Limits;
  /** Few enough to look through. */
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

  /** Sends a request; a code, if there is nowhere to send it. `timeoutMs` is for all of the answer. */
  open(request: OutboundRequest, timeoutMs?: number): OriginAnswer | ErrorCode {
    const pool = this.poolFor(request);
    return pool ? OriginAnswer.send(pool, request, timeoutMs) : 'LP-UPSTREAM-MISSING';
  }

  /** Sends a request and reads the answer whole, up to `maxBytes`. Never rejects. */
  async fetch(request: OutboundRequest, maxBytes: number, timeoutMs?: number): Promise<FullResponse | ErrorCode> {
    const answer = this.open(request, timeoutMs);
    if (typeof answer === 'string') return answer;
    const head = await answer.opened;
    if (typeof head === 'string') return head;
    const chunks: Uint8Array[] = [];
    for (let size = 0; ;) {
      const part = await answer.next();
      if ('failed' in part) return part.failed;
      for (const chunk of part.chunks) {
        chunks.push(chunk);
        size += chunk.length;
      }
      if (size > maxBytes) {
        answer.abort('LP-RESPONSE-TOO-LARGE');
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

/** Reads a JSON document, for keys. Rejects unless it is one. */
export async function fetchDocument(upstreams: Upstreams, url: string, timeoutMs: number): Promise<unknown> {
  const { protocol, host, pathname, search } = new URL(url);
  const answer = await upstreams.fetch(
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
  if (typeof answer === 'string' || answer.status !== 200)
    throw new LeakproofError('LP-ORIGIN-UNREACHABLE', 'The keys of an issuer could not be fetched.');
  return JSON.parse(Buffer.from(answer.body).toString('utf8'));
}
