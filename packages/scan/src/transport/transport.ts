import { type CompiledContract, type Endpoint, type Headers, LeakproofError } from '@leakproof/core';
import { Agent } from 'undici';
import { decodeContent, STRICT } from '@leakproof/http';
import { findTarget, type ResolvedEndpoint, type TargetOptions } from './find-target.ts';

/** One request to a door, before its caller is known. `target` is origin-form. */
export interface RequestTemplate {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
}

/** What came back. */
export interface Reply {
  readonly type: 'reply';
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Why nothing came back. */
export interface NoReply {
  readonly type: 'no-reply';
  readonly reason: string;
}

export interface Transport {
  /** Never throws for what the network does. Redirects are not followed. */
  send(endpoint: Endpoint, sketch: RequestTemplate, credential: Headers): Promise<Reply | NoReply>;
  /** Requests sent so far. */
  readonly sent: number;
  close(): Promise<void>;
}

export interface TransportOptions extends TargetOptions {
  readonly connections: number;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Opens the way to the doors of the contract, and to nothing else. Throws as `findTarget` does. */
export async function openTransport(contract: CompiledContract, options: TransportOptions): Promise<Transport> {
  const targets = new Map<string, ResolvedEndpoint>();
  for (const server of contract.servers) {
    for (const endpoint of Object.values(server.endpoints)) {
      const key = keyOf(endpoint);
      if (!targets.has(key)) targets.set(key, await findTarget(endpoint, options));
    }
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
    sketch: RequestTemplate,
    credential: Headers,
  ): Promise<Reply | NoReply> => {
    sent += 1;
    const host = target.address.includes(':') ? `[${target.address}]` : target.address;
    const response = await agentFor(target).request({
      origin: `${target.scheme}://${host}:${target.port}`,
      path: sketch.target,
      method: sketch.method,
      headers: headersFor(target, sketch, credential),
      body: sketch.body ?? null,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > options.maxBodyBytes) {
        response.body.destroy();
        return noReply(`the answer is longer than ${options.maxBodyBytes} bytes`);
      }
      chunks.push(chunk);
    }
    const coding = [['content-encoding', textOf(response.headers['content-encoding'])]] as const;
    const { maxBodyBytes: maxBytes } = options;
    const body = decodeContent(coding, Buffer.concat(chunks), { ...STRICT, maxBytes, maxRatio: MAX_RATIO });
    if (typeof body === 'string') return noReply('the answer is compressed in a way that is not read');
    return { type: 'reply', status: response.statusCode, contentType: textOf(response.headers['content-type']), body };
  };
  return {
    get sent() {
      return sent;
    },
    send: async (endpoint, sketch, credential) => {
      const target = targets.get(keyOf(endpoint));
      if (!target) throw new LeakproofError('LP-TARGET-REFUSED', `${endpoint.authority} is no server of the contract.`);
      for (let tries = 0; ; tries++) {
        try {
          return await attempt(target, sketch, credential);
        } catch (error) {
          if (options.signal?.aborted) return noReply('interrupted');
          if (tries > 0) return noReply(reasonOf(error));
        }
      }
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** A compressed answer may grow by so much. */
const MAX_RATIO = 1_000;

const keyOf = (endpoint: Endpoint): string => `${endpoint.scheme}://${endpoint.authority}`;

function headersFor(target: ResolvedEndpoint, sketch: RequestTemplate, credential: Headers): Record<string, string> {
  return Object.fromEntries([
    ['accept', 'application/json'],
    ['accept-encoding', 'identity'],
    ['cache-control', 'no-cache'],
    ['user-agent', 'leakproof-scan'],
    ...sketch.headers,
    ...credential,
    ['host', target.authority],
  ]);
}

const noReply = (reason: string): NoReply => ({ type: 'no-reply', reason });

function textOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header.join(', ') : (header ?? '')).toLowerCase();
}

/** The code of a network error; its message could hold more than is ours to print. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer';
  return `the server did not answer (${code})`;
}
