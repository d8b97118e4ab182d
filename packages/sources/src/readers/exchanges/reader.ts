import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { parseExchange } from '../../reading/exchange-line.ts';
import { parseJson } from '../../reading/json/json-shape.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';
import { createRejects } from '../../reading/rejects.ts';
import { LineSplitter } from '../../reading/bytes/split-lines.ts';
import { headText } from '../../reading/bytes/whole-document.ts';

/** Leakproof's own exchanges, as a guard in `monitor` or a recording leaves them: one JSON object a line. */
export const exchanges: Reader = {
  id: 'exchanges',
  title: 'Leakproof exchanges (NDJSON)',
  extensions: ['.ndjson'],
  yields: 'exchanges',
  recognises: (head) => (/^\s*\{"exchange":\d+,"request":\{/.test(headText(head)) ? 1 : 0),
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const rejects = createRejects('exchanges', input.name);
  let batch: Reading[] = [];
  const lines = new LineSplitter(maxItemBytes(options), (line, number) => {
    if (line === '') return;
    const at = `line ${number}`;
    const value = line === undefined ? undefined : parseJson(line);
    const exchange = line === undefined ? 'too-large' : value === undefined ? 'not-json' : parseExchange(value);
    if (exchange === 'body-undecodable') batch.push(rejects.one('not-an-object', at));
    else if (exchange === 'version-unsupported') batch.push(rejects.one('line-unreadable', at));
    else if (typeof exchange === 'string') batch.push(rejects.one(exchange, at));
    else batch.push({ kind: 'exchange', exchange });
  });
  for await (const chunk of input) {
    lines.push(chunk);
    yield batch;
    batch = [];
  }
  lines.end();
  yield batch;
}
