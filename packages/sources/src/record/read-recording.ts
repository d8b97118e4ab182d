import { open, type FileHandle } from 'node:fs/promises';
import { isLeakproofError, LeakproofError, type EpochMs, type Exchange } from '@leakproof/core';
import { parseExchange } from '../reading/exchange-line.ts';
import { frameCipher, MAGIC, MAX_FRAME_BYTES, type FrameCipher, type FrameKind } from './recording-frames.ts';
import { fileKey, parseHeader, type RecordingHeader, type RecordingKey } from './recording-header.ts';
import { restoreWords, type LiteralWords } from './shapes-only.ts';

/** An open recording. All callers but anonymous ones have its identity. `outcome` is complete after one iteration of `exchanges`. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly exchanges: AsyncIterable<Exchange>;
  /** `torn` unless the recorder closed the file; `unreadable`: frames that contain no valid exchange. */
  readonly outcome: { torn: boolean; exchanges: number; unreadable: number };
}

const MAX_HEADER_BYTES = 65_536;

/**
 * Opens a recording. A torn file yields its valid prefix; nothing after a modified byte is used. Throws LP-FILE-UNREADABLE,
 * LP-RECORDING-INVALID (not a recording), LP-RECORDING-EXPIRED, and LP-RECORDING-KEY for a wrong key or a modified header, which cannot
 * be distinguished.
 */
export async function readRecording(path: string, key: RecordingKey, now: EpochMs = Date.now()): Promise<Recording> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new LeakproofError('LP-FILE-UNREADABLE', `cannot read ${path}`, { cause, where: { file: path } });
  });
  try {
    const { header, bytes } = await readHeader(file, path);
    if (now >= header.expires) {
      throw new LeakproofError(
        'LP-RECORDING-EXPIRED',
        `the recording expired on ${new Date(header.expires).toISOString()}`,
        {
          where: { file: path },
        },
      );
    }
    const cipher = frameCipher(fileKey(header, key), bytes);
    const start = { at: bytes.length, index: 0 };
    const first = await frameAt(file, start, cipher);
    if (first?.kind !== 'key')
      throw new LeakproofError('LP-RECORDING-KEY', 'the key does not decrypt this recording', {
        where: { file: path },
      });
    const outcome = { torn: true, exchanges: 0, unreadable: 0 };
    const second = { at: first.next, index: 1 };
    return { header, outcome, exchanges: exchangesOf({ file, path, header, cipher, start: second, outcome }) };
  } catch (error) {
    await file.close();
    if (isLeakproofError(error)) throw error;
    throw new LeakproofError('LP-FILE-UNREADABLE', `cannot read ${path}`, { cause: error, where: { file: path } });
  }
}

async function readHeader(file: FileHandle, path: string): Promise<{ header: RecordingHeader; bytes: Buffer }> {
  const lead = await bytesAt(file, 0, MAGIC.length + 4);
  const length = lead?.subarray(0, MAGIC.length).equals(MAGIC) ? lead.readUInt32BE(MAGIC.length) : 0;
  const bytes =
    length > 0 && length <= MAX_HEADER_BYTES ? await bytesAt(file, 0, MAGIC.length + 4 + length) : undefined;
  const header = bytes && parseHeader(bytes.subarray(MAGIC.length + 4).toString('utf8'));
  if (!bytes || !header)
    throw new LeakproofError('LP-RECORDING-INVALID', 'the file does not begin with the header of a recording', {
      where: { file: path },
    });
  return { header, bytes };
}

interface FramePosition {
  readonly at: number;
  readonly index: number;
}

interface Source {
  readonly file: FileHandle;
  readonly path: string;
  readonly header: RecordingHeader;
  readonly cipher: FrameCipher;
  readonly start: FramePosition;
  readonly outcome: Recording['outcome'];
}

async function* exchangesOf(source: Source): AsyncGenerator<Exchange> {
  const { file, path, header, outcome } = source;
  try {
    const words = header.mode === 'shapes-only' ? await wordsOf(source) : undefined;
    for await (const { kind, content, index } of framesOf(source)) {
      if (kind === 'end') outcome.torn = false;
      if (kind !== 'exchange') continue;
      const exchange = parseExchange(JSON.parse(content.toString('utf8')));
      if (typeof exchange === 'string') {
        outcome.unreadable++;
        continue;
      }
      outcome.exchanges++;
      const named = words ? restoreWords(exchange, words) : exchange;
      yield {
        ...named,
        caller: named.caller.auth === 'anonymous' ? named.caller : { ...named.caller, identity: header.identity },
        provenance: { reader: 'recording', file: path, at: `exchange ${index}` },
      };
    }
  } finally {
    await file.close();
  }
}

async function wordsOf(source: Source): Promise<LiteralWords> {
  for await (const { kind, content } of framesOf(source)) {
    if (kind === 'words') return JSON.parse(content.toString('utf8')) as LiteralWords;
  }
  return {};
}

interface Frame {
  readonly kind: FrameKind;
  readonly content: Buffer;
  readonly index: number;
}

async function* framesOf({ file, cipher, start }: Source): AsyncGenerator<Frame> {
  let { at, index } = start;
  for (;;) {
    const frame = await frameAt(file, { at, index }, cipher);
    if (!frame) return;
    yield { kind: frame.kind, content: frame.content, index };
    if (frame.kind === 'end') return;
    at = frame.next;
    index++;
  }
}

async function frameAt(file: FileHandle, { at, index }: FramePosition, cipher: FrameCipher) {
  const lead = await bytesAt(file, at, 4);
  const length = lead?.readUInt32BE(0) ?? 0;
  if (length === 0 || length > MAX_FRAME_BYTES) return undefined;
  const { size } = await file.stat();
  if (at + 4 + length > size) return undefined;
  const sealed = await bytesAt(file, at + 4, length);
  const opened = sealed && cipher.open(index, sealed);
  return opened && { ...opened, next: at + 4 + length };
}

/** Exactly `length` bytes; undefined if the file ends before. */
async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytesRead === length ? bytes : undefined;
}
