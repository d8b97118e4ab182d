import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import type { ReadFile } from '@leakproof/core/authoring';

/** Reads a file of the command line. Throws LP-FILE-UNREADABLE. */
export const readText = (path: string): string => readAt(resolve(path), path);

/** Reads files relative to the one that names them. Paths in messages are relative to the working directory. */
export const readBeside: ReadFile = (path, from) => {
  const file = from === undefined ? resolve(path) : resolve(dirname(from), path);
  return { file: relative(process.cwd(), file) || file, text: readAt(file, path) };
};

function readAt(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new LeakproofError('LP-FILE-UNREADABLE', `${name} cannot be read (${why}).`, { cause });
  }
}
