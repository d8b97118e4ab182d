import { LeakproofError } from '@leakproof/core';
import { createTransport } from 'nodemailer';
import type { Sink } from '../message.ts';
import { isLoopback } from './is-loopback.ts';

export interface MailOptions {
  /** `smtps://user:password@host:465`, or `smtp://host:587`, which is refused without STARTTLS unless the host is this machine. */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
  readonly timeoutMs?: number | undefined;
}

export interface MailSink extends Sink {
  close(): void;
}

const TIMEOUT_MS = 20_000;

/** Sends plain text by SMTP. Throws LP-DELIVERY-REFUSED if the URL is no SMTP URL. */
export function mailSink({ url, from, timeoutMs = TIMEOUT_MS }: MailOptions): MailSink {
  const server = URL.canParse(url) ? new URL(url) : undefined;
  if (!server || (server.protocol !== 'smtp:' && server.protocol !== 'smtps:'))
    throw new LeakproofError(
      'LP-DELIVERY-REFUSED',
      'The mail server needs a URL such as smtps://mail.example.org:465.',
    );
  const isSecure = server.protocol === 'smtps:';
  const user = decodeURIComponent(server.username);
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const transport = createTransport({
    host,
    port: Number(server.port) || (isSecure ? 465 : 587),
    secure: isSecure,
    requireTLS: !isSecure && !isLoopback(server.hostname),
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(server.password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>$/, '');
  return {
    deliver: async ({ id, target, subject, text, thread, isAutomatic }) => {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: target },
          subject: subject.replaceAll(/[\r\n]+/g, ' '),
          text,
          messageId: `<${id}@${domain}>`,
          ...(thread === undefined ? {} : { references: `<${thread}@${domain}>` }),
          ...(isAutomatic ? { headers: { 'Auto-Submitted': 'auto-generated' } } : {}),
        });
      } catch (cause) {
        const detail = cause instanceof Error ? cause.message : String(cause);
        throw new LeakproofError('LP-DELIVERY-FAILED', `The mail server did not take a message: ${detail}`, { cause });
      }
    },
    close: () => transport.close(),
  };
}
