import type { ReadOptions } from './reader.ts';

const MEBIBYTE = 1_048_576;

export function maxItemBytes(options: ReadOptions): number {
  return options.maxItemBytes ?? 64 * MEBIBYTE;
}

/** The default is half of the longest string of V8, so that a document can always be decoded. */
export function maxDocumentBytes(options: ReadOptions): number {
  return options.maxDocumentBytes ?? 256 * MEBIBYTE;
}

export function maxFields(options: ReadOptions): number {
  return options.maxFields ?? 2000;
}
