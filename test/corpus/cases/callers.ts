import { bearer, type CorpusCase, request } from '../corpus-case.ts';

const session = (sid: string, line: string): string => request(line, [`Cookie: theme=dark; sid=${sid}; session=7`]);

/** Callers by HS256, API keys and what the origin says of their session. */
export const CALLERS: readonly CorpusCase[] = [
  {
    id: 'A5',
    title: 'a token signed with the secret of the origin is accepted',
    send: (as) => request('GET /notes/n9', [bearer(as.hmac)]),
    status: [200],
    keeps: ['KEEP-text'],
  },
  {
    id: 'A5',
    title: 'a token signed with another secret is refused',
    send: (as) => request('GET /notes/n9', [bearer(as.forged)]),
    status: [401],
    reaches: 'silent',
  },
  {
    id: 'A5',
    title: 'a known API key is a caller, of its own objects only',
    send: () => request('GET /notes/n9', ['X-Service-Key: key-of-9']),
    status: [200],
    keeps: ['KEEP-text'],
  },
  {
    id: 'A5',
    title: 'a known API key does not read an object of another owner',
    send: () => request('GET /notes/n7', ['X-Service-Key: key-of-9']),
    status: [404],
  },
  ...['key-of-7', '', '42748c13343b30e1f55458004556ae662befa55756ec14b91c10cafad9dcf74b'].map((key): CorpusCase => ({
    id: 'A5',
    title: `an unknown API key is refused: "${key}"`,
    send: () => request('GET /rides', [`X-Service-Key: ${key}`]),
    status: [401],
    reaches: 'silent',
  })),
  {
    id: 'A5',
    title: 'an API key beside a token is refused',
    send: (as) => request('GET /notes/n9', [bearer(as.stranger), 'X-Service-Key: key-of-9']),
    status: [401],
    reaches: 'silent',
  },
  {
    id: 'A9',
    title: 'a session that the origin names reads its own object',
    send: () => session('9', 'GET /notes/n9'),
    status: [200],
    keeps: ['KEEP-text'],
  },
  {
    id: 'A9',
    title: 'a session that the origin names does not read an object of another owner',
    send: () => session('9', 'GET /notes/n7'),
    status: [404],
  },
  {
    id: 'A9',
    title: 'only the cookies of the contract reach the origin',
    send: () => session('9', 'GET /notes/n9'),
    status: [200],
    sent: ['cookie: sid=9\r\n'],
    neverSent: ['theme=dark', 'session=7'],
  },
  {
    id: 'A9',
    title: 'a session that the origin refuses is anonymous, as on a page for everybody',
    send: () => session('old', 'GET /rides'),
    status: [200],
    keeps: ['KEEP-ride'],
  },
  {
    id: 'A9',
    title: 'a session that the origin refuses is no member',
    send: () => session('old', 'GET /notes/n7'),
    status: [401],
    neverSent: ['get /notes'],
  },
  ...['html', 'redirect', 'error'].map((sid): CorpusCase => ({
    id: 'A9',
    title: `an answer that names nobody as the contract describes is an error, and nothing is forwarded (${sid})`,
    send: () => session(sid, 'GET /rides'),
    status: [503],
    neverSent: ['get /rides'],
  })),
  {
    id: 'A9',
    title: 'a session beside a token is refused, and the origin is not asked',
    send: (as) => request('GET /notes/n9', [bearer(as.stranger), 'Cookie: sid=7']),
    status: [401],
    reaches: 'silent',
  },
];
