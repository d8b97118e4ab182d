import { connect, type Socket } from 'node:net';
import { LOOPBACK } from '../server/front-desk.ts';
import { responseReader } from './response-reader.ts';
import type { ProbeRequest, ProbeResponse } from './probe.ts';

/** A plain HTTP client of one lab on loopback: a few connections, requests sent without waiting (RFC 9112, 9.3.2). */
export interface Visitor {
  ask(host: string, probe: ProbeRequest, headers?: Readonly<Record<string, string>>): Promise<ProbeResponse>;
  close(): void;
}

const CONNECTIONS = 4;

export function openVisitor(port: number): Visitor {
  const lines = Array.from({ length: CONNECTIONS }, () => openLine(port));
  let turn = 0;
  /** The lab hangs up on idle connections: a dead line is opened anew. */
  const lineAt = (place: number): Line => {
    const line = lines[place];
    if (line !== undefined && !line.socket.destroyed) return line;
    const fresh = openLine(port);
    lines[place] = fresh;
    return fresh;
  };
  return {
    close: () => lines.forEach(({ socket }) => socket.destroy()),
    ask: (host, probe, headers) => {
      const line = lineAt(turn++ % CONNECTIONS);
      return new Promise((resolve, reject) => {
        line.waiting.push({ resolve, reject });
        line.socket.write(writeRequest(host, probe, headers));
      });
    },
  };
}

interface Waiting {
  resolve(got: ProbeResponse): void;
  reject(error: Error): void;
}

interface Line {
  readonly socket: Socket;
  readonly waiting: Waiting[];
}

function openLine(port: number): Line {
  const waiting: Waiting[] = [];
  const read = responseReader((got) => waiting.shift()?.resolve(got));
  const socket = connect({ host: LOOPBACK, port, noDelay: true });
  socket.on('data', read);
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    for (const each of waiting.splice(0)) each.reject(new Error('the lab hung up'));
  });
  return { socket, waiting };
}

function writeRequest(
  host: string,
  { method, path, body, headers: own }: ProbeRequest,
  headers: Readonly<Record<string, string>> = {},
): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all: Readonly<Record<string, string | number>> = {
    host,
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...own,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}
