import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Transform } from 'node:stream';
import type { ErrorCode, Headers } from '@leakproof/core';
import { connectionOptions, HOP_BY_HOP } from '@leakproof/http';
import type { Passed } from '../../engine/command.ts';
import type { Limits } from '../../limits.ts';
import { type Client, flatHeaders } from './client.ts';
import { sendInformation, writeRawHead } from './raw-head.ts';
import type { Upstream } from './upstreams.ts';

/** Connections that are used by passed requests only. Their number is not bounded: nothing waits for one. */
export class MirrorAgents {
  readonly http = new HttpAgent({ keepAlive: true });
  readonly https = new HttpsAgent({ keepAlive: true });

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

export interface PassThroughOptions {
  readonly agents: MirrorAgents;
  /** Undefined: the endpoint has no address. */
  readonly upstream: Upstream | undefined;
  readonly target: string;
  /** The headers to send to the origin. */
  readonly headers: Headers;
  readonly limits: Limits;
  /** The request's body, if it has been read already. */
  readonly body: Uint8Array | undefined;
}

/** Methods without a body unless the request has one: for others a length of 0 is sent (RFC 9110 §8.6). */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Forwards a request unchanged and streams the response back, byte for byte: status line, headers, interim responses (1xx) and
 * body. Only hop-by-hop headers are left out. Keeps a copy of both bodies up to the limits. Never rejects.
 */
export function passThrough(client: Client, options: PassThroughOptions): Promise<Passed> {
  return new Promise((resolve) => new Passage(client, options, resolve).start());
}

class Passage {
  readonly #client: Client;
  readonly #options: PassThroughOptions;
  readonly #resolve: (passed: Passed) => void;
  readonly #sent: BodyCopy;
  readonly #got: BodyCopy;
  #head: { status: number; headers: Headers } | undefined;
  #request: ClientRequest | undefined;

  // oxlint-disable-next-line max-params -- the third is the promise's
  constructor(client: Client, options: PassThroughOptions, resolve: (passed: Passed) => void) {
    this.#client = client;
    this.#options = options;
    this.#resolve = resolve;
    this.#sent = new BodyCopy(options.limits.maxRequestBytes);
    this.#got = new BodyCopy(options.limits.maxBodyBytes);
  }

  start(): void {
    const { response } = this.#client;
    if (response.destroyed) {
      this.#resolve({ of: 'pass', failed: 'LP-ORIGIN-CUT-OFF' });
      return;
    }
    response.once('close', () => {
      if (!response.writableFinished) this.#request?.destroy();
    });
    this.#send(true);
  }

  #send(mayRetry: boolean): void {
    const { upstream, agents, target, body, headers } = this.#options;
    const { message, request } = this.#client;
    if (!upstream) {
      this.#fail('LP-UPSTREAM-MISSING');
      return;
    }
    const isSecure = upstream.scheme === 'https';
    const streams = !body && ('content-length' in message.headers || 'transfer-encoding' in message.headers);
    try {
      const sent = (isSecure ? httpsRequest : httpRequest)({
        agent: isSecure ? agents.https : agents.http,
        host: upstream.host,
        port: upstream.port,
        method: request.method,
        path: target,
        headers: flatHeaders([...headers.filter(([name]) => name !== 'content-length'), ...this.#framing(streams)]),
        maxHeaderSize: MAX_HEADER_BYTES,
      });
      this.#request = sent;
      sent.on('information', (information) => sendInformation(this.#client, information));
      sent.on('response', (received) => this.#receive(received));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The origin had closed the idle connection.
        const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && !this.#head;
        if (isStale && mayRetry && !streams && BODILESS.has(request.method)) this.#send(false);
        else this.#fail('LP-ORIGIN-UNREACHABLE');
      });
      if (body) this.#sent.add(body);
      if (streams) message.pipe(tee(this.#sent)).pipe(sent);
      else sent.end(body);
    } catch {
      this.#fail('LP-ORIGIN-UNREACHABLE');
    }
  }

  /** How the body is framed; Node would send some requests without saying that a body follows. */
  #framing(streams: boolean): Headers {
    const { message, request } = this.#client;
    const { body } = this.#options;
    if (body) return body.length > 0 || !BODILESS.has(request.method) ? [['content-length', String(body.length)]] : [];
    const length = message.headers['content-length'];
    if (length !== undefined) return [['content-length', length]];
    if (streams) return [['transfer-encoding', 'chunked']];
    return BODILESS.has(request.method) ? [] : [['content-length', '0']];
  }

  #receive(received: IncomingMessage): void {
    const { response } = this.#client;
    const status = received.statusCode ?? 502;
    this.#head = { status, headers: headersOf(received.rawHeaders) };
    writeRawHead(response, {
      status,
      reason: received.statusMessage ?? '',
      headers: withoutHopByHop(this.#head.headers),
    });
    received.on('data', (chunk: Buffer) => {
      this.#got.add(chunk);
      if (response.write(chunk)) return;
      received.pause();
      response.once('drain', () => received.resume());
    });
    received.on('error', () => this.#fail('LP-ORIGIN-UNREACHABLE'));
    received.on('end', () => {
      if (!received.complete) return;
      response.once('close', () => this.#finish(response.writableFinished ? 'complete' : 'cut-off'));
      response.end(() => this.#finish('complete'));
    });
  }

  #finish(ended: 'complete' | 'cut-off'): void {
    if (!this.#head) return;
    const response = { ...this.#head, body: this.#got.bytes() };
    this.#resolve({ of: 'pass', response, requestBody: this.#sent.bytes(), ended });
  }

  #fail(code: ErrorCode): void {
    if (this.#head) {
      this.#client.response.destroy();
      this.#finish('cut-off');
      return;
    }
    sendBadGateway(this.#client);
    this.#resolve({ of: 'pass', failed: code });
  }
}

/** All headers in order, names in lower case. */
function headersOf(raw: readonly string[]): Headers {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '']);
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
