import type { ByteSource } from '../../../packages/sources/src/reading/bytes/byte-source.ts';
import { LineSplitter } from '../../../packages/sources/src/reading/bytes/split-lines.ts';
import { headText } from '../../../packages/sources/src/reading/bytes/whole-document.ts';
import { createFingerprint } from '../../../packages/sources/src/reading/caller.ts';
import { composeExchange, type SourceFacts } from '../../../packages/sources/src/reading/exchange-parts.ts';
import { maxItemBytes } from '../../../packages/sources/src/reading/limits.ts';
import type { Reader, Reading, ReadOptions } from '../../../packages/sources/src/reading/reader.ts';
import { createRejects } from '../../../packages/sources/src/reading/rejects.ts';

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
  const rejects = createRejects('template-reader', input.name);
  const facts: SourceFacts = {
    reader: 'template-reader',
    file: input.name,
    fingerprint: createFingerprint(options.fingerprintKey),
    without: 'unknown',
    identity: options.identity,
  };
  let batch: Reading[] = [];
  const lines = new LineSplitter(maxItemBytes(options), (line, number) => {
    if (number === 1 || line === '') return;
    const at = `line ${number}`;
    const exchange = line === undefined ? 'too-large' : exchangeOf(line, at, facts);
    batch.push(typeof exchange === 'string' ? rejects.one(exchange, at) : { kind: 'exchange', exchange });
  });
  for await (const chunk of input) {
    lines.push(chunk);
    yield batch;
    batch = [];
  }
  lines.end();
  yield batch;
}

function exchangeOf(line: string, at: string, facts: SourceFacts): ReturnType<typeof composeExchange> {
  const [, method = '', url = '', status = ''] = /^(\S+) (\S+) ([1-5][0-9]{2})$/.exec(line) ?? [];
  if (method === '') return 'line-unreadable';
  return composeExchange({ method, url, headers: [], response: { status: Number(status), headers: [] }, at }, facts);
}
