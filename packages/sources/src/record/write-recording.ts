import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { LeakproofError, type Exchange } from '@leakproof/core';
import { writeExchange } from '../reading/exchange-line.ts';
import { fileKey, newHeader, type NewHeader } from './recording-header.ts';
import { frameCipher, headerBytes, MAX_FRAME_BYTES } from './recording-frames.ts';
import { createShapesOnly } from './shapes-only.ts';

/** A recording being written. Every exchange is in the file when `add` returns; a torn file keeps all frames before the damage. */
export interface RecordingWriter {
  /** False if the exchange is too large to be written. */
  add(exchange: Exchange): boolean;
  readonly written: () => number;
  /** Marks the recording as complete. Without it, it is torn. */
  close(): void;
}

/**
 * Starts a recording at `path`, with mode 0600; never overwrites a file. Throws LP-RECORDING-EXISTS, LP-RECORDING-KEY and
 * LP-FILE-UNREADABLE. In `shapes-only` mode no value is written, not even encrypted.
 */
export function writeRecording(path: string, options: NewHeader): RecordingWriter {
  const header = newHeader(options);
  const start = headerBytes(JSON.stringify(header));
  const cipher = frameCipher(fileKey(header, options.key), start);
  const file = open(path);
  const shapesOnly = options.mode === 'shapes-only' ? createShapesOnly() : undefined;
  let index = 0;
  let written = 0;
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  };
  put(start);
  put(cipher.seal(index++, 'key', Buffer.alloc(0)));
  return {
    written: () => written,
    add: (exchange) => {
      const kept = shapesOnly ? shapesOnly.shape(exchange) : exchange;
      const line = Buffer.from(writeExchange(kept, { keepCredentials: !shapesOnly }));
      if (line.length > MAX_FRAME_BYTES - 64) return false;
      put(cipher.seal(index++, 'exchange', line));
      written++;
      return true;
    },
    close: () => {
      if (shapesOnly) put(cipher.seal(index++, 'words', Buffer.from(JSON.stringify(shapesOnly.words()))));
      put(cipher.seal(index++, 'end', Buffer.alloc(0)));
      fsyncSync(file);
      closeSync(file);
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw exists
      ? new LeakproofError('LP-RECORDING-EXISTS', 'a file with this name exists', {
          cause,
          where: { file: path },
        })
      : new LeakproofError('LP-FILE-UNREADABLE', `cannot write ${path}`, { cause, where: { file: path } });
  }
}
