import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { fileSource, readBytes, type ByteSource } from '@leakproof/sources';
import { corpus } from './corpora.ts';
import { HAR_START, harEntry } from './generate.ts';

/** Reads the file at `path`; returns the number of entries or lines. */
type Variant = (path: string) => Promise<number>;

interface HarFile {
  readonly log: { readonly entries: readonly HarEntry[] };
}

interface HarEntry {
  readonly request: { readonly url: string };
  readonly response: { readonly content: { readonly text?: string; readonly encoding?: string } };
}

const COMBINED = /^(\S+) (\S+) (\S+) \[([^\]]+)\] "(\S+) (\S+) ([^"]+)" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"$/;

export const VARIANTS: Readonly<Record<string, Variant>> = {
  ours: async (path) => countExchanges(await fileSource(path)),
  'JSON.parse(whole file)': async (path) => {
    const { log } = JSON.parse(readFileSync(path, 'utf8')) as HarFile;
    return log.entries.filter(bodyBytes).length;
  },
  'stream-json': async (path) => {
    const load = async <Module>(name: string): Promise<Module> =>
      (await import(pathToFileURL(join(packageFolder('stream-json'), 'src', name)).href)) as Module;
    const { parser } = await load<{ parser: () => unknown }>('parser.js');
    const { pick } = await load<{ pick: (options: object) => unknown }>('filters/pick.js');
    const { streamArray } = await load<{ streamArray: () => unknown }>('streamers/stream-array.js');
    const chainUrl = pathToFileURL(join(packageFolder('stream-json'), '..', 'stream-chain', 'src', 'index.js')).href;
    const { default: chain } = (await import(chainUrl)) as {
      default: (parts: unknown[]) => AsyncIterable<{ value: HarEntry }>;
    };
    let count = 0;
    for await (const { value } of chain([
      createReadStream(path),
      parser(),
      pick({ filter: 'log.entries' }),
      streamArray(),
    ])) {
      if (bodyBytes(value)) count += 1;
    }
    return count;
  },
  'har-to-openapi': async (path) => {
    const url = pathToFileURL(join(packageFolder('har-to-openapi'), 'dist', 'index.js')).href;
    const { generateSpecs } = (await import(url)) as { generateSpecs: (har: unknown) => Promise<unknown> };
    const file = JSON.parse(readFileSync(path, 'utf8')) as HarFile;
    await generateSpecs(file);
    return file.log.entries.length;
  },
  'readline + expression': async (path) => {
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const parts = COMBINED.exec(line);
      if (parts !== null && !Number.isNaN(Date.parse((parts[4] ?? '').replace(':', ' ').replaceAll('/', ' '))))
        count += 1;
    }
    return count;
  },
  'readline + JSON.parse': async (path) => {
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const record = JSON.parse(line) as { request_uri?: string; time?: string };
      if (record.request_uri !== undefined && !Number.isNaN(Date.parse(record.time ?? ''))) count += 1;
    }
    return count;
  },
  'ours, 2 GB torn': () => countExchanges(tornCapture(2e9)),
};

function packageFolder(name: Parameters<typeof corpus>[0]): string {
  const folder = corpus(name);
  if (folder === undefined) throw new Error(`${name} is not installed`);
  return folder;
}

/** Decodes the body, as every variant must. */
function bodyBytes({ response }: HarEntry): boolean {
  const { text, encoding } = response.content;
  return text !== undefined && Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8').length > 0;
}

async function countExchanges(source: ByteSource): Promise<number> {
  let count = 0;
  for await (const batch of readBytes(source)) for (const { type } of batch) if (type === 'exchange') count += 1;
  return count;
}

/** A generated capture that ends in the middle of an entry. */
function tornCapture(bytes: number): ByteSource {
  const block = Buffer.from(Array.from({ length: 64 }, (_, number) => `${harEntry(number, 'small json')},`).join(''));
  return {
    name: 'torn.har',
    async *[Symbol.asyncIterator]() {
      yield Buffer.from(HAR_START);
      for (let sent = 0; sent < bytes; sent += block.length) yield block;
      yield block.subarray(0, 1000);
    },
  };
}
