import { rawResponse, bearer, type CorpusCase, HOST, request } from '../corpus-case.ts';

const SMUGGLED = 'GET /users/smuggled HTTP/1.1\r\nHost: api.corpus.test\r\n\r\n';
const RIDES = '[{"id":1,"name":"LEAK-ride"}]';
const JSON_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** Requests whose body two servers could delimit differently. */
const AMBIGUOUS: readonly (readonly [string, string])[] = [
  ['length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'Content-Length: 0\r\nContent-Length: 60\r\n\r\n'],
  ['a list of lengths', 'Content-Length: 0, 60\r\n\r\n'],
  ['a signed length', 'Content-Length: +0\r\n\r\n'],
  ['a hexadecimal length', 'Content-Length: 0x0\r\n\r\n'],
  ['chunked and something else', 'Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n'],
  ['something else and chunked', 'Transfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n'],
  ['two transfer codings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'],
  ['a tab before chunked', 'Transfer-Encoding:\tchunked\u000b\r\n\r\n0\r\n\r\n'],
  ['a folded transfer coding', 'Transfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n'],
  ['a space before the colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
  ['a space before the colon of a length', 'Content-Length : 60\r\n\r\n'],
  ['a bare line feed in a header', 'X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n'],
  ['a bare carriage return in a header', 'X-A: b\rTransfer-Encoding: chunked\r\n\r\n'],
  ['a NUL in a header', 'X-A: b\u0000c\r\n\r\n'],
  ['a chunk size that overflows', 'Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n'],
  ['a chunk size with a sign', 'Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n'],
  ['a chunk longer than its size', 'Transfer-Encoding: chunked\r\n\r\n1\r\nAB\r\n0\r\n\r\n'],
];

export const FRAMING: readonly CorpusCase[] = [
  ...AMBIGUOUS.map(([title, rest]): CorpusCase => ({
    id: 'F1',
    title: `a request with ${title} is refused, and nothing of it reaches the origin`,
    send: (as) => `POST /users/details HTTP/1.1\r\nHost: ${HOST}\r\n${bearer(as.stranger)}\r\n${rest}${SMUGGLED}`,
    status: [400, 413, 0],
    reaches: 'silent',
  })),
  {
    id: 'F1',
    title: 'HTTP/0.9 is refused',
    send: () => 'GET /rides\r\n\r\n',
    status: [400, 0],
    reaches: 'silent',
  },
  {
    id: 'F1',
    title: 'chunks in HTTP/1.0 are refused',
    send: (as) =>
      `POST /users/details HTTP/1.0\r\nHost: ${HOST}\r\n${bearer(as.stranger)}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    status: [400, 0],
    reaches: 'silent',
  },
  ...(['DELETE /notes/n9', 'GET /rides', 'OPTIONS /rides'] as const).map((line): CorpusCase => ({
    id: 'F2',
    title: `${line} with a chunked body is reframed or refused`,
    send: (as) =>
      `${line} HTTP/1.1\r\nHost: ${HOST}\r\n${bearer(as.stranger)}\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    status: [400, 404, 405],
    neverSent: ['smuggled'],
  })),
  {
    id: 'F3',
    title: 'the preface of HTTP/2 is refused',
    send: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000',
    status: [400, 0, 505],
    reaches: 'silent',
  },
  ...(
    [
      [
        'length and chunks',
        `${JSON_HEAD}Content-Length: 29\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n${RIDES}\r\n0\r\n\r\n`,
      ],
      ['two lengths', `${JSON_HEAD}Content-Length: 29\r\nContent-Length: 3\r\n\r\n${RIDES}`],
      [
        'twenty interim responses',
        `${'HTTP/1.1 103 Early Hints\r\nLink: LEAK\r\n\r\n'.repeat(20)}${JSON_HEAD}Content-Length: 29\r\n\r\n${RIDES}`,
      ],
    ] as const
  ).map(([title, raw]): CorpusCase => ({
    id: 'F4',
    title: `a response with ${title} is not released`,
    send: () => request('GET /rides'),
    origin: { raw },
    status: [502],
  })),
  ...(['204 No Content', '304 Not Modified'] as const).map((status): CorpusCase => ({
    id: 'F4',
    title: `a body of ${status} is not released`,
    send: () => request('GET /rides'),
    origin: { raw: rawResponse(RIDES, ['Content-Type: application/json'], status) },
    status: [204, 502],
  })),
  {
    id: 'F5',
    title: 'an unread request body is not read as the next request',
    send: () => `POST /users/details HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 5000\r\n\r\n${SMUGGLED}`,
    status: [401],
    reaches: 'silent',
  },
  {
    id: 'F6',
    title: 'Expect: 100-continue is answered',
    send: (as) => request('POST /users/details', [bearer(as.stranger), 'Expect: 100-continue'], '{"ids":["7"]}'),
    status: [200],
    keeps: ['HTTP/1.1 100 Continue', 'KEEP-name-7'],
    neverSent: ['expect'],
  },
  {
    id: 'F6',
    title: 'any other Expect is refused',
    send: () => request('GET /rides', ['Expect: 200-ok']),
    status: [417],
    reaches: 'silent',
  },
  {
    id: 'F7',
    title: 'trailers of a request are dropped',
    send: (as) =>
      `POST /users/details HTTP/1.1\r\nHost: ${HOST}\r\n${bearer(as.stranger)}\r\nConnection: close\r\nContent-Type: application/json\r\nTrailer: X-Admin\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{"ids":["7"]}\r\n0\r\nX-Admin: 1\r\n\r\n`,
    status: [200],
    keeps: ['KEEP-name-7'],
    neverSent: ['x-admin'],
  },
  {
    id: 'F7',
    title: 'trailers of a response are dropped',
    send: () => request('GET /rides'),
    origin: {
      raw: `${JSON_HEAD}Trailer: X-Secret\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n[{"id":1,"name":"KEEP-ride"}]\r\n0\r\nX-Secret: LEAK\r\n\r\n`,
    },
    status: [200],
    keeps: ['KEEP-ride'],
  },
  {
    id: 'F8',
    title: 'chunk extensions are not forwarded',
    send: (as) =>
      `POST /users/details HTTP/1.1\r\nHost: ${HOST}\r\n${bearer(as.stranger)}\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nd;a=smuggled\r\n{"ids":["7"]}\r\n0\r\n\r\n`,
    status: [200, 400],
    neverSent: ['smuggled'],
  },
  {
    id: 'F8',
    title: 'a chunk extension of 40 kB is refused',
    send: (as) =>
      `POST /users/details HTTP/1.1\r\nHost: ${HOST}\r\n${bearer(as.stranger)}\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(40_000)}\r\nx\r\n0\r\n\r\n`,
    status: [400, 413, 0],
    reaches: 'silent',
  },
  ...(
    [
      ['before its declared length', `${JSON_HEAD}Content-Length: 500\r\n\r\n${RIDES}`],
      ['within a chunk', `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n100\r\n${RIDES}`],
      ['between chunks', `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n1d\r\n${RIDES}\r\n`],
    ] as const
  ).map(([title, raw]): CorpusCase => ({
    id: 'F9',
    title: `a response truncated ${title} is not released`,
    send: () => request('GET /rides'),
    origin: { raw },
    status: [502],
  })),
];
