import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Headers } from '@leakproof/core';
import { framingOf, type IncomingRequest, type ResponseHead } from '@leakproof/http';
import type { Ended } from '../../engine/command.ts';
import type { SlowReaders } from './slow-readers.ts';

/** One request of a client, and the response to it. */
export interface Client {
  readonly request: IncomingRequest;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly slowReaders: SlowReaders;
}

/** A stream whose client has ended its half of the connection is closed after this time: it may be gone. */
const HALF_CLOSED_MS = 1_000;

const EMPTY = new Uint8Array();

/**
 * The whole body of a request, up to a limit. To be called once. Returns at once if there is no body; rejects if the client
 * disconnects.
 */
export function readRequestBody(
  { message }: Pick<Client, 'message'>,
  maxBytes: number,
): Uint8Array | 'too-large' | Promise<Uint8Array | 'too-large'> {
  if (!('content-length' in message.headers || 'transfer-encoding' in message.headers)) {
    message.resume();
    return EMPTY;
  }
  return new Promise((resolve, reject) => {
    const onGone = (): void => {
      if (!message.complete) reject(new Error('The client disconnected.'));
    };
    // Its events may have been emitted already.
    if (message.destroyed) onGone();
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      message.pause();
      resolve('too-large');
    });
    message.on('end', () => resolve(Buffer.concat(chunks)));
    message.on('error', onGone);
    message.on('close', onGone);
  });
}

/**
 * Sends a whole response; resolves when the operating system has taken it, or the client has disconnected. If the request's body
 * was not read to its end, the connection is closed: the rest could be taken for another request (pitfall F5, docs/pitfalls.md).
 */
export function sendResponse(
  { message, response, slowReaders }: Client,
  head: ResponseHead,
  chunks: readonly Uint8Array[],
): Promise<Ended> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve('cut-off');
      return;
    }
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const taken = slowReaders.watch(response, body.length);
    // Node emits `close` once a response is finished or its connection is closed.
    response.on('close', () => {
      taken();
      resolve(response.writableFinished ? 'complete' : 'cut-off');
    });
    const isBodiless = message.method === 'HEAD' || head.status === 204 || head.status === 304;
    const headers = flatHeaders(head.headers);
    if (!isBodiless) headers.push('content-length', String(body.length));
    if (message.complete) {
      response.writeHead(head.status, headers);
      response.end(isBodiless ? undefined : body);
      return;
    }
    headers.push('connection', 'close');
    response.writeHead(head.status, headers);
    response.end(isBodiless ? undefined : body, () => message.socket.destroySoon());
  });
}

/** Names and values in turn, as Node and undici take them. */
export function flatHeaders(headers: Headers): string[] {
  const list: string[] = [];
  for (const [name, value] of headers) list.push(name, value);
  return list;
}

/**
 * Sends a part of a response, the head with the first part. Resolves when the operating system has taken it: true if the client
 * has disconnected.
 */
export function sendPart(
  { message, response, slowReaders }: Client,
  head: ResponseHead | undefined,
  chunks: readonly Uint8Array[],
): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve(true);
      return;
    }
    if (head) {
      response.writeHead(head.status, flatHeaders(head.headers));
      if (framingOf(head.headers) !== 'json') closeIfHalfClosed(message, response);
    }
    const taken = slowReaders.watch(
      response,
      chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    );
    const onGone = (): void => {
      taken();
      resolve(true);
    };
    response.once('close', onGone);
    for (const chunk of chunks.slice(0, -1)) response.write(chunk);
    response.write(chunks.at(-1) ?? Buffer.alloc(0), (error) => {
      response.off('close', onGone);
      taken();
      resolve(Boolean(error));
    });
  });
}

/** Ends a response that was sent in parts. */
export function finishResponse({ response }: Client): Promise<Ended> {
  return new Promise((resolve) => {
    response.once('close', () => resolve(response.writableFinished ? 'complete' : 'cut-off'));
    if (response.destroyed) resolve('cut-off');
    else response.end(() => resolve('complete'));
  });
}

function closeIfHalfClosed({ socket }: IncomingMessage, response: ServerResponse): void {
  const close = (): void => void setTimeout(() => response.destroy(), HALF_CLOSED_MS).unref();
  if (socket.readableEnded) close();
  else {
    socket.once('end', close);
    response.once('close', () => socket.off('end', close));
  }
}
