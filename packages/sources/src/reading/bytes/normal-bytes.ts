import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import type { ByteSource } from './byte-source.ts';

/** A source and its first bytes, which are part of the iteration too. */
export interface OpenedSource {
  readonly head: Uint8Array;
  readonly source: ByteSource;
  /** Set at the end of the iteration, if the compressed stream was cut off or damaged. */
  torn: boolean;
}

/**
 * Decompresses gzip, removes a byte order mark (UTF-16 becomes UTF-8), and reads ahead `headBytes`. A damaged gzip stream ends early,
 * with `torn` set, after the bytes before the damage.
 */
export async function openSource(source: ByteSource, headBytes = 65_536): Promise<OpenedSource> {
  const raw = await peek(source, 2);
  const opened: { torn: boolean } = { torn: false };
  const gzipped = raw.head[0] === 0x1f && raw.head[1] === 0x8b;
  const plain = gzipped ? await peek(gunzip(raw.rest, opened), 2) : raw;
  const decoded = await peek(withoutByteOrderMark(plain), headBytes);
  return Object.assign(opened, {
    head: decoded.head,
    source: {
      name: source.name,
      sizeBytes: gzipped ? undefined : source.sizeBytes,
      [Symbol.asyncIterator]: () => decoded.rest,
    },
  });
}

export interface Peeked {
  readonly head: Uint8Array;
  readonly rest: AsyncGenerator<Uint8Array>;
}

/** The first `bytes` bytes, or all if there are fewer, and the whole source, with these bytes. */
export async function peek(source: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  return { head: Buffer.concat(pieces).subarray(0, bytes), rest: resume(pieces, iterator) };
}

async function* resume(pieces: Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* gunzip(bytes: AsyncIterable<Uint8Array>, state: { torn: boolean }): AsyncGenerator<Uint8Array> {
  const input = Readable.from(bytes, { objectMode: false });
  const output = createGunzip();
  input.on('error', (error) => output.destroy(error));
  try {
    for await (const piece of input.pipe(output)) yield piece as Uint8Array;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    state.torn = true;
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

async function* withoutByteOrderMark({ head, rest }: Peeked): AsyncGenerator<Uint8Array> {
  const encoding =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
  if (encoding === undefined) {
    yield* withoutUtf8ByteOrderMark(rest);
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const piece of rest) yield Buffer.from(decoder.decode(piece, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function* withoutUtf8ByteOrderMark(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, rest } = await peek(bytes, 3);
  let skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for await (const piece of rest) {
    const drop = Math.min(skip, piece.length);
    skip -= drop;
    yield drop === 0 ? piece : piece.subarray(drop);
  }
}
