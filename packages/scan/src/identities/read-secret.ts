import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { LeakproofError } from '@leakproof/core';
import type { SecretSource } from './secret-source.ts';

const run = promisify(execFile);

/** Fetches one secret. Throws LP-SECRET-MISSING, which names the source and never its content. */
export type ReadSecret = (source: SecretSource) => Promise<string>;

/** Reads secrets from this process's environment, from files relative to `identitiesFile`, and from programs. */
export function secretsBeside(identitiesFile: string, env: NodeJS.ProcessEnv): ReadSecret {
  const here = dirname(resolve(identitiesFile));
  return async (source) => {
    if ('env' in source) {
      const value = env[source.env];
      if (!value) throw missing(`The environment variable ${source.env} is not set.`);
      return value;
    }
    try {
      if ('file' in source) return (await readFile(resolve(here, source.file), 'utf8')).trim();
      const [program = '', ...args] = source.exec;
      return (await run(program, args, { cwd: here, timeout: 30_000, windowsHide: true })).stdout.trim();
    } catch (cause) {
      throw missing('file' in source ? `${source.file} cannot be read.` : `${source.exec[0]} failed.`, cause);
    }
  };
}

function missing(detail: string, cause?: unknown): LeakproofError {
  return new LeakproofError('LP-SECRET-MISSING', detail, cause === undefined ? {} : { cause });
}
