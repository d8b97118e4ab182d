import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { LeakproofError, type Exchange } from '@leakproof/core';
import { writeExchange } from '../reading/exchange-line.ts';
import { fileKey, newHeader, type NewHeader } from './recording-header.ts';
import { frameCipher, headerBytes, MAX_FRAME_BYTES } from './recording-frames.ts';
import { createShaper } from './shapes-only.ts';

/** A recording being written. Every exchange is in the file once `add` returns; a torn file keeps what came before. */
export interface RecordingWriter {
  /** False if the exchange was too large to be kept. */
  add(exchange: Exchange): boolean;
  readonly written: () => number;
  /** Says that nothing is missing. Without it the recording counts as torn. */
  close(): void;
}

/**
 * Starts a recording at `path`, mode 0600; an existing file is never touched. Throws LP-RECORDING-EXISTS, LP-RECORDING-KEY and
 * LP-FILE-UNREADABLE. In `shapes-only` mode no value reaches the file, encrypted or not.
 */
export function writeRecording(path: string, options: NewHeader): RecordingWriter {
  const header = newHeader(options);
  const before = headerBytes(JSON.stringify(header));
  const cipher = frameCipher(fileKey(header, options.key), before);
  const file = open(path);
  const shaper = options.mode === 'shapes-only' ? createShaper() : undefined;
  let index = 0;
  let written = 0;
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  };
  put(before);
  put(cipher.seal(index++, 'key', Buffer.alloc(0)));
  return {
    written: () => written,
    add: (exchange) => {
      const kept = shaper ? shaper.shape(exchange) : exchange;
      const line = Buffer.from(writeExchange(kept, { keepCredentials: !shaper }));
      if (line.length > MAX_FRAME_BYTES - 64) return false;
      put(cipher.seal(index++, 'exchange', line));
      written++;
      return true;
    },
    close: () => {
      if (shaper) put(cipher.seal(index++, 'words', Buffer.from(JSON.stringify(shaper.words()))));
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
      ? new LeakproofError('LP-RECORDING-EXISTS', 'a file of this name is there already', {
          cause,
          where: { file: path },
        })
      : new LeakproofError('LP-FILE-UNREADABLE', `cannot write ${path}`, { cause, where: { file: path } });
  }
}
