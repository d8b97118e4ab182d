import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Ledger } from './client-ledger.ts';
import { type Page, targetOf } from './people-origin.ts';

export interface Client {
  readonly sub: string;
  readonly token: string;
}

/** Asks for page after page on one connection until the guard is gone; `onAnswer` hears the status of each whole answer. */
export async function askUntilGone(
  { sub, token }: Client,
  port: number,
  nextPage: () => Page,
  ledger: Ledger,
  onAnswer: (status: number) => void,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    const page = nextPage();
    ledger.asks(sub, page);
    const { status, text, whole } = await get(agent, port, token, targetOf(page));
    ledger.receives(sub, { status, text, whole });
    if (status === 0) break;
    if (whole) onAnswer(status);
  }
  agent.destroy();
}

/** What came back, also if it broke off; status 0 if there was no head. */
export function get(
  agent: Agent,
  port: number,
  token: string,
  path: string,
): Promise<{ readonly status: number; readonly text: string; readonly whole: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let status = 0;
    const done = (whole: boolean): void => resolve({ status, text: Buffer.concat(chunks).toString('latin1'), whole });
    const headers = { host: 'api.test', authorization: `Bearer ${token}` };
    const asking = request({ agent, host: '127.0.0.1', port, path, headers }, (response) => {
      status = response.statusCode ?? 0;
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => undefined);
      response.on('close', () => done(response.complete));
    });
    asking.on('error', () => done(false));
    asking.end();
  });
}

/** Asks for one page, reads its first bytes, and no more. */
export async function readFirstBytes(
  { sub, token }: Client,
  port: number,
  page: Page,
  ledger: Ledger,
): Promise<Socket> {
  ledger.asks(sub, page);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET ${targetOf(page)} HTTP/1.1\r\nHost: api.test\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  const first = await new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('close', () => reject(new Error('The connection ended before an answer.')));
  });
  socket.pause();
  ledger.receives(sub, { status: 200, text: first.toString('latin1'), whole: false });
  return socket;
}
