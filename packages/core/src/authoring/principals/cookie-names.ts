import type { Compiling } from '../compile/compiling.ts';
import type { SourcePath } from '../read/document.ts';

/** A cookie name (RFC 6265 §4.1.1). */
export function checkCookieName(compiling: Compiling, path: SourcePath, name: string): void {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) compiling.error(path, `"${name}" is no name of a cookie.`);
}
