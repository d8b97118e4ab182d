import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Transform } from 'node:stream';
import type { ErrorCode, Headers } from '@leakproof/core';
import { connectionOptions, HOP_BY_HOP } from '@leakproof/http';
import type { Ended, Passed } from '../../engine/command.ts';
import type { ResponseCopy } from './backlog.ts';
import { Deferred } from './deferred.ts';
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
  /** Of the request's body, what is copied at most. */
  readonly maxRequestBytes: number;
  /** The request's body, if it has been read already. */
  readonly body: Uint8Array | undefined;
  /** Where a copy of the response's body goes. */
  readonly copy: ResponseCopy;
}

/** Methods without a body unless the request has one: for others a length of 0 is sent (RFC 9110 §8.6). */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Forwards a request unchanged and streams the response back, byte for byte: status line, headers, interim responses (1xx) and
 * body. Only hop-by-hop headers are left out. What is copied is copied after it was sent. Its promises never reject.
 */
export class Passage {
  readonly #client: Client;
  readonly #options: PassThroughOptions;
  readonly #head = new Deferred<Passed>();
  readonly #ended = new Deferred<Ended>();
  readonly #sent: RequestCopy;
  #hasHead = false;
  #request: ClientRequest | undefined;

  constructor(client: Client, options: PassThroughOptions) {
    this.#client = client;
    this.#options = options;
    this.#sent = new RequestCopy(options.maxRequestBytes);
  }

  /** The head of the response, once it was forwarded; or why there is none. */
  get head(): Promise<Passed> {
    return this.#head.promise;
  }

  /** How the response ended. */
  get ended(): Promise<Ended> {
    return this.#ended.promise;
  }

  /** What was forwarded of the request's body, once it or the response has ended. */
  get requestBody(): Promise<Uint8Array | 'too-large'> {
    return this.#sent.whole;
  }

  get copy(): ResponseCopy {
    return this.#options.copy;
  }

  start(): this {
    const { response } = this.#client;
    if (response.destroyed) {
      this.#fail('LP-ORIGIN-CUT-OFF');
      return this;
    }
    response.once('close', () => {
      if (!response.writableFinished) this.#request?.destroy();
    });
    this.#send(true);
    return this;
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
        const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && !this.#hasHead;
        if (isStale && mayRetry && !streams && BODILESS.has(request.method)) this.#send(false);
        else this.#fail('LP-ORIGIN-UNREACHABLE');
      });
      if (body) this.#sent.add(body);
      if (streams) message.pipe(tee(this.#sent)).pipe(sent);
      else {
        this.#sent.end();
        sent.end(body);
      }
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
    const { copy } = this.#options;
    const status = received.statusCode ?? 502;
    const headers = headersOf(received.rawHeaders);
    this.#hasHead = true;
    writeRawHead(response, { status, reason: received.statusMessage ?? '', headers: withoutHopByHop(headers) });
    this.#head.resolve({ of: 'pass', response: { status, headers } });
    received.on('data', (chunk: Buffer) => {
      const isTaken = response.write(chunk);
      copy.add(chunk);
      if (isTaken) return;
      received.pause();
      response.once('drain', () => received.resume());
    });
    received.on('error', () => this.#fail('LP-ORIGIN-UNREACHABLE'));
    received.on('end', () => {
      if (!received.complete) return;
      response.once('close', () => this.#end(response.writableFinished ? 'complete' : 'cut-off'));
      response.end(() => this.#end('complete'));
      copy.end('whole');
    });
  }

  #end(ended: Ended): void {
    this.#options.copy.end('LP-ORIGIN-CUT-OFF');
    this.#sent.end();
    this.#ended.resolve(ended);
  }

  #fail(code: ErrorCode): void {
    if (this.#hasHead) this.#client.response.destroy();
    else sendBadGateway(this.#client);
    this.#head.resolve({ of: 'pass', failed: code });
    this.#end('cut-off');
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

/** A copy of a request's body, dropped if it grows beyond a limit. */
class RequestCopy {
  readonly #max: number;
  readonly #whole = new Deferred<Uint8Array | 'too-large'>();
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get whole(): Promise<Uint8Array | 'too-large'> {
    return this.#whole.promise;
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size <= this.#max) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  end(): void {
    this.#whole.resolve(this.#size > this.#max ? 'too-large' : Buffer.concat(this.#chunks));
    this.#chunks = [];
  }
}

function tee(copy: RequestCopy): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      copy.add(chunk);
      done(null, chunk);
    },
    flush(done) {
      copy.end();
      done();
    },
  });
}
