import { readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeakproofError } from '@leakproof/core';
import type { Desk } from '../service/desk.ts';

/** Reads what is new in a Maildir; what was taken in moves to `cur`, what cannot be read too, flagged. Returns how many were taken. */
export async function readMaildir(
  directory: string,
  desk: Desk,
  onProblem: (file: string, error: unknown) => void,
): Promise<number> {
  let taken = 0;
  for (const name of (await readdir(join(directory, 'new'))).sort()) {
    const path = join(directory, 'new', name);
    let flags = 'S';
    try {
      const { mtimeMs } = await stat(path);
      await desk.mail(await readFile(path), mtimeMs);
      taken++;
    } catch (error) {
      if (!isLeakproofError(error) || error.code === 'LP-STORE-UNAVAILABLE') throw error;
      onProblem(path, error);
      flags = 'F';
    }
    await rename(path, join(directory, 'cur', `${name.split(':')[0]}:2,${flags}`));
  }
  return taken;
}
