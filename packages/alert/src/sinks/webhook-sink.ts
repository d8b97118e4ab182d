import { createHmac, timingSafeEqual } from 'node:crypto';
import { LeakproofError } from '@leakproof/core';
import type { Sink } from '../message.ts';
import { isLoopback } from './is-loopback.ts';

export interface WebhookOptions {
  /** Shared with the receivers; at least 24 bytes. */
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 10_000;
const MIN_SECRET_BYTES = 24;
const TOLERANCE_MS = 5 * 60_000;

/**
 * Posts JSON, signed as the Standard Webhooks specification says (`webhook-id`, `webhook-timestamp`, `webhook-signature`). The body is
 * the subject and the message's `data`, never its text. Redirects are not followed. Throws LP-DELIVERY-REFUSED for a short secret.
 */
export function webhookSink({ secret, now, timeoutMs = TIMEOUT_MS }: WebhookOptions): Sink {
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES)
    throw new LeakproofError('LP-DELIVERY-REFUSED', `The secret of webhooks needs at least ${MIN_SECRET_BYTES} bytes.`);
  return {
    deliver: async ({ id, target, subject, data = {} }) => {
      const url = URL.canParse(target) ? new URL(target) : undefined;
      if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))))
        throw new LeakproofError('LP-DELIVERY-REFUSED', 'A webhook needs an https URL.');
      const seconds = String(Math.floor(now() / 1000));
      const body = JSON.stringify({ id, subject, ...data });
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': signatureOf(secret, `${id}.${seconds}.${body}`),
      };
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers,
        body,
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => {
        throw new LeakproofError('LP-DELIVERY-FAILED', `The webhook at ${url.host} did not answer.`, { cause });
      });
      await response.body?.cancel();
      if (!response.ok)
        throw new LeakproofError('LP-DELIVERY-FAILED', `The webhook at ${url.host} answered ${response.status}.`);
    },
  };
}

/** For receivers: whether a request was signed with `secret` within five minutes of `nowMs`. */
export function isSignedWebhook(
  secret: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  { body, nowMs }: { readonly body: string; readonly nowMs: number },
): boolean {
  const id = String(headers['webhook-id']);
  const seconds = String(headers['webhook-timestamp']);
  if (!(Math.abs(nowMs - Number(seconds) * 1000) <= TOLERANCE_MS)) return false;
  const expected = Buffer.from(signatureOf(secret, `${id}.${seconds}.${body}`));
  return String(headers['webhook-signature'])
    .split(' ')
    .some((each) => Buffer.byteLength(each) === expected.length && timingSafeEqual(Buffer.from(each), expected));
}

function signatureOf(secret: string, text: string): string {
  return `v1,${createHmac('sha256', secret).update(text).digest('base64')}`;
}
