import { closeSync, openSync, writeSync } from 'node:fs';

const AGENT =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const HEADERS: readonly (readonly [string, string])[] = [
  ['Accept', 'application/json, text/plain, */*'],
  ['User-Agent', AGENT],
  ['Accept-Encoding', 'gzip, deflate, br'],
  ['Referer', 'https://app.example.test/rides'],
  ['sec-ch-ua', '"Chromium";v="126"'],
  ['x-request-id', '0b7c7e0e-6f1f-4a7e-9b0e-0a8d6f7b1c2d'],
  ['Cache-Control', 'no-cache'],
  ['Cookie', 'sid=abc123; theme=dark'],
  ['Content-Type', 'application/json'],
  ['Date', 'Tue, 01 Jul 2025 10:00:00 GMT'],
  ['Etag', 'W/"123"'],
  ['Vary', 'Accept'],
];

/** Bodies of the responses of a capture: JSON of 2 or 40 kB, which HAR escapes, or base64, as for images. */
export type BodyKind = 'small json' | 'large json' | 'large base64';

/** The text of entry `number` of a capture, as Chrome writes it. */
export function harEntry(number: number, kind: BodyKind): string {
  const rider = (at: number): object => ({
    id: number * 12 + at,
    username: `rider${number * 12 + at}`,
    city: 'Zürich',
    age: 30 + at,
    bio: 'likes "hills"\nand coffee',
    weight: 70.5,
    tags: ['a', 'b'],
  });
  const json = JSON.stringify({ data: Array.from({ length: kind === 'small json' ? 12 : 240 }, (_, at) => rider(at)) });
  const content =
    kind !== 'large base64'
      ? { size: json.length, mimeType: 'application/json', text: json }
      : { size: json.length, mimeType: 'image/png', encoding: 'base64', text: Buffer.from(json).toString('base64') };
  const headers = HEADERS.map(([name, value]) => ({ name, value }));
  return JSON.stringify({
    _initiator: {
      type: 'script',
      stack: {
        callFrames: [{ functionName: '', scriptId: '9', url: 'https://app.example.test/main.js', lineNumber: 1 }],
      },
    },
    cache: {},
    request: {
      method: 'GET',
      url: `https://api.example.test/api/user/${number}?page=1`,
      httpVersion: 'http/2.0',
      headers,
      queryString: [{ name: 'page', value: '1' }],
      cookies: [],
      headersSize: -1,
      bodySize: 0,
    },
    response: {
      status: 200,
      statusText: '',
      httpVersion: 'http/2.0',
      headers,
      cookies: [],
      content,
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
    },
    serverIPAddress: '127.0.0.1',
    startedDateTime: '2025-07-01T10:00:00.123Z',
    time: 12.3,
    timings: { blocked: 1, dns: -1, ssl: -1, connect: -1, send: 0.1, wait: 10, receive: 1 },
  });
}

export const HAR_START =
  '{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[';

/** Writes a capture of about `bytes`; returns its number of entries. */
export function writeHar(path: string, bytes: number, kind: BodyKind): number {
  return writeUntil(path, bytes, {
    start: HAR_START,
    end: ']}}',
    item: (number) => `${number === 0 ? '' : ','}${harEntry(number, kind)}`,
  });
}

export type LogKind = 'combined' | 'json';

/** Writes an access log of about `bytes`; returns its number of lines. */
export function writeLog(path: string, bytes: number, kind: LogKind): number {
  const item = (number: number): string => {
    const second = String(Math.floor(number / 500) % 60).padStart(2, '0');
    const target = `/api/user/${number % 90_000}/workouts?page=${number % 7}`;
    if (kind === 'combined') {
      return `10.0.0.${number % 255} - - [10/Oct/2025:13:55:${second} +0000] "GET ${target} HTTP/1.1" 200 ${500 + (number % 3000)} "https://app.example.test/rides" "${AGENT}"\n`;
    }
    return `${JSON.stringify({ time: `2025-10-10T13:55:${second}+00:00`, remote_addr: '10.0.0.1', request_method: 'GET', request_uri: target, status: 200, body_bytes_sent: 500, request_time: 0.012, http_referer: 'https://app.example.test/rides', http_user_agent: AGENT, host: 'api.example.test', request_id: `b7c7e0e6f1f4a7e${number}` })}\n`;
  };
  return writeUntil(path, bytes, { start: '', end: '', item });
}

interface Content {
  readonly start: string;
  readonly end: string;
  readonly item: (number: number) => string;
}

function writeUntil(path: string, bytes: number, { start, end, item }: Content): number {
  const file = openSync(path, 'w');
  let written = writeSync(file, start);
  let count = 0;
  while (written < bytes) {
    let block = '';
    for (let at = 0; at < 64; at += 1) block += item(count++);
    written += writeSync(file, block);
  }
  writeSync(file, end);
  closeSync(file);
  return count;
}
