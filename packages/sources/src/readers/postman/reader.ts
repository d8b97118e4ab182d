import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { collectExchanges } from '../../reading/exchange-collector.ts';
import { isObject, parseJson, type JsonObject } from '../../reading/json/json-shape.ts';
import { maxDocumentBytes } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { headText, wholeText } from '../../reading/bytes/whole-document.ts';
import { readItems } from './items.ts';
import { createVariables } from './variables.ts';

/** Postman collections v2.0 and v2.1: each request, and each saved example with its response. */
export const postman: Reader = {
  id: 'postman',
  title: 'Postman collection v2.1',
  extensions: ['.postman_collection.json', '.json'],
  yields: 'exchanges',
  recognises(head) {
    const text = headText(head);
    if (!/^\s*\{/.test(text)) return 0;
    if (/schema\.(?:get)?postman\.com\/json\/collection\/v2/.test(text)) return 0.98;
    return /"_postman_id"\s*:/.test(text) && /"item"\s*:\s*\[/.test(text) ? 0.8 : 0;
  },
  read,
};

const MAX_COLLECTION_BYTES = 64 * 1_048_576;
/** Readings per batch. */
const BATCH = 256;

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const collector = collectExchanges('postman', input, options);
  const text = await wholeText(input, Math.min(maxDocumentBytes(options), MAX_COLLECTION_BYTES));
  const document = text === undefined ? undefined : parseJson(text);
  const collection = collectionOf(document);
  if (collection === undefined) {
    const code =
      text === undefined ? 'document-too-large' : document === undefined ? 'document-broken' : 'wrong-document';
    collector.add(code, '/');
    yield collector.finish();
    return;
  }
  const variables = createVariables(collection.variable, options.variables);
  let count = 0;
  for (const { exchange, at, pathVariables } of readItems({ holder: collection, at: '' }, { collector, variables })) {
    collector.add(exchange, at, pathVariables);
    count += 1;
    if (count % BATCH === 0) yield collector.take();
  }
  yield collector.finish();
}

/** Postman's API returns a collection as `{"collection": …}`. */
function collectionOf(document: unknown): JsonObject | undefined {
  if (!isObject(document)) return undefined;
  if (Array.isArray(document.item)) return document;
  return isObject(document.collection) && Array.isArray(document.collection.item) ? document.collection : undefined;
}
