import { createServer, type Server } from 'node:http';
import {
  createServer as createSocketServer,
  type AddressInfo,
  type Server as SocketServer,
  type Socket,
} from 'node:net';
import type { OriginBehaviour } from './corpus-case.ts';

/** A running origin, and the bytes that it received. */
export interface RecordingOrigin {
  readonly port: number;
  /** In lower case; one entry for each connection. */
  readonly received: string[];
  close(): Promise<void>;
}

/** Everything but the password of the stranger's own object is KEEP. */
const user = (id: string, more = ''): string =>
  `{"id":"${id}","username":"KEEP-name-${id}","city":"KEEP-city-${id}","email":"${id === '9' ? 'KEEP' : 'LEAK'}-email-${id}","password":"LEAK-password-${id}"${more}}`;
const NOTES: Readonly<Record<string, string>> = { n7: '7', n9: '9' };

/** Reads of which the owner cannot be learnt. */
const FAILED_READS: Readonly<Record<string, { status: number; body: string }>> = {
  '403': { status: 403, body: '{"error":"LEAK-forbidden"}' },
  null: { status: 200, body: '{"id":null}' },
  list: { status: 200, body: '[{"id":"9"}]' },
  html: { status: 200, body: '<p>LEAK' },
  odd: { status: 200, body: '{"id":{"id":"9"}}' },
};

/** A message from 9; its other owner is 8, or cannot be read. */
const messageWith = (id: string): string =>
  `{"id":"${id}","from_id":"9","to_id":${id === 'odd' ? '{"x":1}' : '"8"'},"text":"KEEP-text"}`;

interface ApiResponse {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly location?: string;
}

/** Who the caller of a session is. */
function whoami(sid: string): ApiResponse {
  const person = '{"id":"7","email":"LEAK-email"}';
  if (sid === 'html') return { status: 200, body: '<p>{"id":"7"}</p>', type: 'text/html' };
  if (sid === 'redirect') return { status: 302, body: person, location: '/login' };
  if (sid === 'error') return { status: 500, body: person };
  return /^[79]$/.test(sid) ? { status: 200, body: `{"id":"${sid}"}` } : { status: 401, body: person };
}

/** The response of the corpus's API, which checks nothing and sends everything. */
function responseOf(method: string, target: string, cookie: string): ApiResponse {
  const path = target.split('?', 1)[0] ?? '';
  const [, kind = '', id = '', list = ''] = path.split('/');
  if (kind === 'whoami') return whoami(/sid=([a-z0-9]*)/.exec(cookie)?.[1] ?? '');
  if (list === 'followers') return { status: 200, body: '[{"id":"8","username":"LEAK-follower"}]' };
  if (kind === 'users' && FAILED_READS[id]) return FAILED_READS[id];
  if (kind === 'messages') return { status: 200, body: messageWith(id) };
  if (kind === 'users' && id === 'details') return { status: 200, body: `{"data":[${user('7')},${user('8')}]}` };
  if (kind === 'users' && id === '404') return { status: 404, body: '{"error":"LEAK-no-such-user","trace":"LEAK"}' };
  if (kind === 'users' && id === '500') return { status: 500, body: '<pre>LEAK-stack at LEAK.js:1</pre>' };
  if (kind === 'users' && id !== '') return { status: 200, body: user(id, `,"friend":${user('8')}`) };
  if (kind === 'users') return { status: 200, body: `{"data":[${user('7')},${user('8')}],"total":"LEAK-12345"}` };
  if (kind === 'by-id') return { status: 200, body: `{"7":${user('7')},"8":${user('8')}}` };
  if (kind === 'notes' && NOTES[id]) {
    const text = NOTES[id] === '9' ? 'KEEP-text' : 'LEAK-text';
    return { status: 200, body: method === 'DELETE' ? '' : `{"id":"${id}","author":"${NOTES[id]}","text":"${text}"}` };
  }
  if (kind === 'rides') return { status: 200, body: '[{"id":1,"name":"KEEP-ride"}]' };
  if (kind === 'graphql')
    return { status: 200, body: '{"data":{"u":{"city":"KEEP-city","email":"LEAK-email","leakproof_id":"7"}}}' };
  return { status: 200, body: '{"LEAK":"LEAK-undeclared"}' };
}

export async function startRecordingOrigin(script: OriginBehaviour = 'api'): Promise<RecordingOrigin> {
  const received: string[] = [];
  const note = (socket: Socket): void => {
    const index = received.push('') - 1;
    socket.on('data', (chunk: Buffer) => (received[index] += chunk.toString('latin1').toLowerCase()));
    socket.on('error', () => undefined);
  };
  const server = script === 'api' ? apiServer() : rawServer(script.raw);
  server.on('connection', note);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: () =>
      new Promise((resolve) => {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function apiServer(): Server {
  return createServer((message, response) => {
    message.resume();
    message.on('end', () => {
      const { headers, method = '', url = '' } = message;
      const { status, body, type = 'application/json', location } = responseOf(method, url, headers.cookie ?? '');
      response.writeHead(status, {
        'content-type': type,
        ...(location === undefined ? {} : { location }),
        server: 'LEAK-server/1.0',
        'x-powered-by': 'LEAK-framework',
        'x-total-count': 'LEAK-12345',
        etag: '"LEAK-etag"',
        'x-hop': 'LEAK-hop',
        connection: 'x-hop',
      });
      response.end(body);
    });
  });
}

function rawServer(bytes: string | Uint8Array): SocketServer {
  return createSocketServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
}
