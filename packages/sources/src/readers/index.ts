import type { Reader } from '../reading/reader.ts';
import { har } from './har/reader.ts';

/** Every reader; where two are equally sure of a file, the first is taken. */
export const READERS: readonly Reader[] = [har];
