import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { serveTestDesk, Visitor } from '../testing/serve-test-desk.ts';
import type { RunningDesk } from '../serve/serve-desk.ts';

const REPORT = { title: 'A leak', text: 'x' };
const GENEROUS = { budgets: { write: { burst: 10_000, perHour: 10_000 }, read: { burst: 10_000, perHour: 10_000 } } };
const casesOf = async ({ desk }: RunningDesk): Promise<number> => (await desk.context.store.rows.all()).length;

describe('hostile reports', () => {
  test.each<[string, number, (visitor: Visitor) => Promise<{ status: number }>]>([
    [
      'a file beyond its limit',
      413,
      (visitor) => visitor.post('/report', REPORT, [{ name: 'x', content: new Uint8Array(1_048_577) }]),
    ],
    [
      'more files than are allowed',
      413,
      (visitor) =>
        visitor.post(
          '/report',
          REPORT,
          Array.from({ length: 6 }, () => ({ name: 'x', content: Uint8Array.of(1) })),
        ),
    ],
    [
      'a form beyond the limit of all',
      413,
      (visitor) =>
        visitor.post(
          '/report',
          REPORT,
          Array.from({ length: 4 }, () => ({ name: 'x', content: new Uint8Array(1_000_000) })),
        ),
    ],
    ['a text beyond its limit', 413, (visitor) => visitor.post('/report', { ...REPORT, text: 'x'.repeat(300_000) })],
    [
      'more fields than a form has',
      422,
      (visitor) => visitor.post('/report', Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}`, 'x']))),
    ],
    [
      'JSON that nests 10,000 levels in a file',
      422,
      (visitor) =>
        visitor.post('/report', REPORT, [{ name: 'x.har', content: Buffer.from(`{"log":${'['.repeat(10_000)}`) }]),
    ],
    [
      'a JSON bomb to the API',
      422,
      (visitor) => visitor.json('/api/reports', { ...REPORT, text: { a: Array.from({ length: 1000 }, () => ({})) } }),
    ],
    [
      'a prototype',
      400,
      (visitor) =>
        visitor.json('/api/reports', JSON.parse('{"title":"x","text":"y","constructor":{"prototype":{"a":1}}}')),
    ],
    [
      'a body of another type',
      415,
      async (visitor) =>
        fetch(`${visitor.origin}/api/reports`, {
          method: 'POST',
          body: '<x/>',
          headers: { 'content-type': 'application/xml' },
        }),
    ],
    [
      'a form without a boundary',
      422,
      async (visitor) =>
        fetch(`${visitor.origin}/report`, {
          method: 'POST',
          body: 'x',
          headers: { 'content-type': 'multipart/form-data' },
        }),
    ],
    [
      'a form that ends early',
      422,
      async (visitor) =>
        fetch(`${visitor.origin}/report`, {
          method: 'POST',
          body: '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx',
          headers: { 'content-type': 'multipart/form-data; boundary=b' },
        }),
    ],
  ])('%s is refused with %i, opens no case, and the next report is taken', async (_title, status, send) => {
    const running = await serveTestDesk(GENEROUS);
    const visitor = new Visitor(running.reporterUrl);
    expect((await send(visitor)).status).toBe(status);
    expect(await casesOf(running)).toBe(0);
    expect((await visitor.post('/report', REPORT)).status).toBe(201);
  });

  test('a zip bomb, an SVG and an HTML file are kept as bytes and never read', async () => {
    const running = await serveTestDesk(GENEROUS);
    const bomb = Uint8Array.from([0x50, 0x4b, 3, 4, ...new Uint8Array(1000)]);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const visitor = new Visitor(running.reporterUrl);
    await visitor.post('/report', REPORT, [
      { name: 'a.zip', content: bomb },
      { name: 'b.svg', content: svg },
    ]);
    const [row] = await running.desk.context.store.rows.all();
    expect(
      (await running.desk.context.store.rows.filesOf(row?.id ?? ''))
        .map(({ sizeBytes }) => sizeBytes)
        .toSorted((a, b) => a - b),
    ).toEqual([svg.length, bomb.length]);
  });

  test('a sender that stops in the middle, and bytes that are no HTTP, cost nothing', async () => {
    const running = await serveTestDesk(GENEROUS);
    const port = Number(new URL(running.reporterUrl).port);
    for (const bytes of [
      'POST /report HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n--b',
      '\u0000\u0001 nonsense\r\n\r\n',
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(bytes, () => socket.destroy());
      await once(socket, 'close');
    }
    expect((await new Visitor(running.reporterUrl).post('/report', REPORT)).status).toBe(201);
    expect(await casesOf(running)).toBe(1);
  });
});

test('a flood from one address is refused before its bodies are read; another address loses nothing, and acknowledged is committed', async () => {
  const running = await serveTestDesk({
    trustedProxies: ['127.0.0.1'],
    budgets: { write: { burst: 20, perHour: 60 } },
  });
  const agent = new Agent({ keepAlive: false, maxSockets: 32 });
  const send = (from: string, body: string): Promise<number> =>
    new Promise((resolve) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-forwarded-for': from,
      };
      const sent = request(`${running.reporterUrl}/api/reports`, { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', () => resolve(0));
      sent.end(body);
    });
  const statuses = new Map<number, number>();
  const honest: number[] = [];
  const started = performance.now();
  let sent = 0;
  const flood = async (): Promise<void> => {
    while (performance.now() - started < 3_000) {
      // Not even JSON: a parser answers 400.
      const status = await send('198.51.100.7', '{'.repeat(200));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      sent++;
    }
  };
  const reporter = async (): Promise<void> => {
    for (let n = 0; n < 10; n++) honest.push(await send(`203.0.113.${n}`, JSON.stringify(REPORT)));
  };
  await Promise.all([...Array.from({ length: 24 }, flood), reporter()]);
  agent.destroy();
  const perMinute = Math.round((sent / (performance.now() - started)) * 60_000);
  process.stdout.write(`flood: ${perMinute} attempts a minute, ${JSON.stringify([...statuses])}\n`);
  expect(honest).toEqual(Array.from({ length: 10 }, () => 201));
  expect(await casesOf(running)).toBe(10);
  expect([statuses.get(400), [...statuses.keys()].toSorted((a, b) => a - b)]).toEqual([20, [400, 429]]);
  expect(sent).toBeGreaterThan(100);
});
