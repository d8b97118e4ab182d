import { expect, test } from 'vitest';
import { bytesOf } from '../../reading/bytes/byte-source.ts';
import type { Reading } from '../../reading/reader.ts';
import { har } from './reader.ts';

async function callers(creator: string, ...cookies: (string | undefined)[]): Promise<string[]> {
  const entries = cookies.map((cookie) => ({
    request: {
      method: 'GET',
      url: 'https://api.example.test/',
      headers: cookie === undefined ? [] : [{ name: 'Cookie', value: cookie }],
    },
  }));
  const found: string[] = [];
  const input = bytesOf('a.har', JSON.stringify({ log: { creator: { name: creator }, entries } }));
  for await (const batch of har.read(input))
    for (const one of batch) if (one.type === 'exchange') found.push(one.exchange.caller.auth);
  return found;
}

test.each([
  ['WebInspector', [undefined, undefined], ['unknown', 'unknown']],
  ['WebInspector', [undefined, 'sid=1', undefined], ['unknown', 'credential', 'anonymous']],
  ['Firefox', [undefined, 'sid=1'], ['anonymous', 'credential']],
  ['somebody', [undefined], ['unknown']],
] as const)('a capture by %s with cookies %j was made by %j', async (creator, cookies, expected) => {
  expect(await callers(creator, ...cookies)).toEqual(expected);
});

test('a body has the same bytes, whatever pieces the file comes in', async () => {
  const text = '{"a":"\u{1F600} \\" ü"}\n'.repeat(400);
  const content = { text, size: 1 };
  const post = { mimeType: 'text/plain', text: `${text}x` };
  const entry = {
    request: { method: 'POST', url: 'http://h/', headers: [{ name: 'A', value: 'b' }], postData: post },
    response: { status: 200, headers: [], content },
  };
  const json = JSON.stringify({ log: { entries: [entry] } }, null, 1);
  for (const pieceBytes of [100, 1 << 20]) {
    const readings: Reading[] = [];
    for await (const batch of har.read(bytesOf('a.har', json, pieceBytes))) readings.push(...batch);
    const [only] = readings;
    const exchange = only?.type === 'exchange' ? only.exchange : undefined;
    expect(Buffer.from(exchange?.response?.body ?? []).toString()).toBe(text);
    expect(Buffer.from(exchange?.request.body ?? []).toString()).toBe(post.text);
    expect(exchange?.request.headers).toEqual([['a', 'b']]);
  }
});
