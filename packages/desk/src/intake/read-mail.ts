import { createHash } from 'node:crypto';
import { type EpochMs, LeakproofError } from '@leakproof/core';
import PostalMime, { type Email } from 'postal-mime';
import type { IncomingFile } from './incoming-file.ts';
import { INTAKE_LIMITS } from './limits.ts';

/** One mail that came in. */
export interface IncomingMail {
  /** SHA-256 of its Message-ID, or of the mail without one: a mail that is read twice is one report. */
  readonly digest: string;
  /** When our mail server took it (the topmost `Received`); undefined without one. `Date` is the sender's word, and not used. */
  readonly arrivedMs?: EpochMs | undefined;
  readonly from?: string | undefined;
  readonly name?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly files: readonly IncomingFile[];
  /** A program wrote it (RFC 3834): no program answers it. */
  readonly isAutomatic: boolean;
  /** A case that its subject names. */
  readonly caseId?: string | undefined;
}

/** Reads one mail (RFC 5322). HTML is not read: a mail with nothing else says so. Throws LP-MAIL-UNREADABLE, LP-DESK-TOO-LARGE. */
export async function readMail(bytes: Uint8Array): Promise<IncomingMail> {
  if (bytes.length > INTAKE_LIMITS.mailBytes)
    throw new LeakproofError('LP-DESK-TOO-LARGE', `A mail is larger than ${INTAKE_LIMITS.mailBytes} bytes.`);
  const mail = await parseMail(bytes);
  const from = mail.from?.address;
  const subject = (mail.subject ?? '').slice(0, INTAKE_LIMITS.titleChars);
  const text = (mail.text ?? '').slice(0, INTAKE_LIMITS.textChars).trim();
  const headers = new Map(mail.headers.toReversed().map(({ key, value }) => [key, value]));
  return {
    digest: createHash('sha256')
      .update(mail.messageId ?? bytes)
      .digest('hex'),
    arrivedMs: receivedMs(mail),
    from,
    name: mail.from?.name || undefined,
    subject: subject === '' ? '(no subject)' : subject,
    text: text === '' ? '(The mail has no plain text. Ask the reporter, or see its files.)' : text,
    files: mail.attachments.slice(0, INTAKE_LIMITS.files).map(({ filename, content }) => ({
      name: filename ?? 'file',
      content: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    })),
    isAutomatic:
      !/^(?:no)?$/i.test((headers.get('auto-submitted') ?? '').trim()) ||
      headers.has('list-id') ||
      /^(?:bulk|junk|list|auto_reply)$/i.test(headers.get('precedence') ?? '') ||
      from === undefined ||
      /^(?:mailer-daemon|postmaster|no-?reply)@/i.test(from),
    caseId: /\bD-[0-9A-Z]{10}\b/.exec(subject)?.[0],
  };
}

async function parseMail(bytes: Uint8Array): Promise<Email> {
  try {
    const mail = await PostalMime.parse(bytes, {
      maxNestingDepth: 32,
      maxHeadersSize: 262_144,
      forceRfc822Attachments: true,
    });
    if (!mail.headers.some(({ key }) => key === 'from' || key === 'received' || key === 'subject'))
      throw new LeakproofError('LP-MAIL-UNREADABLE', 'It has no headers of a mail.');
    return mail;
  } catch (cause) {
    throw new LeakproofError('LP-MAIL-UNREADABLE', 'It cannot be read as a mail.', { cause });
  }
}

function receivedMs({ headers }: Email): EpochMs | undefined {
  const received = headers.find(({ key }) => key === 'received')?.value;
  const time = Date.parse(received?.slice(received.lastIndexOf(';') + 1).replace(/\([^)]*\)/, '') ?? '');
  return Number.isNaN(time) ? undefined : time;
}
