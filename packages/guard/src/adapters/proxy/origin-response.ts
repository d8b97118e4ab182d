import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors, type Pool } from 'undici';
import { type ErrorCode, type Headers, LeakproofError } from '@leakproof/core';
import { type BodyPart, framingOf, type OutboundRequest, type ResponseHead } from '@leakproof/http';
import { flatHeaders } from './client.ts';
import type { Lease, Waiting } from './connection-limiter.ts';

/** An origin that sends more interim responses (1xx) is at fault (pitfall F4, docs/pitfalls.md). */
const MAX_INTERIM = 8;
/** The origin is paused while so many bytes have not been read (pitfall R1). */
const MAX_PENDING_BYTES = 128 * 1024;
/** The unread rest of a body is received up to this size and for this time, so that the connection can be reused. */
const MAX_DISCARDED_BYTES = 64 * 1024;
const MAX_DISCARDING_MS = 1_000;

export interface SendSettings {
  /** For the whole response. */
  readonly timeoutMs?: number;
  /** Takes the right to a connection, before the request is sent. Undefined: there is none. */
  readonly takeLease?: (onExpelled: () => void) => Lease | Waiting | undefined;
}

type Controller = Pick<Dispatcher.DispatchController, 'abort' | 'pause' | 'resume' | 'paused'>;

/**
 * One response of an origin, received as fast as it is read. No promise of it rejects. undici calls the `on…` methods in this
 * order: start, head, data, end; or an error at any time.
 */
