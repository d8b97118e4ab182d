import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import type { WithoutCredential } from '../../reading/caller.ts';
import { collectExchanges, collectPieces } from '../../reading/exchange-collector.ts';
import { isObject, parseJson } from '../../reading/json/json-shape.ts';
import { JsonSplitter } from '../../reading/json/split-json.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { readEntry } from './entry.ts';

/** Programs whose exports contain credentials by default. Chrome and Edge (WebInspector) remove them. */
const KEEPS_CREDENTIALS =
  /firefox|charles|fiddler|mitmproxy|insomnia|proxyman|burp|zap|httptoolkit|http toolkit|playwright|browsermob|paw/i;

/** HTTP Archive 1.2, entry by entry. */
export const har: Reader = {
  id: 'har',
  title: 'HTTP Archive (HAR 1.2)',
  extensions: ['.har', '.json'],
  yields: 'exchanges',
  recognises(head, fileName) {
    const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1').trimStart();
    if (!text.startsWith('{')) return fileName.toLowerCase().endsWith('.har') ? 0.2 : 0;
    if (/^\{\s*"log"\s*:/.test(text)) return /"(?:entries|creator|pages|browser)"\s*:/.test(text) ? 0.95 : 0.6;
    if (/"log"\s*:\s*\{/.test(text) && /"entries"\s*:\s*\[/.test(text)) return 0.8;
    return fileName.toLowerCase().endsWith('.har') ? 0.3 : 0;
  },
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const collector = collectExchanges('har', input, options);
  let without: WithoutCredential = 'unknown';
  const splitter = new JsonSplitter(['log', 'entries'], maxItemBytes(options), {
    unit(path, bytes, index) {
      if (path === 'log.creator') without = keepsCredentials(bytes) ? 'anonymous' : without;
      if (path !== 'log.entries[]') return;
      const at = `/log/entries/${index}`;
      const entry = parseJson(bytes.toString());
      const context = { source: { ...collector.source, without }, rejectPart: collector.rejectPartAt(at) };
      const exchange = entry === undefined ? 'not-json' : readEntry(entry, at, context);
      // A file that contains one credential was not cleared of them.
      if (typeof exchange !== 'string' && exchange.caller.auth === 'credential') without = 'anonymous';
      collector.add(exchange, at);
    },
    oversize(path, index) {
      if (path === 'log.entries[]') collector.add('too-large', `/log/entries/${index}`);
    },
  });
  yield* collectPieces(untilBroken(input, splitter), splitter, collector);
  const end = splitter.end();
  if (end.type === 'torn') collector.add('torn', `byte ${end.offset}`);
  if (end.type === 'broken') collector.add('document-broken', `byte ${end.offset}`);
  if (end.type === 'complete' && !splitter.listed) collector.add('wrong-document', '/log/entries');
  yield collector.finish();
}

async function* untilBroken(input: ByteSource, splitter: JsonSplitter): AsyncGenerator<Uint8Array> {
  for await (const piece of input) {
    yield piece;
    if (splitter.broken) return;
  }
}

function keepsCredentials(creator: Buffer): boolean {
  const value = parseJson(creator.toString());
  return isObject(value) && typeof value.name === 'string' && KEEPS_CREDENTIALS.test(value.name);
}
