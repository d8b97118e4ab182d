import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Headers } from '@leakproof/core';
import type { Ended } from '../../engine/command.ts';
import type { ResponseHead, IncomingRequest, FullResponse } from '@leakproof/http';

/** One request's connection to its client. */
export interface Client {
  readonly request: IncomingRequest;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

const EMPTY = new Uint8Array();

/** The whole body of a request, up to a limit; to be read once. At once, if there is none; rejects if the client goes away. */
export function readBody(
  { message }: Pick<Client, 'message'>,
  maxBytes: number,
): Uint8Array | 'too-large' | Promise<Uint8Array | 'too-large'> {
  if (!('content-length' in message.headers || 'transfer-encoding' in message.headers)) {
    message.resume();
    return EMPTY;
  }
  return new Promise((resolve, reject) => {
    const gone = (): void => {
      if (!message.complete) reject(new Error('The client went away.'));
    };
    // Its events may be over by the time somebody wants the body.
    if (message.destroyed) gone();
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
    message.on('error', gone);
    message.on('close', gone);
  });
}

/**
 * Sends a whole answer and waits until the operating system has it all. If the request's body was not read to its end the
 * connection is closed: what follows on it could be taken for another request (guard pitfall F5).
 */
export function sendAnswer({ message, response }: Client, answer: FullResponse): Promise<Ended> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve('cut-off');
      return;
    }
    // Node closes a response once it is finished, or its connection is gone.
    response.on('close', () => resolve(response.writableFinished ? 'complete' : 'cut-off'));
    const bodiless = message.method === 'HEAD' || answer.status === 204 || answer.status === 304;
    const headers = flat(answer.headers);
    if (!bodiless) headers.push('content-length', String(answer.body.length));
    if (message.complete) {
      response.writeHead(answer.status, headers);
      response.end(bodiless ? undefined : answer.body);
      return;
    }
    headers.push('connection', 'close');
    response.writeHead(answer.status, headers);
    response.end(bodiless ? undefined : answer.body, () => message.socket.destroySoon());
  });
}

/** Names and values in turn, as Node and undici take them. */
export function flat(headers: Headers): string[] {
  const list: string[] = [];
  for (const [name, value] of headers) list.push(name, value);
  return list;
}

/** Sends a part of an answer, the head with the first; true if the client is gone. Waits until the operating system has it. */
export function sendPart(
  { response }: Client,
  head: ResponseHead | undefined,
  chunks: readonly Uint8Array[],
): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve(true);
      return;
    }
    if (head) response.writeHead(head.status, flat(head.headers));
    const gone = (): void => resolve(true);
    response.once('close', gone);
    for (const chunk of chunks.slice(0, -1)) response.write(chunk);
    response.write(chunks.at(-1) ?? Buffer.alloc(0), (error) => {
      response.off('close', gone);
      resolve(Boolean(error));
    });
  });
}

/** Ends an answer that was sent in parts. */
export function finishAnswer({ response }: Client): Promise<Ended> {
  return new Promise((resolve) => {
    response.once('close', () => resolve(response.writableFinished ? 'complete' : 'cut-off'));
    if (response.destroyed) resolve('cut-off');
    else response.end(() => resolve('complete'));
  });
}
