import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { LeakproofError } from '@leakproof/core';
import { READERS } from './readers/index.ts';
import type { ByteSource } from './reading/bytes/byte-source.ts';
import { openSource } from './reading/bytes/normal-bytes.ts';
import type { Reader, Reading, ReadOptions } from './reading/reader.ts';

export interface SourceOptions extends ReadOptions {
  /** A reader's id, for a source whose format cannot be told by its content. */
  readonly as?: string | undefined;
}

/**
 * Reads the file at `path` with the reader that is surest of its content; gzip and byte order marks are undone. Throws
 * LP-FILE-UNREADABLE, LP-SOURCE-UNKNOWN (no reader knows the content), LP-READER-UNKNOWN (`as` names none).
 * A source never yields nothing at all: then it says `nothing-read`.
 */
export async function* readSource(path: string, options: SourceOptions = {}): AsyncGenerator<Reading> {
  for await (const batch of readBytes(await fileSource(path), options)) yield* batch;
}

/** As `readSource`, for bytes from anywhere and in batches. */
export async function* readBytes(input: ByteSource, options: SourceOptions = {}): AsyncGenerator<readonly Reading[]> {
  const as = options.as ?? (options.logFormat === undefined ? undefined : 'log-nginx');
  const named = as === undefined ? undefined : readerById(as);
  const opened = await openSource(input);
  const reader = named ?? readerOf(opened.head, input.name);
  if (reader === undefined) {
    throw new LeakproofError('LP-SOURCE-UNKNOWN', 'no reader knows this content', { where: { file: input.name } });
  }
  let anything = false;
  for await (const batch of reader.read(opened.source, options)) {
    if (batch.length === 0) continue;
    anything = true;
    yield batch;
  }
  const code = opened.torn ? 'torn' : anything ? undefined : 'nothing-read';
  if (code === undefined) return;
  const where = { reader: reader.id, file: input.name, at: opened.torn ? 'gzip stream' : 'end' };
  yield [{ kind: 'reject', code, where, count: 1 }];
}

/** The reader surest of a content, or undefined if none knows it. */
export function readerOf(head: Uint8Array, fileName: string): Reader | undefined {
  let best: Reader | undefined;
  let surest = 0;
  for (const reader of READERS) {
    const sure = reader.recognises(head, fileName);
    if (sure > surest) [best, surest] = [reader, sure];
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

/** The file at `path` as a source. Throws LP-FILE-UNREADABLE, also while it is read. */
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
