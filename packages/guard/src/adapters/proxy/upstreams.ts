import { Pool } from 'undici';
import type { ErrorCode } from '@leakproof/core';
import type { Destination, FullResponse, OutboundRequest } from '@leakproof/http';
import type { Limits } from '../../limits.ts';
import { ConnectionLimiter } from './connection-limiter.ts';
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

interface Connected {
  readonly upstream: Upstream;
  readonly pool: Pool;
  readonly limiter: ConnectionLimiter;
}

export interface SendOptions {
  /** Whose part of the connections the request takes. Default: all of them are the guard's own, without a bound for one caller. */
  readonly caller?: string;
  /** For the whole response. */
  readonly timeoutMs?: number;
}

/**
 * Connections to the servers of one purpose (endpoints, internal addresses, issuers), one pool for each address. Other authorities
 * than those given have no address here, whatever `find` knows.
 */
export class Upstreams {
  readonly #find: FindUpstream;
  readonly #authorities: ReadonlySet<string>;
  readonly #limits: Limits;
  /** Few enough for a linear search. */
  readonly #connected: Connected[] = [];

  constructor(find: FindUpstream, authorities: ReadonlySet<string>, limits: Limits) {
    this.#find = find;
    this.#authorities = authorities;
    this.#limits = limits;
  }

  addressOf({ authority }: Pick<Destination, 'authority'>): Upstream | undefined {
    return this.#authorities.has(authority) ? this.#find(authority) : undefined;
  }

  /** Sends a request; LP-UPSTREAM-MISSING if its authority has no address here. */
  open(request: OutboundRequest, { caller, timeoutMs }: SendOptions = {}): OriginResponse | ErrorCode {
    const connected = this.#connectedTo(request);
    if (!connected) return 'LP-UPSTREAM-MISSING';
    const { pool, limiter } = connected;
    return OriginResponse.send(pool, request, {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(caller === undefined ? {} : { takeLease: (onExpelled) => limiter.take(caller, onExpelled) }),
    });
  }

  /** Sends a request and reads the whole response, up to `maxBytes`. Never rejects. */
  async fetch(
    request: OutboundRequest,
    maxBytes: number,
    options: SendOptions = {},
  ): Promise<FullResponse | ErrorCode> {
    const response = this.open(request, options);
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
    for (const { limiter } of this.#connected) limiter.close();
    await Promise.all(this.#connected.map(({ pool }) => pool.destroy()));
  }

  #connectedTo(to: Destination): Connected | undefined {
    const upstream = this.addressOf(to);
    if (!upstream) return undefined;
    const found = this.#connected.find((each) => isSame(each.upstream, upstream));
    if (found) return found;
    const connected = { upstream, pool: this.#connect(upstream), limiter: new ConnectionLimiter(this.#limits) };
    this.#connected.push(connected);
    return connected;
  }

  #connect({ scheme = 'http', host, port }: Upstream): Pool {
    const { maxConnections, maxLongConnections, originTimeoutMs } = this.#limits;
    return new Pool(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`, {
      connections: maxConnections + maxLongConnections,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      headersTimeout: originTimeoutMs,
      bodyTimeout: originTimeoutMs,
      connectTimeout: originTimeoutMs,
      maxHeaderSize: 16 * 1024,
    });
  }
}

function isSame(a: Upstream, b: Upstream): boolean {
  return a.host === b.host && a.port === b.port && (a.scheme ?? 'http') === (b.scheme ?? 'http');
}
