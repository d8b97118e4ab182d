import { connect } from 'node:net';
import { startRecordingOrigin } from './corpus-api.ts';
import type { CorpusCase, Credentials } from './corpus-case.ts';
import type { Subject } from './subject.ts';

export interface Outcome {
  readonly status: number;
  /** Forbidden objects or fields that came back. */
  readonly leaked: readonly string[];
  /** What should have come back and did not. */
  readonly lost: readonly string[];
  /** Other expectations that did not hold, in words. */
  readonly faults: readonly string[];
}

/** Plays one case against a subject before a recording origin of its own. */
export async function runCorpusCase(each: CorpusCase, subject: Subject, credentials: Credentials): Promise<Outcome> {
  const origin = await startRecordingOrigin(each.origin);
  const running = await subject.start(origin.port);
  try {
    const raw = await exchange(running.port, each.send(credentials));
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(finalAnswer(raw))?.[1] ?? 0);
    const heard = origin.received.join('\n');
    return {
      status,
      leaked: [...raw.matchAll(/LEAK[\w-]*/g)].map(([text]) => text),
      lost: (each.keeps ?? []).filter((text) => !raw.includes(text)),
      faults: [
        ...(each.status.includes(status) ? [] : [`answered ${status}`]),
        ...(each.reaches === 'silent' && heard !== '' ? [`the origin heard: ${heard.slice(0, 200)}`] : []),
        ...(each.never ?? []).filter((text) => raw.includes(text)).map((text) => `came back: ${text}`),
        ...(each.neverSent ?? []).filter((text) => heard.includes(text)).map((text) => `was sent on: ${text}`),
        ...(each.sent ?? []).filter((text) => !heard.includes(text)).map((text) => `was not sent on: ${text}`),
      ],
    };
  } finally {
    await running.close();
    await origin.close();
  }
}

/** Interim answers stand before the one that counts. */
function finalAnswer(raw: string): string {
  return raw.replace(/^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n)+/, '');
}

/** Sends bytes, and answers everything until the other side ends, or is done answering. */
function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
