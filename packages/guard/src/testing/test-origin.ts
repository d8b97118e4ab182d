import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** An origin on loopback, with the request lines, raw headers and bodies that it received. */
export interface TestOrigin {
  readonly port: number;
  readonly received: { line: string; headers: readonly string[]; body: string }[];
}

/** Starts an origin whose responses `respond` writes. */
export async function startOrigin(
  respond: (message: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<TestOrigin> {
  const received: TestOrigin['received'] = [];
  const listener: RequestListener = (message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ line: `${message.method} ${message.url}`, headers: message.rawHeaders, body });
      respond(message, response, body);
    });
  };
  return { port: await listen(createServer(listener)), received };
}

/** Starts an origin that sends `bytes` on every connection after the first data received, and then closes it. */
export async function startRawOrigin(bytes: string | Uint8Array): Promise<TestOrigin> {
  const received: TestOrigin['received'] = [];
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => {
      received.push({ line: chunk.toString().split('\r\n', 1)[0] ?? '', headers: [], body: '' });
      socket.end(bytes);
    });
  });
  return { port: await listen(server), received };
}

function listen(server: Server | SocketServer): Promise<number> {
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
