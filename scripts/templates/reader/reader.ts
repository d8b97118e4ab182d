import type { ByteSource } from '../../../packages/sources/src/reading/bytes/byte-source.ts';
import { LineSplitter } from '../../../packages/sources/src/reading/bytes/split-lines.ts';
import { headText } from '../../../packages/sources/src/reading/bytes/whole-document.ts';
import { collectExchanges, collectPieces } from '../../../packages/sources/src/reading/exchange-collector.ts';
import { composeExchange, type SourceContext } from '../../../packages/sources/src/reading/exchange-parts.ts';
import { maxItemBytes } from '../../../packages/sources/src/reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../../packages/sources/src/reading/reader.ts';

// FILL IN: this reads an example format, a first line `template-reader 1` and then lines `METHOD URL STATUS`.
export const templateReader: Reader = {
  id: 'template-reader',
  title: 'Template reader',
  extensions: ['.txt'],
  yields: 'exchanges',
  recognises: (head) => (headText(head).startsWith('template-reader 1') ? 1 : 0),
  read,
};

async function* read(input: ByteSource, options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
  const collector = collectExchanges('template-reader', input, options);
  const lines = new LineSplitter(maxItemBytes(options), (line, number) => {
    if (number === 1 || line === '') return;
    const at = `line ${number}`;
    collector.add(
      line === undefined ? 'too-large' : exchangeOf(line, at, { ...collector.source, without: 'unknown' }),
      at,
    );
  });
  yield* collectPieces(input, lines, collector);
  lines.end();
  yield collector.finish();
}

function exchangeOf(line: string, at: string, context: SourceContext): ReturnType<typeof composeExchange> {
  const [, method = '', url = '', status = ''] = /^(\S+) (\S+) ([1-5][0-9]{2})$/.exec(line) ?? [];
  if (method === '') return 'line-unreadable';
  return composeExchange({ method, url, headers: [], response: { status: Number(status), headers: [] }, at }, context);
}
