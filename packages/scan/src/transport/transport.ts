import { type Endpoint, type Headers, LeakproofError } from '@leakproof/core';
import { Agent } from 'undici';
import { decodeContent, STRICT } from '@leakproof/http';
import { resolveEndpoint, type ResolvedEndpoint, type ResolveOptions } from './resolve-endpoint.ts';

/** A request without credentials. `target` is in origin-form (RFC 9112 §3.2.1). */
export interface RequestTemplate {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
}

/** A response, its body decoded. */
export interface HttpResponse {
  readonly type: 'response';
  readonly status: number;
  readonly contentType: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Why there is no response. */
export interface NoResponse {
  readonly type: 'no-response';
  readonly reason: string;
}

export interface Transport {
  /** Never throws for a network error. Redirects are not followed. */
  send(endpoint: Endpoint, template: RequestTemplate, credential: Headers): Promise<HttpResponse | NoResponse>;
  /** Number of requests sent. */
  readonly sent: number;
  close(): Promise<void>;
}

export interface TransportOptions extends ResolveOptions {
  readonly connections: number;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Opens connections to these endpoints, and to no others. Throws the codes of `resolveEndpoint`. */
export async function openTransport(endpoints: readonly Endpoint[], options: TransportOptions): Promise<Transport> {
  const resolved = new Map<string, ResolvedEndpoint>();
  for (const endpoint of endpoints) {
    const key = keyOf(endpoint);
    if (!resolved.has(key)) resolved.set(key, await resolveEndpoint(endpoint, options));
  }
  const agents = new Map<string, Agent>();
  let sent = 0;
  const agentFor = (target: ResolvedEndpoint): Agent => {
    const key = `${target.scheme}://${target.hostname}`;
    const agent =
      agents.get(key) ??
      new Agent({
        connections: options.connections,
        headersTimeout: options.timeoutMs,
        bodyTimeout: options.timeoutMs,
        connect: { timeout: options.timeoutMs, ...(target.scheme === 'https' ? { servername: target.hostname } : {}) },
      });
    agents.set(key, agent);
    return agent;
  };
  const attempt = async (
    target: ResolvedEndpoint,
    template: RequestTemplate,
    credential: Headers,
  ): Promise<HttpResponse | NoResponse> => {
    sent += 1;
    const host = target.address.includes(':') ? `[${target.address}]` : target.address;
    const response = await agentFor(target).request({
      origin: `${target.scheme}://${host}:${target.port}`,
      path: template.target,
      method: template.method,
      headers: headersFor(target, template, credential),
      body: template.body ?? null,
      signal: deadline(options),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > options.maxBodyBytes) {
        response.body.destroy();
        return noResponse(`the response is longer than ${options.maxBodyBytes} bytes`);
      }
      chunks.push(chunk);
    }
    const coding = [['content-encoding', textOf(response.headers['content-encoding'])]] as const;
    const { maxBodyBytes: maxBytes } = options;
    const body = decodeContent(coding, Buffer.concat(chunks), { ...STRICT, maxBytes, maxRatio: MAX_RATIO });
    const headers = headersIn(response.headers);
    if (typeof body === 'string') return noResponse('the content coding of the response is not supported');
    return {
      type: 'response',
      status: response.statusCode,
      contentType: textOf(response.headers['content-type']),
      headers,
      body,
    };
  };
  return {
    get sent() {
      return sent;
    },
    send: async (endpoint, template, credential) => {
      const target = resolved.get(keyOf(endpoint));
      if (!target) throw new LeakproofError('LP-TARGET-REFUSED', `${endpoint.authority} is not a server of this run.`);
      for (let tries = 0; ; tries++) {
        try {
          return await attempt(target, template, credential);
        } catch (error) {
          if (options.signal?.aborted) return noResponse('interrupted');
          if (tries > 0 || isTimeout(error)) return noResponse(reasonOf(error));
        }
      }
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** A response that takes longer in all than this many times the limit for its next part is given up. */
const MAX_PARTS_OF_TIME = 2;

/** Ends a response that never ends, one byte after another. */
function deadline({ signal, timeoutMs }: TransportOptions): AbortSignal {
  const whole = AbortSignal.timeout(timeoutMs * MAX_PARTS_OF_TIME);
  return signal ? AbortSignal.any([signal, whole]) : whole;
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || ('code' in error && /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(String(error.code))));

function headersIn(received: Record<string, string | string[] | undefined>): Headers {
  return Object.entries(received).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => [name.toLowerCase(), each] as const),
  );
}

/** Decoded bytes of a response per encoded byte; more is refused as a decompression bomb. */
const MAX_RATIO = 1_000;

const keyOf = (endpoint: Endpoint): string => `${endpoint.scheme}://${endpoint.authority}`;

function headersFor(target: ResolvedEndpoint, template: RequestTemplate, credential: Headers): Record<string, string> {
  return Object.fromEntries([
    ['accept', 'application/json'],
    ['accept-encoding', 'identity'],
    ['cache-control', 'no-cache'],
    ['user-agent', 'leakproof-scan'],
    ...template.headers,
    ...credential,
    ['host', target.authority],
  ]);
}

const noResponse = (reason: string): NoResponse => ({ type: 'no-response', reason });

function textOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header.join(', ') : (header ?? '')).toLowerCase();
}

/** The code of a network error. Its message is not used: it may contain a URL or a credential. */
function reasonOf(error: unknown): string {
  if (isTimeout(error)) return 'the server did not respond in time';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no response';
  return `the server did not respond (${code})`;
}
