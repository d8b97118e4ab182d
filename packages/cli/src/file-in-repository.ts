import { isAbsolute, normalize, relative, sep } from 'node:path';

/** A path as SARIF wants it: relative to the directory that the command runs in, with `/`. */
export function fileInRepository(path: string): string {
  const file = isAbsolute(path) ? relative(process.cwd(), path) : normalize(path);
  return encodeURI(file.split(sep).join('/'));
}
