import { Transform } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';
import type { ErrorCode, Headers } from '@leakproof/core';
import { connectionOptions, HOP_BY_HOP } from '@leakproof/http';
import type { Passed } from '../../engine/command.ts';
import type { Limits } from '../../limits.ts';
import { type Client, flatHeaders } from './client.ts';

export interface PassThroughOptions {
  readonly pool: Pool | undefined;
  /** The headers to send to the origin. */
  readonly headers: Headers;
  readonly limits: Limits;
  /** The request's body, if it has been read already. */
  readonly body: Uint8Array | undefined;
}

/**
 * Forwards a request unchanged and streams the response back: only hop-by-hop headers are left out. Keeps a copy of both bodies
 * up to the limits.
 */
export function passThrough(client: Client, { pool, headers, limits, body }: PassThroughOptions): Promise<Passed> {
  return new Promise((resolve) => {
    const { message, response, request } = client;
    if (response.destroyed) {
      resolve({ of: 'pass', failed: 'LP-ORIGIN-CUT-OFF' });
      return;
    }
    if (!pool) {
      sendBadGateway(client);
      resolve({ of: 'pass', failed: 'LP-UPSTREAM-MISSING' });
      return;
    }
    const sent = new BodyCopy(limits.maxRequestBytes);
    const got = new BodyCopy(limits.maxBodyBytes);
    let head: { status: number; headers: Headers } | undefined;
    const fail = (code: ErrorCode): void => {
      if (head) {
        response.destroy();
        resolve({ of: 'pass', response: { ...head, body: got.bytes() }, requestBody: sent.bytes(), ended: 'cut-off' });
        return;
      }
      sendBadGateway(client);
      resolve({ of: 'pass', failed: code });
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        response.once('close', () => {
          if (!response.writableFinished) controller.abort(new Error('The client disconnected.'));
        });
      },
      // oxlint-disable-next-line max-params -- the signature is undici's
      onResponseStart(controller, status, _headers, reason) {
        if (status < 200) return;
        head = { status, headers: headersFrom(controller.rawHeaders) };
        const kept = withoutHopByHop(head.headers).filter(
          ([name]) => name !== 'content-length' || message.method !== 'HEAD',
        );
        response.writeHead(status, reason ?? '', flatHeaders(kept));
        response.flushHeaders();
      },
      onResponseData(controller, chunk) {
        got.add(chunk);
        if (response.write(chunk)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd() {
        const finish = (ended: 'complete' | 'cut-off'): void => {
          if (head) resolve({ of: 'pass', response: { ...head, body: got.bytes() }, requestBody: sent.bytes(), ended });
        };
        response.once('close', () => finish(response.writableFinished ? 'complete' : 'cut-off'));
        response.end(() => finish('complete'));
      },
      onResponseError() {
        fail('LP-ORIGIN-UNREACHABLE');
      },
    };
    const hasBody = 'content-length' in message.headers || 'transfer-encoding' in message.headers;
    if (body) sent.add(body);
    try {
      pool.dispatch(
        {
          method: request.method,
          path: request.target,
          headers: flatHeaders(headers.filter(([name]) => name !== 'content-length' || !body)),
          body: body && body.length > 0 ? body : hasBody && !body ? message.pipe(tee(sent)) : null,
        },
        handler,
      );
    } catch {
      fail('LP-ORIGIN-UNREACHABLE');
    }
  });
}

/** All headers in order, names in lower case. */
function headersFrom(raw: Dispatcher.DispatchController['rawHeaders']): Headers {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map((each: Buffer | string) => (typeof each === 'string' ? each : each.toString('latin1')));
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) headers.push([(texts[at] ?? '').toLowerCase(), texts[at + 1] ?? '']);
  return headers;
}

function withoutHopByHop(headers: Headers): Headers {
  const nominated = connectionOptions(headers);
  return headers.filter(([name]) => !HOP_BY_HOP.has(name) && !nominated.has(name));
}

function sendBadGateway({ response }: Client): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(502, ['content-length', '0']);
  response.end();
}

/** A copy of a body, dropped if it grows beyond a limit. */
class BodyCopy {
  readonly #max: number;
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size <= this.#max) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  bytes(): Uint8Array | 'too-large' {
    return this.#size > this.#max ? 'too-large' : Buffer.concat(this.#chunks);
  }
}

function tee(copy: BodyCopy): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      copy.add(chunk);
      done(null, chunk);
    },
  });
}
