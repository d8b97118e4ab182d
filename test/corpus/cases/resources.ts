import { rawResponse, bearer, type CorpusCase, HOST, request } from '../corpus-case.ts';

export const RESOURCES: readonly CorpusCase[] = [
  {
    id: 'R2',
    title: 'a request body beyond the limit is refused with 413',
    send: (as) => request('POST /users/details', [bearer(as.stranger)], `{"ids":["${'7'.repeat(10_000)}"]}`),
    status: [413],
    reaches: 'silent',
  },
  {
    id: 'R2',
    title: 'a head beyond the limit is refused',
    send: () => request('GET /rides', [`X-Long: ${'a'.repeat(20_000)}`]),
    status: [431, 400],
    reaches: 'silent',
  },
  {
    id: 'R2',
    title: 'a second Host after 2,100 headers is found',
    send: (as) =>
      `GET /users/7 HTTP/1.1\r\nHost: ${HOST}\r\n${bearer(as.stranger)}\r\n${'a:\r\n'.repeat(2_100)}Host: gql.corpus.test\r\n\r\n`,
    status: [400, 431],
    reaches: 'silent',
  },
  {
    id: 'R2',
    title: 'a response beyond the limit is not released',
    send: () => request('GET /rides'),
    origin: { raw: rawResponse(`[{"id":1,"name":"LEAK${'x'.repeat(300_000)}"}]`) },
    status: [502],
  },
  ...[
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-7',
    'text/plain',
  ].map((type): CorpusCase => ({
    id: 'R6',
    title: `a request body of ${type} is refused`,
    send: (as) => request('POST /users/details', [bearer(as.stranger)], { type, text: '{"ids":["7"]}' }),
    status: [400, 415],
    reaches: 'silent',
  })),
];