export class OriginResponse implements Dispatcher.DispatchHandler {
  /** The head, or why there is none. */
  readonly opened: Promise<ResponseHead | ErrorCode>;
  #resolveOpened: (opened: ResponseHead | ErrorCode) => void = () => undefined;
  #retry: (() => void) | undefined;
  #controller: Controller | undefined;
  #head: ResponseHead | undefined;
  #interimCount = 0;
  #chunks: Uint8Array[] = [];
  #pendingBytes = 0;
  #hasEnded = false;
  #isDiscarded = false;
  #failed: ErrorCode | undefined;
  #aborted: ErrorCode | undefined;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lease: Lease | undefined;
  #waiting: Waiting | undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.#resolveOpened = resolve;
    });
  }

  /**
   * Sends the request, once it may have a connection; LP-ORIGIN-BUSY if it may not. A GET without a body is sent a second time if
   * the origin had closed the idle connection.
   */
  static send(pool: Pool, request: OutboundRequest, { timeoutMs, takeLease }: SendSettings = {}): OriginResponse {
    const response = new OriginResponse();
    if (timeoutMs !== undefined) response.#timer = setTimeout(() => response.abort('LP-ORIGIN-UNREACHABLE'), timeoutMs);
    const dispatch = (): void => response.#dispatch(pool, request);
    if (request.method === 'GET' && !request.body) response.#retry = dispatch;
    if (takeLease)
      response.#dispatchWith(
        takeLease(() => response.abort('LP-ORIGIN-BUSY')),
        dispatch,
      );
    else dispatch();
    return response;
  }

  #dispatchWith(taken: Lease | Waiting | undefined, dispatch: () => void): void {
    if (!taken) this.#fail('LP-ORIGIN-BUSY');
    else if ('release' in taken) {
      this.#lease = taken;
      dispatch();
    } else {
      this.#waiting = taken;
      void this.#dispatchAfter(taken, dispatch);
    }
  }

  async #dispatchAfter({ lease: waited }: Waiting, dispatch: () => void): Promise<void> {
    const lease = await waited;
    this.#waiting = undefined;
    if (this.#failed) lease?.release();
    else this.#dispatchWith(lease, dispatch);
  }

  #dispatch(pool: Pool, { method, target: path, headers, body }: OutboundRequest): void {
    if (this.#aborted) {
      this.#fail(this.#aborted);
      return;
    }
    try {
      pool.dispatch({ method, path, headers: flatHeaders(headers), body: body ?? null }, this);
    } catch (error) {
      this.#fail(codeOf(error, false));
    }
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(abortError(this.#aborted));
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200) {
      const head = { status, headers: headersOf(headers) };
      const framing = framingOf(head.headers);
      if (framing && framing !== 'json' && this.#lease?.becomeLong() === false) {
        controller.abort(abortError('LP-ORIGIN-BUSY'));
        return;
      }
      this.#head = head;
      this.#resolveOpened(head);
    } else if (++this.#interimCount > MAX_INTERIM) controller.abort(abortError('LP-RESPONSE-UNREADABLE'));
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    this.#pendingBytes += chunk.length;
    if (this.#isDiscarded) {
      if (this.#pendingBytes > MAX_DISCARDED_BYTES) this.abort('LP-ORIGIN-CUT-OFF');
      return;
    }
    this.#chunks.push(chunk);
    if (this.#pendingBytes >= MAX_PENDING_BYTES) controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#hasEnded = true;
    // The controller holds the bytes of the head; this object may be held for longer.
    this.#controller = undefined;
    clearTimeout(this.#timer);
    this.#lease?.release();
    if (!this.#head) this.#resolveOpened('LP-ORIGIN-UNREACHABLE');
    this.#wake?.();
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    const retry = this.#retry;
    this.#retry = undefined;
    if (retry && !this.#head && isConnectionError(error)) queueMicrotask(retry);
    else this.#fail(codeOf(error, this.#head !== undefined));
  }

  /** The bytes received and not read yet; returns at once if there are any, or the response has ended. */
  next(): BodyPart | Promise<BodyPart> {
    if (this.#chunks.length > 0 || this.#hasEnded || this.#failed) return this.#part();
    return new Promise<void>((resolve) => (this.#wake = resolve)).then(() => this.#part());
  }

  #part(): BodyPart {
    if (this.#failed) return { failed: this.#failed };
    const part = { chunks: this.#chunks, isLast: this.#hasEnded };
    this.#chunks = [];
    this.#pendingBytes = 0;
    if (this.#controller?.paused) this.#controller.resume();
    return part;
  }

  /** Closes the connection, unless the response has ended. */
  abort(code: ErrorCode): void {
    if (this.#hasEnded || this.#failed) return;
    this.#aborted = code;
    if (this.#controller) this.#controller.abort(abortError(code));
    else this.#fail(code);
  }

  /** Ignores the rest of the body. */
  discard(): void {
    if (this.#hasEnded || this.#failed) return;
    this.#isDiscarded = true;
    this.#chunks = [];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.abort('LP-ORIGIN-CUT-OFF'), MAX_DISCARDING_MS).unref();
    if (this.#controller?.paused) this.#controller.resume();
  }

  #fail(code: ErrorCode): void {
    clearTimeout(this.#timer);
    this.#lease?.release();
    this.#waiting?.cancel();
    this.#failed = code;
    this.#resolveOpened(code);
    this.#wake?.();
  }
}

/** One entry for each time that the origin sent a header. */
function headersOf(headers: IncomingHttpHeaders): Headers {
  const list: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') list.push([name, value]);
    else for (const each of value ?? []) list.push([name, each]);
  }
  return list;
}

function abortError(code: ErrorCode): LeakproofError {
  return new LeakproofError(code, 'The guard stopped reading the response of the origin.');
}

function codeOf(error: unknown, hadHead: boolean): ErrorCode {
  if (error instanceof LeakproofError) return error.code;
  if (hadHead) return 'LP-ORIGIN-CUT-OFF';
  return error instanceof errors.HTTPParserError ? 'LP-RESPONSE-UNREADABLE' : 'LP-ORIGIN-UNREACHABLE';
}

/** The connection was closed or broken. */
function isConnectionError(error: Error): boolean {
  if (error instanceof LeakproofError || error instanceof errors.HTTPParserError) return false;
  return error instanceof errors.SocketError || ('code' in error && error.code === 'ECONNRESET');
}
