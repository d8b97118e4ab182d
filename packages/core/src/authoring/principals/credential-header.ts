import type { Compiling } from '../compile/compiling.ts';
import type { SourcePath } from '../read/document.ts';
import { whyNotSentOn } from '../read/request-header-names.ts';

/** A header that only holds a credential or claims: it is sent on, must not be repeated, and has no other meaning. */
export function checkCredentialHeader(compiling: Compiling, path: SourcePath, name: string): void {
  const lower = name.toLowerCase();
  if (!whyNotSentOn(lower) && !['authorization', 'cookie'].includes(lower)) return;
  compiling.error(path, `"${name}" is no name of a header that can hold only this.`, 'Write a name such as x-api-key.');
}
