import { Pool } from 'undici';
import { type ErrorCode, LeakproofError } from '@leakproof/core';
import type { Destination, Outbound } from '../engine/command.ts';
import type { Head, Outgoing } from '../engine/message.ts';
import type { Limits } from '../limits.ts';
import { type Opened, OriginAnswer } from './origin-answer.ts';

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
  readonly #pools = new Map<string, Pool>();

  constructor(find: FindUpstream, limits: Limits) {
    this.#find = find;
    this.#limits = limits;
  }

  poolFor(to: Destination): Pool | undefined {
    const upstream = this.#find(to.authority);
    if (!upstream) return undefined;
    const host = upstream.host.includes(':') ? `[${upstream.host}]` : upstream.host;
    const origin = `${upstream.scheme ?? 'http'}://${host}:${upstream.port}`;
    let pool = this.#pools.get(origin);
    if (!pool) {
      pool = new Pool(origin, {
        connections: this.#limits.maxConnections,
        pipelining: 1,
        keepAliveTimeout: 4_000,
        headersTimeout: this.#limits.originTimeoutMs,
        bodyTimeout: this.#limits.originTimeoutMs,
        connectTimeout: this.#limits.originTimeoutMs,
        maxHeaderSize: 16 * 1024,
      });
      this.#pools.set(origin, pool);
    }
    return pool;
  }

  /**
   * Sends a request and reads the head of the answer. A connection that the origin closed while idle is tried once more where
   * nothing was sent that could have had an effect. Never rejects.
   */
  async open(request: Outbound, timeoutMs?: number): Promise<OpenAnswer | ErrorCode> {
    const pool = this.poolFor(request);
    if (!pool) return 'LP-UPSTREAM-MISSING';
    const first = await openOnce(pool, request, timeoutMs);
    if (first.is === 'answer') return first;
    if (!first.mayRetry || request.method !== 'GET' || request.body) return first.code;
    const second = await openOnce(pool, request, timeoutMs);
    return second.is === 'answer' ? second : second.code;
  }

  /** The same, and the whole body, up to `maxBytes`. `timeoutMs` is for all of it. */
  async fetch(request: Outbound, maxBytes: number, timeoutMs?: number): Promise<Outgoing | ErrorCode> {
    const open = await this.open(request, timeoutMs);
    if (typeof open === 'string') return open;
    const chunks: Uint8Array[] = [];
    for (let size = 0; ;) {
      const part = await open.body.next();
      if ('failed' in part) return part.failed;
      for (const chunk of part.chunks) {
        chunks.push(chunk);
        size += chunk.length;
      }
      if (size > maxBytes) {
        open.body.abort('LP-RESPONSE-TOO-LARGE');
        return 'LP-RESPONSE-TOO-LARGE';
      }
      if (part.isLast) return { ...open.head, body: Buffer.concat(chunks) };
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}

/** An answer whose head has come. */
export interface OpenAnswer {
  readonly head: Head;
  readonly body: OriginAnswer;
}

async function openOnce(
  pool: Pool,
  request: Outbound,
  timeoutMs: number | undefined,
): Promise<({ readonly is: 'answer' } & OpenAnswer) | Exclude<Opened, { is: 'answer' }>> {
  const body = OriginAnswer.send(pool, request, timeoutMs);
  const opened = await body.opened;
  return opened.is === 'answer' ? { ...opened, body } : opened;
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
