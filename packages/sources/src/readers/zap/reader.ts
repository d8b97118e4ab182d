import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { createFingerprint } from '../../reading/caller.ts';
import type { SourceFacts } from '../../reading/exchange-parts.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import { peek } from '../../reading/bytes/normal-bytes.ts';
import type { RawReading } from '../../reading/raw-exchange.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { createRejects } from '../../reading/rejects.ts';
import { headText } from '../../reading/bytes/whole-document.ts';
import { ReportInstances } from './report.ts';
import { MessageBlocks, type ZapSink } from './messages.ts';

/** ZAP's "Export Messages to File" (text) and its traditional XML-plus report; its HARs are read by `har`. */
export const zap: Reader = {
  id: 'zap',
  title: 'ZAP messages (text) and XML report',
  extensions: ['.txt', '.xml', '.raw'],
  yields: 'exchanges',
  recognises(head) {
    const text = headText(head);
    if (/^\s*={3,4} ?\d+ ={4,}\r?$/m.test(text.slice(0, 200))) return 0.95;
    return /<OWASPZAPReport\b/.test(text) ? 0.95 : 0;
  },
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const rejects = createRejects('zap', input.name);
  const facts: SourceFacts = {
    reader: 'zap',
    file: input.name,
    fingerprint: createFingerprint(options.fingerprintKey),
    without: 'anonymous',
    identity: options.identity,
  };
  const maxBytes = maxItemBytes(options);
  let batch: Reading[] = [];
  const readingAt = (at: string): RawReading => ({
    facts,
    maxBytes,
    part: (code: RejectCode, count?: number) => rejects.part(code, at, count),
  });
  const sink = (exchange: Parameters<ZapSink>[0], at: string): void => {
    batch.push(typeof exchange === 'string' ? rejects.one(exchange, at) : { kind: 'exchange', exchange });
  };
  const { head, rest } = await peek(input, 256);
  const isReport = /^\s*<(?:\?xml|OWASPZAPReport|!)/.test(headText(head));
  const parts = new (isReport ? ReportInstances : MessageBlocks)(maxBytes, readingAt, sink);
  for await (const chunk of rest) {
    parts.push(chunk);
    yield batch;
    batch = [];
  }
  const ended = parts.end();
  if (ended === 'torn') batch.push(rejects.one('torn', 'end'));
  if (ended === 'nothing') batch.push(rejects.one('wrong-document', 'line 1'));
  yield [...batch, ...rejects.drain()];
}
