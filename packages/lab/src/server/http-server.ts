import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LabError } from '../lab-error.ts';
import { type HttpResponse, json } from './http-response.ts';

/** The only address the lab listens on. */
export const LOOPBACK = '127.0.0.1';
/** So long that no test client is disconnected between two requests. */
const KEEP_ALIVE_MS = 60_000;
const MAX_BODY_BYTES = 1_048_576;

interface HttpRequest {
  readonly request: IncomingMessage;
  /** The virtual host, without a port. */
  readonly host: string;
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

export type RequestHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** Listens on loopback; port 0 takes any free one. Throws LP-LAB-PORT. */
export async function listen(
  port: number,
  handler: RequestHandler,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => void serve(request, response, handler));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new LabError('LP-LAB-PORT', `cannot listen on port ${port}`, { cause })));
    server.listen(port, LOOPBACK, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

export function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function serve(request: IncomingMessage, response: ServerResponse, handler: RequestHandler): Promise<void> {
  const answer = await handleRequest(request, handler).catch((error: unknown) => {
    process.stderr.write(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
    return json(500, { status: 500, error_code: 'LAB_FAULT' });
  });
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function handleRequest(request: IncomingMessage, handler: RequestHandler): Promise<HttpResponse> {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const target = request.url ?? '/';
  if (!target.startsWith('/') || !URL.canParse(target, 'http://lab.test')) return json(400, { status: 400 });
  const body = await readBody(request);
  if (body === undefined) return json(413, { status: 413 });
  return handler({ request, host, method: request.method ?? 'GET', url: new URL(target, 'http://lab.test'), body });
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
