import { rawResponse, bearer, type CorpusCase, request } from '../corpus-case.ts';

const RIDES = '[{"id":1,"name":"KEEP-ride"}]';

export const HTTP: readonly CorpusCase[] = [
  {
    id: 'S1',
    title: 'a range is not asked for',
    send: (as) => request('GET /users/7', [bearer(as.stranger), 'Range: bytes=0-10', 'If-Range: "a"']),
    status: [200],
    keeps: ['KEEP-name-7'],
    neverSent: ['range:'],
  },
  {
    id: 'S1',
    title: 'partial content is not released',
    send: () => request('GET /rides'),
    origin: {
      raw: rawResponse(
        '[{"name":"LEAK"}]',
        ['Content-Type: application/json', 'Content-Range: bytes 0-16/99'],
        '206 Partial Content',
      ),
    },
    status: [502],
  },
  {
    id: 'S2',
    title: 'conditional headers are not forwarded',
    send: (as) =>
      request('GET /users/7', [
        bearer(as.stranger),
        'If-None-Match: "a"',
        'If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT',
      ]),
    status: [200],
    keeps: ['KEEP-name-7'],
    neverSent: ['if-none-match', 'if-modified-since'],
    never: ['tag:', 'ast-modified'],
  },
  {
    id: 'S3',
    title: 'HEAD returns no length',
    send: (as) => request('HEAD /users/7', [bearer(as.stranger)]),
    status: [200],
    never: ['ontent-length', 'KEEP'],
    sent: ['get /users/7'],
  },
  {
    id: 'S4',
    title: 'no cache may store a response',
    send: (as) => request('GET /users/7', [bearer(as.stranger)]),
    status: [200],
    keeps: ['cache-control: private, no-store', 'vary: Authorization, Cookie', 'x-content-type-options: nosniff'],
  },
  ...[
    'http://internal.corpus.test/LEAK',
    '//evil.example/LEAK',
    'https://api.corpus.test/LEAK',
    'javascript:LEAK',
    '/\\evil.example/LEAK',
    'http://a:LEAK@api.corpus.test/',
  ].map((location): CorpusCase => ({
    id: 'S5',
    title: `a redirect to ${location} is not released`,
    send: () => request('GET /rides'),
    origin: { raw: rawResponse('', [`Location: ${location}`], '302 Found') },
    status: [502],
  })),
  {
    id: 'S5',
    title: 'a redirect within the API is released without its body',
    send: () => request('GET /rides'),
    origin: {
      raw: rawResponse('<a href="LEAK">', ['Location: /rides?page=2', 'Link: </LEAK>; rel=next'], '302 Found'),
    },
    status: [302],
    keeps: ['ocation: /rides?page=2'],
  },
  {
    id: 'S6',
    title: 'a read by POST is cut like one by GET',
    send: (as) => request('POST /users/details', [bearer(as.stranger)], '{"ids":["7","8"]}'),
    status: [200],
    keeps: ['KEEP-name-7', 'KEEP-name-8'],
  },
  {
    id: 'S7',
    title: 'an undeclared preflight does not reach the origin',
    send: () => request('OPTIONS /users/7', ['Origin: https://evil.example', 'Access-Control-Request-Method: GET']),
    status: [404],
    reaches: 'silent',
  },
  ...(['/users/404', '/users/500'] as const).map((path): CorpusCase => ({
    id: 'S8',
    title: `the origin’s error for ${path} is not released`,
    send: (as) => request(`GET ${path}`, [bearer(as.stranger)]),
    status: [404, 500],
  })),
  {
    id: 'S8',
    title: 'an error with the status of a success is not released',
    send: () => request('GET /rides'),
    origin: { raw: rawResponse('{"error":"LEAK"}') },
    status: [502],
  },
  {
    id: 'S8',
    title: 'an empty body with the status of a success is not released',
    send: () => request('GET /rides'),
    origin: { raw: rawResponse('') },
    status: [502],
  },
  {
    id: 'S8',
    title: 'an origin that closes the connection is answered 502',
    send: () => request('GET /rides'),
    origin: { raw: '' },
    status: [502],
  },
  {
    id: 'S9',
    title: 'an undeclared stream of events is not released',
    send: () => request('GET /rides', ['Accept: text/event-stream']),
    origin: { raw: rawResponse('data: LEAK\n\n', ['Content-Type: text/event-stream']) },
    status: [502],
  },
  {
    id: 'S9',
    title: 'an upgrade by the origin is not released',
    send: () => request('GET /rides'),
    origin: { raw: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nLEAK' },
    status: [502],
  },
  {
    id: 'S8',
    title: 'a valid body is released',
    send: () => request('GET /rides'),
    origin: { raw: rawResponse(RIDES) },
    status: [200],
    keeps: ['KEEP-ride'],
  },
];
