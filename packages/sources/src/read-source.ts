import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { LeakproofError } from '@leakproof/core';
import { READERS } from './readers/index.ts';
import type { ByteSource } from './reading/bytes/byte-source.ts';
import { openSource } from './reading/bytes/normal-bytes.ts';
import type { Reader, Reading, ReadOptions } from './reading/reader.ts';

export interface SourceOptions extends ReadOptions {
  /** The id of a reader, for a source whose format cannot be recognised by its content. */
  readonly as?: string | undefined;
}

/**
 * Reads the file at `path` with the reader that recognises its content with the highest confidence. gzip is decompressed, a byte
 * order mark is removed. Throws LP-FILE-UNREADABLE, LP-SOURCE-UNKNOWN (no reader recognises the content), LP-READER-UNKNOWN (`as` is
 * not a reader). An empty result is the reject `nothing-read`.
 */
export async function* readSource(path: string, options: SourceOptions = {}): AsyncGenerator<Reading> {
  for await (const batch of readBytes(await fileSource(path), options)) yield* batch;
}

/** As `readSource`, for any bytes, in batches. */
export async function* readBytes(input: ByteSource, options: SourceOptions = {}): AsyncGenerator<readonly Reading[]> {
  const as = options.as ?? (options.logFormat === undefined ? undefined : 'log-nginx');
  const named = as === undefined ? undefined : readerById(as);
  const opened = await openSource(input);
  const reader = named ?? readerOf(opened.head, input.name);
  if (reader === undefined) {
    throw new LeakproofError('LP-SOURCE-UNKNOWN', 'no reader recognises this content', { where: { file: input.name } });
  }
  let isEmpty = true;
  for await (const batch of reader.read(opened.source, options)) {
    if (batch.length === 0) continue;
    isEmpty = false;
    yield batch;
  }
  const code = opened.torn ? 'torn' : isEmpty ? 'nothing-read' : undefined;
  if (code === undefined) return;
  const where = { reader: reader.id, file: input.name, at: opened.torn ? 'gzip stream' : 'end' };
  yield [{ type: 'reject', code, where, count: 1 }];
}

/** The reader that recognises a content with the highest confidence, or undefined. */
export function readerOf(head: Uint8Array, fileName: string): Reader | undefined {
  let best: Reader | undefined;
  let highest = 0;
  for (const reader of READERS) {
    const confidence = reader.recognises(head, fileName);
    if (confidence > highest) [best, highest] = [reader, confidence];
  }
  return best;
}

/** The reader called `id`. Throws LP-READER-UNKNOWN. */
export function readerById(id: string): Reader {
  const reader = READERS.find((candidate) => candidate.id === id);
  if (reader !== undefined) return reader;
  throw new LeakproofError('LP-READER-UNKNOWN', `no reader is called ${JSON.stringify(id)}`, {
    fix: `Use one of ${READERS.map((candidate) => candidate.id).join(', ')}.`,
  });
}

/** The file at `path` as a source. Throws LP-FILE-UNREADABLE, also during iteration. */
export async function fileSource(path: string): Promise<ByteSource> {
  const unreadable = (cause: unknown): LeakproofError =>
    new LeakproofError('LP-FILE-UNREADABLE', `cannot read ${path}`, { cause, where: { file: path } });
  const info = await stat(path).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  if (info.isDirectory()) throw unreadable(undefined);
  return {
    name: path,
    sizeBytes: info.size,
    async *[Symbol.asyncIterator]() {
      try {
        for await (const piece of createReadStream(path, { highWaterMark: 65_536 })) yield piece as Uint8Array;
      } catch (cause) {
        throw unreadable(cause);
      }
    },
  };
}
