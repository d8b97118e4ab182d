import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { rawResponse, bearer, type CorpusCase, HOST, request } from '../corpus-case.ts';

const RIDES = '[{"id":1,"name":"KEEP-ride","secret":"LEAK-secret"}]';
const coded = (body: Uint8Array, coding: string): Uint8Array =>
  rawResponse(body, ['Content-Type: application/json', `Content-Encoding: ${coding}`]);
const bomb = gzipSync(Buffer.from(`[${' '.repeat(20_000_000)}]`));

const CODED: readonly (readonly [string, Uint8Array, readonly number[]])[] = [
  ['gzip', gzipSync(RIDES), [200]],
  ['x-gzip', gzipSync(RIDES), [200]],
  ['GZIP', gzipSync(RIDES), [200]],
  ['deflate', deflateSync(RIDES), [200]],
  ['deflate', deflateRawSync(RIDES), [200]],
  ['br', brotliCompressSync(RIDES), [200]],
  ['gzip, br', brotliCompressSync(gzipSync(RIDES)), [200]],
  ['zstd', Buffer.from(RIDES), [502]],
  ['compress', Buffer.from(RIDES), [502]],
  ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(RIDES))), [502]],
  ['gzip', Buffer.from(RIDES), [502]],
];

export const ENCODING: readonly CorpusCase[] = [
  {
    id: 'E1',
    title: 'the origin is asked not to compress',
    send: (as) => request('GET /users/7', [bearer(as.stranger), 'Accept-Encoding: gzip, br']),
    status: [200],
    keeps: ['KEEP-name-7'],
    sent: ['accept-encoding: identity'],
    neverSent: ['gzip'],
  },
  ...CODED.map(([coding, body, status]): CorpusCase => ({
    id: 'E1',
    title: `a body with the coding ${coding} is ${status.includes(200) ? 'decoded and cut' : 'not released'}`,
    send: () => request('GET /rides'),
    origin: { raw: coded(body, coding) },
    status,
    keeps: status.includes(200) ? ['KEEP-ride'] : [],
  })),
  {
    id: 'E2',
    title: 'a body that grows beyond the limit is not released',
    send: () => request('GET /rides'),
    origin: { raw: coded(bomb, 'gzip') },
    status: [502],
  },
  {
    id: 'E2',
    title: 'a body that grows beyond the limit in two layers is not released',
    send: () => request('GET /rides'),
    origin: { raw: coded(gzipSync(bomb), 'gzip, gzip') },
    status: [502],
  },
  {
    id: 'E3',
    title: 'headers that describe the origin’s bytes are not released',
    send: () => request('GET /rides'),
    origin: {
      raw: rawResponse(RIDES, [
        'Content-Type: application/json',
        'ETag: "LEAK"',
        'Content-MD5: LEAK',
        'Digest: LEAK',
        'Repr-Digest: LEAK',
        'Accept-Ranges: bytes',
        'Signature: LEAK',
      ]),
    },
    status: [200],
    keeps: ['KEEP-ride', 'content-length: 29'],
    never: ['ccept-ranges'],
  },
  {
    id: 'E4',
    title: 'a compressed request is decoded before it is judged',
    send: (as) => {
      const body = gzipSync('{"ids":["7"]}');
      const head = `POST /users/details HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n${bearer(as.stranger)}\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), body]);
    },
    status: [200],
    keeps: ['KEEP-name-7'],
    sent: ['{"ids":["7"]}'],
    neverSent: ['content-encoding'],
  },
  {
    id: 'E4',
    title: 'a compressed request that grows beyond the limit is refused',
    send: (as) => {
      const body = gzipSync(`{"ids":["${'7'.repeat(1_000_000)}"]}`);
      const head = `POST /users/details HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n${bearer(as.stranger)}\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), body]);
    },
    status: [413],
    reaches: 'silent',
  },
  {
    id: 'E5',
    title: 'a response is not compressed',
    send: (as) => request('GET /users/7', [bearer(as.stranger), 'Accept-Encoding: gzip']),
    status: [200],
    keeps: ['KEEP-name-7'],
    never: ['ontent-encoding'],
  },
];
