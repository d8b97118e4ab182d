import type { ReadOptions } from './reader.ts';

const MEBIBYTE = 1_048_576;

export function maxItemBytes(options: ReadOptions): number {
  return options.maxItemBytes ?? 64 * MEBIBYTE;
}

/** Half of V8's longest string by default, so that a document can always be decoded. */
export function maxDocumentBytes(options: ReadOptions): number {
  return options.maxDocumentBytes ?? 256 * MEBIBYTE;
}

export function maxFields(options: ReadOptions): number {
  return options.maxFields ?? 2000;
}
