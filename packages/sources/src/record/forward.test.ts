import { connect, createServer, type AddressInfo } from 'node:net';
import type { Exchange } from '@leakproof/core';
import { expect, onTestFinished, test } from 'vitest';
import { recordTraffic } from './record-traffic.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

interface Forwarded {
  /** What the origin received, byte for byte (Latin-1). */
  readonly sent: string;
  /** What the client received. */
  readonly answered: string;
  readonly exchanges: readonly Exchange[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Sends bytes to the recorder over a socket, and answers its request with bytes. */
async function through(bytes: string, answer = OK): Promise<Forwarded> {
  let sent = '';
  const origin = createServer((socket) => {
    socket.on('data', (piece: Buffer) => {
      sent += piece.toString('latin1');
      if (isComplete(sent)) socket.end(Buffer.from(answer, 'latin1'));
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => void origin.listen(0, '127.0.0.1', resolve));
  const exchanges: Exchange[] = [];
  const recorder = await recordTraffic({
    hosts: ['api.test'],
    intercept: [],
    identity: 'alice',
    onExchange: (one) => exchanges.push(one),
    resolve: new Map([['api.test:80', { address: '127.0.0.1', port: (origin.address() as AddressInfo).port }]]),
  });
  onTestFinished(async () => {
    await recorder.close();
    origin.close();
  });
  const answered = await new Promise<string>((resolve, reject) => {
    let text = '';
    const client = connect(recorder.port, '127.0.0.1', () => client.write(Buffer.from(bytes, 'latin1')));
    client.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
    client.on('close', () => resolve(text));
    client.on('error', reject);
  });
  return { sent, answered, exchanges, counts: { ...recorder.counts } };
}

function isComplete(message: string): boolean {
  const end = message.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = message.slice(0, end);
  const body = message.slice(end + 4);
  if (/^transfer-encoding:.*chunked/im.test(head)) return body.endsWith('0\r\n\r\n');
  return body.length >= Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
}

const request = (line: string, headers: readonly string[], body = ''): string =>
  `${[line, ...headers].join('\r\n')}\r\n\r\n${body}`;

/** Headers that the recorder adds or removes: they are for one connection only. */
const CLOSE = 'Connection: close';

const BODIES: readonly (readonly [title: string, method: string, headers: readonly string[], body: string])[] = [
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'OPTIONS', 'QUERY'].map(
    (method) => [`${method} without a body`, method, [], ''] as const,
  ),
  ['POST with a body of no bytes', 'POST', ['Content-Length: 0'], ''],
  ['POST with a body', 'POST', ['Content-Type: application/json', 'Content-Length: 7'], '{"a":1}'],
  ['GET with a body', 'GET', ['Content-Length: 7'], '{"a":1}'],
  ['POST in chunks', 'POST', ['Transfer-Encoding: chunked'], '7\r\n{"a":1}\r\n0\r\n\r\n'],
  ['DELETE in chunks', 'DELETE', ['transfer-encoding: chunked'], '7\r\n{"a":1}\r\n0\r\n\r\n'],
  ['POST in no chunk', 'POST', ['Transfer-Encoding: chunked'], '0\r\n\r\n'],
];
test.each(BODIES)('%s arrives as it was sent', async (_title, method, headers, body) => {
  const all = ['Host: api.test', ...headers];
  const { sent, answered, exchanges } = await through(
    request(`${method} http://api.test/a?b HTTP/1.1`, [...all, CLOSE], body),
  );
  expect(sent).toBe(request(`${method} /a?b HTTP/1.1`, [...all, CLOSE], body));
  expect(answered).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*\r\nok$/);
  const text = body.includes('{') ? '{"a":1}' : undefined;
  expect(exchanges.map((each) => each.request.body && Buffer.from(each.request.body).toString())).toEqual([text]);
});

const HEADERS: readonly (readonly [title: string, received: readonly string[], sent: readonly string[]])[] = [
  [
    'order and case are kept',
    ['X-Zebra: 1', 'host: api.test', 'aCCept: */*'],
    ['X-Zebra: 1', 'host: api.test', 'aCCept: */*'],
  ],
  [
    'duplicates stay where they are',
    ['Host: api.test', 'X-A: 1', 'X-B: 2', 'x-a: 3', 'Cookie: a=1', 'X-B: 2', 'Cookie: b=2'],
    ['Host: api.test', 'X-A: 1', 'X-B: 2', 'x-a: 3', 'Cookie: a=1', 'X-B: 2', 'Cookie: b=2'],
  ],
  [
    'values are the same bytes',
    ['Host: api.test', 'X-Empty: ', 'X-Latin: caf\xe9', 'X-Tab: a\tb', 'X-Inner: a  b'],
    ['Host: api.test', 'X-Empty: ', 'X-Latin: caf\xe9', 'X-Tab: a\tb', 'X-Inner: a  b'],
  ],
  [
    'headers for one connection end here',
    [
      'Host: api.test',
      'Proxy-Connection: keep-alive',
      'Keep-Alive: 5',
      'TE: trailers',
      'X-Hop: 1',
      'Connection: x-hop, close',
      'X-End: 1',
    ],
    ['Host: api.test', 'X-End: 1'],
  ],
  ['no Host is added or changed', ['Host: other.test', 'X-A: 1'], ['Host: other.test', 'X-A: 1']],
];
test.each(HEADERS)('of headers, %s', async (_title, received, expected) => {
  const close = received.some((each) => each.startsWith('Connection:')) ? [] : [CLOSE];
  const { sent } = await through(request('POST http://api.test/a HTTP/1.1', [...received, ...close]));
  expect(sent).toBe(request('POST /a HTTP/1.1', [...expected, CLOSE]));
});

test.each(['/a%20b?x=%2F&x=%2f', '//a//b/../c;d', '/?', '/a?b?c'])(
  'the target %j is the same bytes',
  async (target) => {
    const { sent } = await through(request(`GET http://api.test${target} HTTP/1.1`, ['Host: api.test', CLOSE]));
    expect(sent.split('\r\n')[0]).toBe(`GET ${target} HTTP/1.1`);
  },
);

const ANSWERS: readonly (readonly [title: string, answer: string, expected: string])[] = [
  [
    'headers in their order and case, duplicates too',
    'HTTP/1.1 201 Made It\r\nX-Z: 1\r\nset-cookie: a=1\r\nX-B: 2\r\nset-cookie: b=2\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 201 Made It\r\nX-Z: 1\r\nset-cookie: a=1\r\nX-B: 2\r\nset-cookie: b=2\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
  ],
  [
    'a reason phrase beyond ASCII',
    'HTTP/1.1 200 Tr\xe8s bien\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 Tr\xe8s bien\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
  ],
  ['no body of a 204', 'HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'],
  [
    'the final response after an early hint',
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
  ],
];
test.each(ANSWERS)('the client gets %s', async (_title, answer, expected) => {
  const { answered, counts } = await through(
    request('GET http://api.test/ HTTP/1.1', ['Host: api.test', CLOSE]),
    answer,
  );
  expect([answered, counts['recorded']]).toEqual([expected, 1]);
});

test.each([
  'nonsense\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort',
  'HTTP/1.1 200 OK\r\nX: a\x01b\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200 a\x01b\r\nContent-Length: 2\r\n\r\nok',
  '',
])('an answer that is no HTTP is a failure, and not the end of the recorder: %j', async (answer) => {
  const { exchanges, counts } = await through(
    request('GET http://api.test/ HTTP/1.1', ['Host: api.test', CLOSE]),
    answer,
  );
  expect([exchanges, counts['failed']]).toEqual([[], 1]);
});
