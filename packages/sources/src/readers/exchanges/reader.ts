import type { ByteSource } from '../../reading/bytes/byte-source.ts';
import { LineSplitter } from '../../reading/bytes/split-lines.ts';
import { headText } from '../../reading/bytes/whole-document.ts';
import { collectExchanges, collectPieces } from '../../reading/exchange-collector.ts';
import { parseExchange } from '../../reading/exchange-line.ts';
import { parseJson } from '../../reading/json/json-shape.ts';
import { maxItemBytes } from '../../reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../reading/reader.ts';

/** Exchanges as Leakproof writes them: one JSON object per line. */
export const exchanges: Reader = {
  id: 'exchanges',
  title: 'Leakproof exchanges (NDJSON)',
  extensions: ['.ndjson'],
  yields: 'exchanges',
  recognises: (head) => (/^\s*\{"exchange":\d+,"request":\{/.test(headText(head)) ? 1 : 0),
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const collector = collectExchanges('exchanges', input, options);
  const lines = new LineSplitter(maxItemBytes(options), (line, number) => {
    if (line === '') return;
    const value = line === undefined ? undefined : parseJson(line);
    const exchange = line === undefined ? 'too-large' : value === undefined ? 'not-json' : parseExchange(value);
    const at = `line ${number}`;
    if (exchange === 'body-undecodable') collector.add('not-an-object', at);
    else if (exchange === 'version-unsupported') collector.add('line-unreadable', at);
    else collector.add(exchange, at);
  });
  yield* collectPieces(input, lines, collector);
  lines.end();
  yield collector.finish();
}
