import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeRecord } from '@leakproof/core';
import { oracle, STAGES, walkPort } from '@leakproof/lab';
import { readLog } from '@leakproof/log';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cadence, startCadence } from '../support/cadence.ts';
import { sampleOf } from '../support/sample.ts';

/*
 * The guard in monitor in front of the lab, compared with the lab itself, in every drift: every read goes to both, and what they
 * answer is compared byte by byte.
 */

let cadence: Cadence;

beforeAll(async () => {
  cadence = await startCadence();
});
afterAll(() => cadence.close());

/** Headers of one hop (RFC 9110 §7.6.1), and the time of the answer. */
const OF_ONE_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/** What GraphQL cannot tell: monitor adds no fields to a query, and knows no operation of one that it does not admit. */
const OF_GRAPHQL = ['LP-OWNER-UNKNOWN', 'LP-CALLER-UNKNOWN', 'LP-CALLER-NOT-ALLOWED'];
/** Bodies of errors are not judged: the contract has no shape for them. */
const OF_ERRORS = ['LP-ORIGIN-ERROR'];

test.each(
  sampleOf(STAGES, 5).flatMap(({ name: stage }) =>
    (['rest', 'graphql'] as const).map((protocol) => ({ stage, protocol })),
  ),
)(
  'in front of the origin in $stage, no answer of $protocol differs, and every answer with data is judged',
  { timeout: 300_000 },
  async ({ stage, protocol }) => {
    cadence.lab.setStage(stage);
    const guarded = await cadence.guard({ mode: 'monitor', budgets: [], patient: true });
    const comparing = await startComparison(guarded.guard.port, cadence.lab.port);
    const cells = oracle({ stage, regions: ['us'] }).filter(
      (cell) =>
        cell.kind === 'read' && cell.channel !== 'device' && cell.protocol === protocol && SAMPLE.has(cell.owner),
    );
    const wrong = await walkPort(cadence.lab, comparing.port, cells);
    await comparing.close();
    await guarded.guard.close();
    await guarded.log.close();
    const known = new Set([...OF_ERRORS, ...(protocol === 'graphql' ? OF_GRAPHQL : [])]);
    const gaps: string[] = [];
    let accesses = 0;
    for (const frame of readLog(guarded.logDirectory)) {
      if (!('payload' in frame)) continue;
      const record = decodeRecord(frame.payload);
      if (record.type === 'access') accesses++;
      if (record.type === 'gap' && !known.has(record.code)) gaps.push(record.code);
    }
    const { faults, unrecorded } = guarded.guard.counts;
    await guarded.close();
    expect(comparing.compared()).toBeGreaterThan(20);
    expect(comparing.differences().slice(0, 5)).toEqual([]);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(accesses).toBeGreaterThan(20);
    expect({ gaps, faults, unrecorded }).toEqual({ gaps: [], faults: 0, unrecorded: 0 });
  },
);

const SAMPLE = new Set(
  oracle({ stage: 'open', regions: ['us'] })
    .map(({ owner }) => owner)
    .slice(0, 1),
);

interface Comparison {
  readonly port: number;
  compared(): number;
  differences(): readonly string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: string;
  readonly raw: readonly string[];
  readonly body: Buffer;
}

/** Answers every request with the guard's answer, and notes where the origin's is another. */
async function startComparison(guardPort: number, originPort: number): Promise<Comparison> {
  const differences: string[] = [];
  let compared = 0;
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const send = (port: number): Promise<Answer> =>
        ask({ port, method: message.method, path: message.url, headers: message.headers }, Buffer.concat(chunks));
      const answer = async (): Promise<void> => {
        const [ours, theirs] = await Promise.all([send(guardPort), send(originPort)]);
        compared++;
        const line = `${message.method} ${message.url}`;
        if (ours.status !== theirs.status) differences.push(`${line}: ${ours.status} and ${theirs.status}`);
        if (ours.headers !== theirs.headers) differences.push(`${line}: ${ours.headers} and ${theirs.headers}`);
        if (!ours.body.equals(theirs.body))
          differences.push(`${line}: ${ours.body.toString()} and ${theirs.body.toString()}`);
        response.writeHead(ours.status ?? 502, [...ours.raw]);
        response.end(ours.body);
      };
      void answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    compared: () => compared,
    differences: () => differences,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  readonly port: number;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

function ask(asked: Asked, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', ...asked }, (received) => {
      const chunks: Buffer[] = [];
      received.on('data', (chunk: Buffer) => chunks.push(chunk));
      received.on('end', () => {
        const pairs: string[][] = [];
        for (let at = 0; at + 1 < received.rawHeaders.length; at += 2) {
          const [name = '', value = ''] = received.rawHeaders.slice(at, at + 2);
          if (!OF_ONE_HOP.has(name.toLowerCase())) pairs.push([name.toLowerCase(), value]);
        }
        resolve({
          status: received.statusCode,
          headers: JSON.stringify(pairs),
          raw: pairs.flat(),
          body: Buffer.concat(chunks),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
