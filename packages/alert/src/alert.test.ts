import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Message } from './message.ts';
import { type AlertRecord, routeRecord } from './rules.ts';
import { mailSink } from './sinks/mail-sink.ts';
import { isSignedWebhook, webhookSink } from './sinks/webhook-sink.ts';

const SECRET = 'a secret of at least 24 bytes';
const message: Message = {
  id: 'm1',
  target: 'ann@example.org',
  subject: 'Case A: a clock was missed',
  text: 'A person has to answer.\n.\nThe line above is one dot.',
  thread: 'case-a',
  isAutomatic: true,
  data: { kind: 'missed', caseId: 'A' },
};

describe('rules', () => {
  const record: AlertRecord = { kind: 'missed', role: 'lead', atMs: 0, summary: 's', data: {} };
  const rules = [
    { sink: 'mail', target: 'all@example.org' },
    { kinds: ['missed'], roles: ['lead', 'executive'], sink: 'mail', target: 'lead@example.org' },
    { roles: ['executive'], sink: 'mail', target: 'ceo@example.org' },
    { kinds: ['missed'], sink: 'mail', target: 'all@example.org' },
    { kinds: ['received'], sink: 'webhook', target: 'https://example.org' },
  ];
  test('each target gets a record once, if one rule fits', () =>
    expect(routeRecord(rules, record).map(({ target }) => target)).toEqual(['all@example.org', 'lead@example.org']));
  test('a rule for roles takes no record without one', () =>
    expect(routeRecord(rules, { ...record, role: undefined }).map(({ target }) => target)).toEqual([
      'all@example.org',
    ]));
});

interface Mailbox {
  readonly url: string;
  readonly mails: string[];
}

async function mailbox(answer?: string): Promise<Mailbox> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (piece: Buffer) => (text += piece.toString()));
      stream.on('end', () => {
        mails.push(text);
        done(answer === undefined ? null : new Error(answer));
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())));
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails };
}

describe('mail', () => {
  test('arrives as plain text, in its thread, marked as automatic, and with one subject line', async () => {
    const { url, mails } = await mailbox();
    const sink = mailSink({ url, from: 'Desk <security@example.org>' });
    await sink.deliver({ ...message, subject: 'Hello\r\nBcc: other@example.org' });
    sink.close();
    const [mail = ''] = mails;
    const headers = mail.slice(0, mail.indexOf('\r\n\r\n'));
    expect(headers).toContain('To: ann@example.org');
    expect(headers).toContain('Subject: Hello Bcc: other@example.org');
    expect(headers).not.toMatch(/^Bcc:/m);
    expect(headers).toContain('Auto-Submitted: auto-generated');
    expect(headers).toContain('References: <case-a@example.org>');
    expect(headers).toContain('Message-ID: <m1@example.org>');
    expect(headers).toContain('Content-Type: text/plain');
    expect(mail).toContain('The line above is one dot.');
  });

  test.each(['http://example.org', 'mail.example.org', ''])('%j is no mail server', (url) =>
    expect(() => mailSink({ url, from: 'a@example.org' })).toThrow(
      expect.objectContaining({ code: 'LP-DELIVERY-REFUSED' }) as Error,
    ),
  );

  test('a server that refuses, or is not there, is a failure with a code', async () => {
    const { url } = await mailbox('mailbox full');
    const failure = expect.objectContaining({ code: 'LP-DELIVERY-FAILED' }) as Error;
    await expect(mailSink({ url, from: 'a@example.org' }).deliver(message)).rejects.toThrow(failure);
    await expect(mailSink({ url: 'smtp://127.0.0.1:1', from: 'a@example.org' }).deliver(message)).rejects.toThrow(
      failure,
    );
  });

  test('a target cannot add recipients', async () => {
    const { url, mails } = await mailbox();
    const target = 'ann@example.org, other@example.org';
    await mailSink({ url, from: 'a@example.org' })
      .deliver({ ...message, target })
      .catch(() => undefined);
    expect(mails.join('')).not.toMatch(/^To:.*ann@example.org, other@example.org/m);
  });
});

describe('webhooks', () => {
  async function receiver(
    status = 204,
  ): Promise<{ url: string; requests: { headers: Record<string, string>; body: string }[] }> {
    const requests: { headers: Record<string, string>; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        requests.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(status, status === 302 ? { location: '/other' } : {}).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, requests };
  }
  const nowMs = 1_800_000_000_500;
  const sink = webhookSink({ secret: SECRET, now: () => nowMs });

  test('a signature holds for its body, its secret and five minutes', async () => {
    const { url, requests } = await receiver();
    await sink.deliver({ ...message, target: url });
    const [{ headers, body } = { headers: {}, body: '' }] = requests;
    expect(JSON.parse(body)).toEqual({ id: 'm1', subject: message.subject, kind: 'missed', caseId: 'A' });
    expect(isSignedWebhook(SECRET, headers, { body, nowMs })).toBe(true);
    expect(isSignedWebhook(SECRET, headers, { body: `${body} `, nowMs })).toBe(false);
    expect(isSignedWebhook(`${SECRET}!`, headers, { body, nowMs })).toBe(false);
    expect(isSignedWebhook(SECRET, headers, { body, nowMs: nowMs + 301_000 })).toBe(false);
    expect(isSignedWebhook(SECRET, {}, { body, nowMs })).toBe(false);
  });

  test.each([302, 400, 500])('an answer of %i is a failure', async (status) => {
    const { url, requests } = await receiver(status);
    await expect(sink.deliver({ ...message, target: url })).rejects.toThrow(
      expect.objectContaining({ code: 'LP-DELIVERY-FAILED' }) as Error,
    );
    expect(requests).toHaveLength(1);
  });

  test.each(['http://example.org/hook', 'file:///etc/passwd', 'nothing'])('%s is refused', (target) =>
    expect(sink.deliver({ ...message, target })).rejects.toThrow(
      expect.objectContaining({ code: 'LP-DELIVERY-REFUSED' }) as Error,
    ),
  );

  test('a short secret is refused', () =>
    expect(() => webhookSink({ secret: 'short', now: Date.now })).toThrow(
      expect.objectContaining({ code: 'LP-DELIVERY-REFUSED' }) as Error,
    ));
});
