import { type Dispatcher, errors, type Pool } from 'undici';
import { type ErrorCode, type Headers, LeakproofError } from '@leakproof/core';
import type { Outbound, Part } from '../engine/command.ts';
import type { Head } from '../engine/message.ts';

/** More interim answers than this are a fault of the origin (guard pitfall F4). */
const MAX_INTERIM = 8;
/** The origin is paused while this many bytes wait to be pulled. */
const MAX_WAITING_BYTES = 128 * 1024;
/** What is left of an answer nobody wants is read up to here, to keep the connection. */
const MAX_UNWANTED_BYTES = 64 * 1024;

export type Opened =
  | { readonly is: 'answer'; readonly head: Head }
  | { readonly is: 'failed'; readonly code: ErrorCode; readonly mayRetry: boolean };

type Dispatching = Pick<Dispatcher.DispatchController, 'abort' | 'pause' | 'resume' | 'paused' | 'rawHeaders'>;

/** One answer of an origin, read as fast as it is pulled and no faster. Nothing rejects. */
export class OriginAnswer {
  /** The head, or why there is none. */
  readonly opened: Promise<Opened>;
  #settle: (opened: Opened) => void = () => undefined;
  #controller: Dispatching | undefined;
  #head: Head | undefined;
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

  /** Sends the request. `timeoutMs` is for all of the answer. */
  static send(pool: Pool, request: Outbound, timeoutMs?: number): OriginAnswer {
    const answer = new OriginAnswer();
    if (timeoutMs !== undefined) answer.#timer = setTimeout(() => answer.abort('LP-ORIGIN-UNREACHABLE'), timeoutMs);
    try {
      pool.dispatch(
        {
          method: request.method,
          path: request.target,
          headers: request.headers.flat(),
          body: request.body ?? null,
        },
        answer.handler(),
      );
    } catch (error) {
      answer.#fail(error, false);
    }
    return answer;
  }

  handler(): Required<Pick<Dispatcher.DispatchHandler, 'onResponseStart' | 'onResponseData' | 'onResponseEnd'>> &
    Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller) => {
        this.#controller = controller;
        if (this.#stopped) controller.abort(stop(this.#stopped));
      },
      onResponseStart: (controller, status) => {
        if (status >= 200) {
          this.#head = { status, headers: headersFrom(controller.rawHeaders) };
          this.#settle({ is: 'answer', head: this.#head });
        } else if (++this.#interim > MAX_INTERIM) controller.abort(stop('LP-RESPONSE-UNREADABLE'));
      },
      onResponseData: (controller, chunk) => this.#take(controller, chunk),
      onResponseEnd: () => {
        this.#hasEnded = true;
        clearTimeout(this.#timer);
        if (!this.#head) this.#settle({ is: 'failed', code: 'LP-ORIGIN-UNREACHABLE', mayRetry: false });
        this.#wake?.();
      },
      onResponseError: (_controller, error) => this.#fail(error, true),
    };
  }

  /** What has come and was not pulled yet; waits for something, or for the end. */
  async next(): Promise<Part> {
    if (this.#chunks.length === 0 && !this.#hasEnded && !this.#failed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
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
    else this.#fail(stop(code), false);
  }

  /** Nobody wants the rest. */
  discard(): void {
    if (this.#hasEnded || this.#failed) return;
    this.#isUnwanted = true;
    this.#chunks = [];
    if (this.#controller?.paused) this.#controller.resume();
  }

  #take(controller: Dispatching, chunk: Uint8Array): void {
    this.#waiting += chunk.length;
    if (this.#isUnwanted) {
      if (this.#waiting > MAX_UNWANTED_BYTES) this.abort('LP-ORIGIN-CUT-OFF');
      return;
    }
    this.#chunks.push(chunk);
    if (this.#waiting >= MAX_WAITING_BYTES) controller.pause();
    this.#wake?.();
  }

  #fail(error: unknown, wasSent: boolean): void {
    clearTimeout(this.#timer);
    const { code, mayRetry } = failure(error, this.#head !== undefined);
    this.#failed = code;
    this.#settle({ is: 'failed', code, mayRetry: mayRetry && wasSent });
    this.#wake?.();
  }
}

/** Header names in lower case, as they stood. */
export function headersFrom(raw: Dispatcher.DispatchController['rawHeaders']): Headers {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map((each: Buffer | string) => (typeof each === 'string' ? each : each.toString('latin1')));
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) headers.push([(texts[at] ?? '').toLowerCase(), texts[at + 1] ?? '']);
  return headers;
}

function stop(code: ErrorCode): LeakproofError {
  return new LeakproofError(code, 'The guard stopped reading the answer of the origin.');
}

function failure(error: unknown, hadHead: boolean): { code: ErrorCode; mayRetry: boolean } {
  if (error instanceof LeakproofError) return { code: error.code, mayRetry: false };
  if (hadHead) return { code: 'LP-ORIGIN-CUT-OFF', mayRetry: false };
  if (error instanceof errors.HTTPParserError) return { code: 'LP-RESPONSE-UNREADABLE', mayRetry: false };
  const reset =
    error instanceof errors.SocketError || (error instanceof Error && 'code' in error && error.code === 'ECONNRESET');
  return { code: 'LP-ORIGIN-UNREACHABLE', mayRetry: reset };
}
