import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SmallRequest {
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly path: string;
  /** `alice` for `Authorization: Bearer token-of-alice`. */
  readonly caller: string | undefined;
  /** From 1. */
  readonly number: number;
}

export interface SmallAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Text instead of JSON. */
  readonly text?: string;
}

type Respond = (
  request: SmallRequest,
  raw: { request: IncomingMessage; response: ServerResponse },
) => SmallAnswer | 'handled';

/** A server on loopback for the length of one test, and the requests that it received: `METHOD target caller`. */
export async function startSmallServer(respond: Respond): Promise<{ origin: string; log: string[] }> {
  const log: string[] = [];
  const server = createServer((request, response) => {
    const target = request.url ?? '';
    const [path = ''] = target.split('?', 1);
    const caller = /^Bearer token-of-(\w+)$/.exec(request.headers.authorization ?? '')?.[1];
    const method = request.method ?? '';
    log.push(`${method} ${target} ${caller ?? 'anonymous'}`);
    const answer = respond({ method, target, path, caller, number: log.length }, { request, response });
    if (answer === 'handled') return;
    const { status = 200, headers = {}, body, text } = answer;
    response.writeHead(status, { 'content-type': text === undefined ? 'application/json' : 'text/html', ...headers });
    response.end(text ?? JSON.stringify(body ?? { error: 'no' }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, log };
}
