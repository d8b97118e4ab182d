import type { Reader } from '../reading/reader.ts';

/** Every reader; where two are equally sure of a file, the first is taken. */
export const READERS: readonly Reader[] = [];
