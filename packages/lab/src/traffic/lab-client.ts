import { connect, type Socket } from 'node:net';
import { LOOPBACK } from '../server/http-server.ts';
import { responseReader } from './response-reader.ts';
import type { ProbeRequest, ProbeResponse } from './probe.ts';

/** An HTTP client of one lab on loopback: a few connections, with pipelined requests (RFC 9112 §9.3.2). */
export interface LabClient {
  send(host: string, probe: ProbeRequest, headers?: Readonly<Record<string, string>>): Promise<ProbeResponse>;
  close(): void;
}

const CONNECTIONS = 4;

export function openLabClient(port: number): LabClient {
  const connections = Array.from({ length: CONNECTIONS }, () => openConnection(port));
  let next = 0;
  /** The lab closes idle connections; a closed one is replaced. */
  const connectionAt = (index: number): Connection => {
    const connection = connections[index];
    if (connection !== undefined && !connection.socket.destroyed) return connection;
    const fresh = openConnection(port);
    connections[index] = fresh;
    return fresh;
  };
  return {
    close: () => connections.forEach(({ socket }) => socket.destroy()),
    send: (host, probe, headers) => {
      const { waiting, socket } = connectionAt(next++ % CONNECTIONS);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        socket.write(writeRequest(host, probe, headers));
      });
    },
  };
}

interface PendingRequest {
  resolve(response: ProbeResponse): void;
  reject(error: Error): void;
}

interface Connection {
  readonly socket: Socket;
  readonly waiting: PendingRequest[];
}

function openConnection(port: number): Connection {
  const waiting: PendingRequest[] = [];
  const read = responseReader((response) => waiting.shift()?.resolve(response));
  const socket = connect({ host: LOOPBACK, port, noDelay: true });
  socket.on('data', read);
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    for (const each of waiting.splice(0)) each.reject(new Error('the lab closed the connection'));
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
