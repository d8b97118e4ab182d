import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { ClientLogs, Received } from './client-logs.ts';
import { type Page, targetOf } from './people-origin.ts';

export interface Client {
  readonly sub: string;
  readonly token: string;
}

/** A client's connection to a guard, and where its requests and responses are logged. */
export interface Connection {
  readonly client: Client;
  readonly port: number;
  readonly logs: ClientLogs;
}

/**
 * Requests page after page on one connection until there is no response; `onResponse` gets the status of each complete response.
 */
export async function requestUntilGone(
  connection: Connection,
  nextPage: () => Page,
  onResponse: (status: number) => void,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    const { status, isComplete } = await requestPage(connection, nextPage(), agent);
    if (status === 0) break;
    if (isComplete) onResponse(status);
  }
  agent.destroy();
}

/** Requests one page, and logs request and response. */
export async function requestPage({ client, port, logs }: Connection, page: Page, agent: Agent): Promise<Received> {
  logs.addRequest(client.sub, page);
  const received = await new Promise<Received>((resolve) => {
    const chunks: Buffer[] = [];
    let status = 0;
    const done = (isComplete: boolean): void =>
      resolve({ status, text: Buffer.concat(chunks).toString('latin1'), isComplete });
    const headers = { host: 'api.test', authorization: `Bearer ${client.token}` };
    const sent = request({ agent, host: '127.0.0.1', port, path: targetOf(page), headers }, (response) => {
      status = response.statusCode ?? 0;
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => undefined);
      response.on('close', () => done(response.complete));
    });
    sent.on('error', () => done(false));
    sent.end();
  });
  logs.addResponse(client.sub, received);
  return received;
}

/** Requests one page and reads only the first bytes of the response; the connection stays open. */
export async function readFirstBytes({ client, port, logs }: Connection, page: Page): Promise<Socket> {
  logs.addRequest(client.sub, page);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET ${targetOf(page)} HTTP/1.1\r\nHost: api.test\r\nAuthorization: Bearer ${client.token}\r\n\r\n`);
  const first = await new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('close', () => reject(new Error('The connection was closed without a response.')));
  });
  socket.pause();
  logs.addResponse(client.sub, { status: 200, text: first.toString('latin1'), isComplete: false });
  return socket;
}
