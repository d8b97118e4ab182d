import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LeakproofError } from '@leakproof/core';

/** Writes a file that an option names. Throws LP-USAGE. */
export function writeText(option: string, path: string, text: string): void {
  writing(option, path, () => writeFileSync(path, text));
}

/** A directory that an option names, created if it does not exist. */
export interface OutputDirectory {
  /** `path` is relative, with `/`. Throws LP-USAGE. */
  write(path: string, text: string): void;
}

/** Creates it. Throws LP-USAGE. */
export function outputDirectory(option: string, directory: string): OutputDirectory {
  writing(option, directory, () => mkdirSync(directory, { recursive: true }));
  return {
    write: (path, text) => {
      const file = join(directory, path);
      writing(option, file, () => {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      });
    },
  };
}

function writing(option: string, path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new LeakproofError('LP-USAGE', `${option}: ${path} cannot be written (${why}).`, {
      fix: 'Give a path where a file can be written.',
      cause,
    });
  }
}
