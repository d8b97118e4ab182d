import { type Dispatcher, errors, Pool } from 'undici';
import { type ErrorCode, type Headers, LeakproofError } from '@leakproof/core';
import type { Destination, Outbound } from '../engine/command.ts';
import type { Outgoing } from '../engine/message.ts';
import type { Limits } from '../limits.ts';

/** Where a host of the contract really is. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** How it is spoken to; default: http. */
  readonly scheme?: 'http' | 'https';
}

/** Finds the address of an authority of the contract; undefined if there is none. */
export type FindUpstream = (authority: string) => Upstream | undefined;

/** More interim answers than this are a fault of the origin (guard pitfall F4). */
const MAX_INTERIM = 8;

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
   * Sends a request and reads the whole answer, up to `maxBytes`. A connection that the origin closed while idle is tried once
   * more where nothing was sent that could have had an effect. Never rejects.
   */
  async fetch(request: Outbound, maxBytes: number, timeoutMs?: number): Promise<Outgoing | ErrorCode> {
    const pool = this.poolFor(request);
    if (!pool) return 'LP-UPSTREAM-MISSING';
    const first = await exchange(pool, request, { maxBytes, timeoutMs });
    if (first.is === 'answer') return first.answer;
    if (!first.mayRetry || request.method !== 'GET' || request.body) return first.code;
    const second = await exchange(pool, request, { maxBytes, timeoutMs });
    return second.is === 'answer' ? second.answer : second.code;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}

type Exchanged =
  | { readonly is: 'answer'; readonly answer: Outgoing }
  | { readonly is: 'failed'; readonly code: ErrorCode; readonly mayRetry: boolean };

interface ExchangeLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number | undefined;
}

function exchange(pool: Pool, request: Outbound, limits: ExchangeLimits): Promise<Exchanged> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let interim = 0;
    let head: { status: number; headers: Headers } | undefined;
    let timer: NodeJS.Timeout | undefined;
    const done = (result: Exchanged): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        if (limits.timeoutMs === undefined) return;
        timer = setTimeout(() => controller.abort(stop('LP-ORIGIN-UNREACHABLE')), limits.timeoutMs);
      },
      onResponseStart(controller, status) {
        if (status < 200) {
          if (++interim > MAX_INTERIM) controller.abort(stop('LP-RESPONSE-UNREADABLE'));
          return;
        }
        head = { status, headers: headersFrom(controller.rawHeaders) };
      },
      onResponseData(controller, chunk) {
        size += chunk.length;
        if (size > limits.maxBytes) controller.abort(stop('LP-RESPONSE-TOO-LARGE'));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (head) done({ is: 'answer', answer: { ...head, body: Buffer.concat(chunks) } });
        else done({ is: 'failed', code: 'LP-ORIGIN-UNREACHABLE', mayRetry: false });
      },
      onResponseError(_controller, error) {
        done({ is: 'failed', ...failure(error, head !== undefined) });
      },
    };
    try {
      pool.dispatch(
        {
          method: request.method,
          path: request.target,
          headers: request.headers.flat(),
          body: request.body ?? null,
        },
        handler,
      );
    } catch (error) {
      done({ is: 'failed', ...failure(error, false), mayRetry: false });
    }
  });
}

function stop(code: ErrorCode): LeakproofError {
  return new LeakproofError(code, 'The guard stopped reading the answer of the origin.');
}

/** Header names in lower case, as they stood. */
export function headersFrom(raw: Dispatcher.DispatchController['rawHeaders']): Headers {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map((each: Buffer | string) => (typeof each === 'string' ? each : each.toString('latin1')));
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) headers.push([(texts[at] ?? '').toLowerCase(), texts[at + 1] ?? '']);
  return headers;
}

function failure(error: unknown, hadHead: boolean): { code: ErrorCode; mayRetry: boolean } {
  if (error instanceof LeakproofError) return { code: error.code, mayRetry: false };
  if (hadHead) return { code: 'LP-ORIGIN-CUT-OFF', mayRetry: false };
  if (error instanceof errors.HTTPParserError) return { code: 'LP-RESPONSE-UNREADABLE', mayRetry: false };
  const reset =
    error instanceof errors.SocketError || (error instanceof Error && 'code' in error && error.code === 'ECONNRESET');
  return { code: 'LP-ORIGIN-UNREACHABLE', mayRetry: reset };
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
