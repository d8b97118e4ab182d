import { rawResponse, bearer, type CorpusCase, HOST, request } from '../corpus-case.ts';

const CLAIMS = Buffer.from('{"sub":"7"}').toString('base64url');

/** Headers that must be removed from the request, without an effect on the response. */
const stripped = (id: string, header: string): CorpusCase => ({
  id,
  title: `"${header}" does not reach the origin, and has no effect`,
  send: (as) => request('GET /users/7', [bearer(as.stranger), header]),
  status: [200],
  keeps: ['KEEP-name-7'],
  neverSent: [`\n${header.split(':', 1)[0]?.toLowerCase() ?? ''}:`],
});

export const HEADERS: readonly CorpusCase[] = [
  {
    id: 'H1',
    title: 'a header that Connection nominates is removed, with the nomination',
    send: (as) =>
      `GET /users/7 HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\n${bearer(as.stranger)}\r\n\r\n`,
    status: [200],
    keeps: ['KEEP-name-7'],
    neverSent: ['x-secret'],
  },
  ...['Authorization', 'Host', 'Content-Length', 'X-Jwt-Payload', 'Cookie'].map((name): CorpusCase => ({
    id: 'H1',
    title: `Connection cannot remove ${name}`,
    send: (as) =>
      `GET /users/7 HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close, ${name}\r\n${bearer(as.stranger)}\r\n\r\n`,
    status: [400],
    reaches: 'silent',
  })),
  {
    id: 'H1',
    title: 'Connection cannot remove a header that the guard adds',
    send: (as) =>
      `GET /users/7 HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close, X-Forwarded-For, Accept-Encoding\r\n${bearer(as.stranger)}\r\n\r\n`,
    status: [200],
    keeps: ['KEEP-name-7'],
    sent: ['x-forwarded-for: 127.0.0.1', 'accept-encoding: identity'],
  },
  ...['TE: trailers', 'Keep-Alive: timeout=5', 'Proxy-Connection: keep-alive', 'Proxy-Authorization: Basic eA=='].map(
    (header) => stripped('H2', header),
  ),
  {
    id: 'H2',
    title: 'hop-by-hop headers of the origin are not released',
    send: (as) => request('GET /users/7', [bearer(as.stranger)]),
    status: [200],
    keeps: ['KEEP-name-7'],
    never: ['LEAK-hop', 'x-hop'],
  },
  ...[
    `X_Jwt_Payload: ${CLAIMS}`,
    `x_jwt-payload: ${CLAIMS}`,
    'X_User_Id: 7',
    'X-Guard-Principal: 7',
    'X-Leakproof-Skip: 1',
  ].map((header) => stripped('H3', header)),
  {
    id: 'H3',
    title: 'a gateway’s header from another address is refused',
    send: () => request('GET /users/7', [`X-Jwt-Payload: ${CLAIMS}`]),
    status: [401],
    reaches: 'silent',
  },
  {
    id: 'H4',
    title: 'a repeated gateway’s header is refused',
    send: () => request('GET /users/7', [`X-Jwt-Payload: ${CLAIMS}`, `X-Jwt-Payload: ${CLAIMS}`]),
    status: [400],
    reaches: 'silent',
  },
  {
    id: 'H4',
    title: 'a second Authorization is refused',
    send: (as) => request('GET /users/7', [bearer(as.stranger), bearer(as.owner)]),
    status: [400],
    reaches: 'silent',
  },
  {
    id: 'H4',
    title: 'a second Content-Type is refused',
    send: (as) => request('POST /users/details', [bearer(as.stranger), 'Content-Type: text/plain'], '{"ids":["7"]}'),
    status: [400],
    reaches: 'silent',
  },
  {
    id: 'H5',
    title: 'only the guard says where a request came from',
    send: (as) =>
      request('GET /users/7', [
        bearer(as.stranger),
        'X-Forwarded-For: 10.9.9.9',
        'Forwarded: for=10.9.9.9',
        'X-Real-IP: 10.9.9.9',
      ]),
    status: [200],
    keeps: ['KEEP-name-7'],
    sent: ['x-forwarded-for: 127.0.0.1'],
    neverSent: ['10.9.9.9'],
  },
  stripped('H6', 'X-Middleware-Subrequest: middleware:middleware'),
  ...['/users/7', '/users/404', '/users/500', '/nowhere'].map((path): CorpusCase => ({
    id: 'H7',
    title: `the response to ${path} does not name the origin’s software`,
    send: (as) => request(`GET ${path}`, [bearer(as.stranger)]),
    status: [200, 404, 500],
    never: ['LEAK-server', 'LEAK-framework', 'LEAK-etag', 'x-total-count'],
  })),
  {
    id: 'H7',
    title: 'the guard’s own 502 contains nothing of the origin',
    send: () => request('GET /rides'),
    origin: { raw: rawResponse('<p>LEAK</p>', ['Content-Type: text/html', 'Server: LEAK']) },
    status: [502],
  },
  {
    id: 'H8',
    title: 'a carriage return in a header of the origin begins no header',
    send: () => request('GET /rides'),
    origin: {
      raw: rawResponse('[]', ['Content-Type: application/json', 'Content-Language: en\rSet-Cookie: LEAK=1']),
    },
    status: [200, 502],
  },
];
