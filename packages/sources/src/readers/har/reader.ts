import { createFingerprint, type WithoutCredential } from '../../reading/caller.ts';
import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { isObject, parseJson } from '../../reading/json/json-shape.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { createRejects } from '../../reading/rejects.ts';
import { JsonSplitter } from '../../reading/json/split-json.ts';
import { readEntry } from './entry.ts';

/** Programs that write credentials into their exports unless told otherwise. Chrome and Edge (WebInspector) take them out. */
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
  const rejects = createRejects('har', input.name);
  const fingerprint = createFingerprint(options.fingerprintKey);
  let batch: Reading[] = [];
  let without: WithoutCredential = 'unknown';
  const splitter = new JsonSplitter(['log', 'entries'], maxItemBytes(options), {
    unit(path, bytes, index) {
      if (path === 'log.creator') without = keepsCredentials(bytes) ? 'anonymous' : without;
      if (path !== 'log.entries[]') return;
      const at = `/log/entries/${index}`;
      const entry = parseJson(bytes.toString());
      const facts = { reader: 'har', file: input.name, fingerprint, without, identity: options.identity };
      const exchange =
        entry === undefined ? 'not-json' : readEntry(entry, at, facts, (code, count) => rejects.part(code, at, count));
      if (typeof exchange === 'string') {
        batch.push(rejects.one(exchange, at));
        return;
      }
      // A file that shows one credential has not been cleared of them.
      if (exchange.caller.auth === 'credential') without = 'anonymous';
      batch.push({ kind: 'exchange', exchange });
    },
    oversize(path, index) {
      if (path === 'log.entries[]') batch.push(rejects.one('too-large', `/log/entries/${index}`));
    },
  });
  for await (const chunk of input) {
    splitter.push(chunk);
    if (batch.length > 0) yield batch;
    batch = [];
    if (splitter.broken) break;
  }
  const end = splitter.end();
  if (end.type === 'torn') batch.push(rejects.one('torn', `byte ${end.offset}`));
  if (end.type === 'broken') batch.push(rejects.one('document-broken', `byte ${end.offset}`));
  if (end.type === 'complete' && !splitter.listed) batch.push(rejects.one('wrong-document', '/log/entries'));
  yield [...batch, ...rejects.drain()];
}

function keepsCredentials(creator: Buffer): boolean {
  const value = parseJson(creator.toString());
  return isObject(value) && typeof value.name === 'string' && KEEPS_CREDENTIALS.test(value.name);
}
