import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { peek } from '../../reading/bytes/normal-bytes.ts';
import { headText } from '../../reading/bytes/whole-document.ts';
import { collectExchanges, collectPieces } from '../../reading/exchange-collector.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { MessageBlocks, type ZapSink } from './messages.ts';
import { ReportInstances } from './report.ts';

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
  const collector = collectExchanges('zap', input, options);
  const { source } = collector;
  const maxBytes = maxItemBytes(options);
  const sink: ZapSink = {
    maxBytes,
    contextAt: (at) => ({ source, maxBytes, rejectPart: collector.rejectPartAt(at) }),
    add: (exchange, at) => collector.add(exchange, at),
  };
  const { head, rest } = await peek(input, 256);
  const isReport = /^\s*<(?:\?xml|OWASPZAPReport|!)/.test(headText(head));
  const messages = new (isReport ? ReportInstances : MessageBlocks)(sink);
  yield* collectPieces(rest, messages, collector);
  const end = messages.end();
  if (end === 'torn') collector.add('torn', 'end');
  if (end === 'nothing') collector.add('wrong-document', 'line 1');
  yield collector.finish();
}
