import { connect } from 'node:net';
import { startRecordingOrigin } from './recording-origin.ts';
import type { CorpusCase, Credentials } from './corpus-case.ts';
import type { ProxyUnderTest } from './proxy-under-test.ts';

export interface Outcome {
  readonly status: number;
  /** Forbidden values that were released. */
  readonly leaked: readonly string[];
  /** Allowed values that were not released. */
  readonly lost: readonly string[];
  /** Other expectations that were not met, in words. */
  readonly faults: readonly string[];
}

/** Runs one case against a proxy, with a new recording origin. */
export async function runCorpusCase(
  each: CorpusCase,
  proxy: ProxyUnderTest,
  credentials: Credentials,
): Promise<Outcome> {
  const origin = await startRecordingOrigin(each.origin);
  const running = await proxy.start(origin.port);
  try {
    const raw = await exchange(running.port, each.send(credentials));
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(finalResponse(raw))?.[1] ?? 0);
    const received = origin.received.join('\n');
    return {
      status,
      leaked: [...raw.matchAll(/LEAK[\w-]*/g)].map(([text]) => text),
      lost: (each.keeps ?? []).filter((text) => !raw.includes(text)),
      faults: [
        ...(each.status.includes(status) ? [] : [`answered ${status}`]),
        ...(each.reaches === 'silent' && received !== '' ? [`the origin received: ${received.slice(0, 200)}`] : []),
        ...(each.never ?? []).filter((text) => raw.includes(text)).map((text) => `was released: ${text}`),
        ...(each.neverSent ?? []).filter((text) => received.includes(text)).map((text) => `was forwarded: ${text}`),
        ...(each.sent ?? []).filter((text) => !received.includes(text)).map((text) => `was not forwarded: ${text}`),
      ],
    };
  } finally {
    await running.close();
    await origin.close();
  }
}

/** Removes interim responses (1xx). */
function finalResponse(raw: string): string {
  return raw.replace(/^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n)+/, '');
}

/** Sends bytes on a new connection, and returns everything received until it closes. */
function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
