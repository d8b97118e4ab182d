import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ended } from '../engine/command.ts';
import type { Head, Incoming, Outgoing } from '../engine/message.ts';

/** One request's connection to its client. */
export interface Client {
  readonly request: Incoming;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** The whole body of a request, read once, up to a limit. A client that goes away leaves an empty one. */
export function bodyReader(
  { message }: Pick<Client, 'message'>,
  maxBytes: number,
): () => Promise<Uint8Array | 'too-large'> {
  let reading: Promise<Uint8Array | 'too-large'> | undefined;
  return () => (reading ??= readBody(message, maxBytes));
}

function readBody(message: IncomingMessage, maxBytes: number): Promise<Uint8Array | 'too-large'> {
  if (!('content-length' in message.headers || 'transfer-encoding' in message.headers)) {
    message.resume();
    return Promise.resolve(new Uint8Array());
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
export function sendAnswer({ message, response }: Client, answer: Outgoing): Promise<Ended> {
  return new Promise((resolve) => {
    response.once('finish', () => resolve('complete'));
    response.once('close', () => resolve(response.writableFinished ? 'complete' : 'cut-off'));
    if (response.destroyed) {
      resolve('cut-off');
      return;
    }
    const unread = !message.complete;
    const bodiless = message.method === 'HEAD' || answer.status === 204 || answer.status === 304;
    const headers = [
      ...answer.headers,
      ...(bodiless ? [] : ([['content-length', String(answer.body.length)]] as const)),
      ...(unread ? ([['connection', 'close']] as const) : []),
    ];
    response.writeHead(answer.status, headers.flat());
    response.end(bodiless ? undefined : answer.body, () => {
      if (unread) message.socket.destroySoon();
    });
  });
}

/** Sends a part of an answer, the head with the first; true if the client is gone. Waits until the operating system has it. */
export function sendPart(
  { response }: Client,
  head: Head | undefined,
  chunks: readonly Uint8Array[],
): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve(true);
      return;
    }
    if (head) response.writeHead(head.status, head.headers.flat());
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
