import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors, type Pool } from 'undici';
import { type ErrorCode, type Headers, LeakproofError } from '@leakproof/core';
import type { BodyPart, OutboundRequest, ResponseHead } from '@leakproof/http';
import { flat } from './client.ts';

/** More interim answers than this are a fault of the origin (guard pitfall F4). */
const MAX_INTERIM = 8;
/** The origin is paused while this many bytes wait to be pulled. */
const MAX_WAITING_BYTES = 128 * 1024;
/** What is left of an answer nobody wants is read up to here, to keep the connection. */
const MAX_UNWANTED_BYTES = 64 * 1024;

type Dispatching = Pick<Dispatcher.DispatchController, 'abort' | 'pause' | 'resume' | 'paused'>;

/**
 * One answer of an origin, read as fast as it is pulled and no faster. Nothing rejects. What undici calls is called in order:
 * start, head, data, end, or an error at any time.
 */
export class OriginAnswer implements Dispatcher.DispatchHandler {
  /** The head, or why there is none. */
  readonly opened: Promise<ResponseHead | ErrorCode>;
  #settle: (opened: ResponseHead | ErrorCode) => void = () => undefined;
  #retry: (() => void) | undefined;
  #controller: Dispatching | undefined;
  #head: ResponseHead | undefined;
  #interim = 0;
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #hasEnded = false;
  #isUnwanted = false;
  #failed: ErrorCode | undefined;
  #stopped: ErrorCode | undefined;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /**
   * Sends the request. A connection that the origin closed while idle is tried once more where nothing was sent that could
   * have had an effect. `timeoutMs` is for all of the answer.
   */
  static send(pool: Pool, request: OutboundRequest, timeoutMs?: number): OriginAnswer {
    const answer = new OriginAnswer();
    if (timeoutMs !== undefined) answer.#timer = setTimeout(() => answer.abort('LP-ORIGIN-UNREACHABLE'), timeoutMs);
    if (request.method === 'GET' && !request.body) answer.#retry = () => answer.#dispatch(pool, request);
    answer.#dispatch(pool, request);
    return answer;
  }

  #dispatch(pool: Pool, { method, target: path, headers, body }: OutboundRequest): void {
    if (this.#stopped) {
      this.#fail(this.#stopped);
      return;
    }
    try {
      pool.dispatch({ method, path, headers: flat(headers), body: body ?? null }, this);
    } catch (error) {
      this.#fail(failure(error, false));
    }
  }

  onRequestStart(controller: Dispatching): void {
    this.#controller = controller;
    if (this.#stopped) controller.abort(stop(this.#stopped));
  }

  onResponseStart(controller: Dispatching, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200) {
      this.#head = { status, headers: headersOf(headers) };
      this.#settle(this.#head);
    } else if (++this.#interim > MAX_INTERIM) controller.abort(stop('LP-RESPONSE-UNREADABLE'));
  }

  onResponseData(controller: Dispatching, chunk: Uint8Array): void {
    this.#waiting += chunk.length;
    if (this.#isUnwanted) {
      if (this.#waiting > MAX_UNWANTED_BYTES) this.abort('LP-ORIGIN-CUT-OFF');
      return;
    }
    this.#chunks.push(chunk);
    if (this.#waiting >= MAX_WAITING_BYTES) controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#hasEnded = true;
    // It holds the bytes that the head came in, for as long as somebody holds this.
    this.#controller = undefined;
    clearTimeout(this.#timer);
    if (!this.#head) this.#settle('LP-ORIGIN-UNREACHABLE');
    this.#wake?.();
  }

  onResponseError(_controller: Dispatching | undefined, error: Error): void {
    const retry = this.#retry;
    this.#retry = undefined;
    if (retry && !this.#head && isReset(error)) queueMicrotask(retry);
    else this.#fail(failure(error, this.#head !== undefined));
  }

  /** What has come and was not pulled yet: at once, if there is something or it is over. */
  next(): BodyPart | Promise<BodyPart> {
    if (this.#chunks.length > 0 || this.#hasEnded || this.#failed) return this.#part();
    return new Promise<void>((resolve) => (this.#wake = resolve)).then(() => this.#part());
  }

  #part(): BodyPart {
    if (this.#failed) return { failed: this.#failed };
    const part = { chunks: this.#chunks, isLast: this.#hasEnded };
    this.#chunks = [];
    this.#waiting = 0;
    if (this.#controller?.paused) this.#controller.resume();
    return part;
  }

  /** Reads no further. */
  abort(code: ErrorCode): void {
    if (this.#hasEnded || this.#failed) return;
    this.#stopped = code;
    if (this.#controller) this.#controller.abort(stop(code));
    else this.#fail(code);
  }

  /** Nobody wants the rest. */
  discard(): void {
    if (this.#hasEnded || this.#failed) return;
    this.#isUnwanted = true;
    this.#chunks = [];
    if (this.#controller?.paused) this.#controller.resume();
  }

  #fail(code: ErrorCode): void {
    clearTimeout(this.#timer);
    this.#failed = code;
    this.#settle(code);
    this.#wake?.();
  }
}

/** Of headers by name, each as often as it stood there. */
function headersOf(headers: IncomingHttpHeaders): Headers {
  const list: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') list.push([name, value]);
    else for (const each of value ?? []) list.push([name, each]);
  }
  return list;
}

function stop(code: ErrorCode): LeakproofError {
  return new LeakproofError(code, 'The guard stopped reading the answer of the origin.');
}

function failure(error: unknown, hadHead: boolean): ErrorCode {
  if (error instanceof LeakproofError) return error.code;
  if (hadHead) return 'LP-ORIGIN-CUT-OFF';
  return error instanceof errors.HTTPParserError ? 'LP-RESPONSE-UNREADABLE' : 'LP-ORIGIN-UNREACHABLE';
}

/** The connection was closed, or broke. */
function isReset(error: Error): boolean {
  if (error instanceof LeakproofError || error instanceof errors.HTTPParserError) return false;
  return error instanceof errors.SocketError || ('code' in error && error.code === 'ECONNRESET');
}
