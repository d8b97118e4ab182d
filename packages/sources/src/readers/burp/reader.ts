import type { Exchange } from '@leakproof/core';
import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { fromBase64 } from '../../reading/bytes/text-body.ts';
import { headText } from '../../reading/bytes/whole-document.ts';
import { collectExchanges, collectPieces } from '../../reading/exchange-collector.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import { readRawExchange, type RawContext } from '../../reading/raw-exchange.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { XmlElementSplitter } from '../../reading/xml/split-xml.ts';
import { childOf, readElement, type XmlChild } from '../../reading/xml/xml-element.ts';

/** Burp Suite's "save items": XML with the raw messages, in base64 or as they are. */
export const burp: Reader = {
  id: 'burp',
  title: 'Burp Suite items (XML)',
  extensions: ['.xml', '.burp'],
  yields: 'exchanges',
  recognises(head) {
    const text = headText(head);
    if (/<items\s[^>]*burpVersion=/.test(text)) return 0.98;
    return /<items>/.test(text) && /<item>/.test(text) && /<request\b/.test(text) ? 0.7 : 0;
  },
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const collector = collectExchanges('burp', input, options);
  const { source } = collector;
  const maxBytes = maxItemBytes(options);
  let count = 0;
  const items = new XmlElementSplitter('item', maxBytes, (element, index) => {
    count = index + 1;
    const at = `item ${count}`;
    const context = { source, maxBytes, rejectPart: collector.rejectPartAt(at) };
    collector.add(element === undefined ? 'too-large' : readItem(element, at, context), at);
  });
  yield* collectPieces(input, items, collector);
  if (items.end()) collector.add('torn', `item ${count + 1}`);
  else if (count === 0) collector.add('wrong-document', 'items');
  yield collector.finish();
}

function readItem(element: Buffer, at: string, context: RawContext): Exchange | RejectCode {
  const children = readElement(element.toString());
  if (children === undefined) return 'item-not-xml';
  const request = bytesOf(childOf(children, 'request'));
  if (request === undefined) return 'request-missing';
  if (request === 'undecodable') return 'request-unreadable';
  const response = bytesOf(childOf(children, 'response'));
  if (response === 'undecodable') context.rejectPart('response-unreadable');
  const timeMs = Date.parse(childOf(children, 'time')?.text ?? '');
  return readRawExchange(
    {
      request,
      response: response === 'undecodable' ? undefined : response,
      url: childOf(children, 'url')?.text.trim(),
      scheme: childOf(children, 'protocol')?.text.trim() === 'https' ? 'https' : 'http',
      timeMs: Number.isNaN(timeMs) ? undefined : timeMs,
      at,
    },
    context,
  );
}

function bytesOf(child: XmlChild | undefined): Uint8Array | 'undecodable' | undefined {
  if (child === undefined || child.text === '') return undefined;
  if (child.attributes.base64 === 'true') return fromBase64(child.text.trim()) ?? 'undecodable';
  return Buffer.from(child.text);
}
