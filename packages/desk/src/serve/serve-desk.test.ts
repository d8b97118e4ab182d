import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSignedWebhook } from '@leakproof/alert';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { serveTestDesk, signedIn, Visitor } from '../testing/serve-test-desk.ts';

const DAY_MS = 86_400_000;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('mail comes in by a Maildir and is answered by SMTP, staff by webhook; a missed clock is told to both', async () => {
  const folder = newFolder();
  for (const name of ['new', 'cur', 'tmp']) mkdirSync(join(folder, 'mail', name), { recursive: true });
  const mails: string[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (piece: Buffer) => (text += piece.toString()));
      stream.on('end', () => {
        mails.push(text.replaceAll('=\r\n', ''));
        done();
      });
    },
  });
  await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise<void>((closed) => smtp.close(() => closed())));
  const hooks: { kind: string; isSigned: boolean }[] = [];
  const secret = 'a secret of more than 24 bytes';
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const { kind } = JSON.parse(body) as { kind: string };
      hooks.push({ kind, isSigned: isSignedWebhook(secret, request.headers, { body, nowMs: now }) });
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => void receiver.close());

  let now = Date.parse('2021-01-20T15:00:00Z');
  const port = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  const running = await serveTestDesk(
    {
      mail: { smtp: { env: 'SMTP' }, from: 'desk@example.org', maildir: join(folder, 'mail') },
      webhooks: {
        secret: { env: 'HOOK' },
        to: [{ url: `http://127.0.0.1:${port(receiver)}/`, kinds: ['received', 'missed'] }],
      },
    },
    { now: () => now, env: { SMTP: `smtp://127.0.0.1:${port(smtp.server)}`, HOOK: secret } },
  );
  writeFileSync(
    join(folder, 'mail/new/1.host'),
    'Received: from a by b; Wed, 20 Jan 2021 14:00:00 +0000\nFrom: rs@example.org\nSubject: A leak\nMessage-ID: <1@x>\n\nEvery profile is open.\n',
  );
  writeFileSync(join(folder, 'mail/new/2.host'), 'nonsense');
  await running.work();
  expect([readdirSync(join(folder, 'mail/new')), readdirSync(join(folder, 'mail/cur'))]).toEqual([
    [],
    ['1.host:2,S', '2.host:2,F'],
  ]);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatch(/Your return key, which is shown only here: [0-9A-Z-]{26,}/);
  now += 5 * DAY_MS;
  await running.work();
  expect(mails.at(-1)).toContain('We have missed a promise');
  expect(hooks.map(({ kind }) => kind)).toEqual(['received', 'missed']);
  expect(hooks.every(({ isSigned }) => isSigned)).toBe(true);
});

test('what staff and programs of staff may do: the hook of a deployment, a file, a refused command', async () => {
  const running = await serveTestDesk();
  const reporter = new Visitor(running.reporterUrl);
  const sent = await reporter.post('/report', { title: 'A leak', text: 'x' }, [
    { name: 'x.bin', content: Uint8Array.of(1, 2) },
  ]);
  const id = /<strong>(D-[0-9A-Z]+)</.exec(sent.text)?.[1] ?? '';
  const staff = await signedIn(running);
  const authorization = `Bearer ${running.firstKey}`;
  expect((await staff.json('/api/retest', { trigger: 'deploy' }, { authorization })).status).toBe(202);
  expect((await staff.json('/api/retest', { trigger: 'magic' }, { authorization })).status).toBe(422);
  expect(JSON.parse((await staff.get('/api/cases', { authorization })).text)).toEqual([
    expect.objectContaining({ id, party: 'us' }),
  ]);
  expect((await staff.post(`/cases/${id}/do`, { do: 'close', resolution: 'fixed', reason: 'x' })).text).toContain(
    'cannot become closed',
  );
  expect((await staff.post(`/cases/${id}/do`, { do: 'judge', to: 'sideways', reason: 'x' })).status).toBe(422);
  expect((await staff.post(`/cases/${id}/do`, { do: 'write', text: 'Hello from a person' })).text).toContain(
    'Hello from a person',
  );
  expect((await reporter.get('/thread')).text).toContain('Hello from a person');
  const page = await staff.get(`/cases/${id}`);
  const file = await staff.get(/href="(\/files\/[^"]+)"/.exec(page.text)?.[1] ?? '');
  expect([
    file.headers.get('content-disposition'),
    file.headers.get('content-type'),
    file.headers.get('content-security-policy'),
  ]).toEqual([
    'attachment; filename="x.bin"',
    'application/octet-stream',
    expect.stringMatching(/^sandbox;/) as string,
  ]);
  expect((await staff.get(`/cases/${id}/export/csaf.json`)).text).toContain('LP-ADVISORY-INCOMPLETE');
  expect((await staff.post(`/cases/${id}/count`, {})).text).toContain('No ledger is configured');
  await staff.post('/sign-out', {});
  expect((await staff.get('/')).text).toContain('Your staff key');
});

test('a published advisory is served as CSAF and Markdown; a case that is not published is not', async () => {
  const running = await serveTestDesk({
    publisher: { name: 'Cadence', namespace: 'https://cadence.example', contact: 's@cadence.example', product: 'API' },
  });
  const { desk } = running;
  const { id } = await desk.submit({ report: { title: 'x', text: 'y', isPublic: true }, channel: 'form' });
  const visitor = new Visitor(running.reporterUrl);
  expect((await visitor.get(`/advisories/CAD-1.json`)).status).toBe(404);
  await desk.staffDoes(id, 'ann', { do: 'publish', advisory: 'CAD-1', reason: 'r' });
  expect(JSON.parse((await visitor.get('/advisories/CAD-1.json')).text)).toMatchObject({
    document: { tracking: { id: 'CAD-1', status: 'final' } },
  });
  expect((await visitor.get('/advisories/CAD-1.md')).headers.get('content-type')).toContain('text/markdown');
  for (const name of ['CAD-2.json', `${id}.json`, '..%2f..%2fetc%2fpasswd', 'CAD-1.html'])
    expect((await visitor.get(`/advisories/${name}`)).status).toBe(404);
});
