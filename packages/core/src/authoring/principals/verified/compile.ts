import type { z } from 'zod';
import type { VerifiedIdentity } from '../../../contract/identity.ts';
import type { Compiling } from '../../compile/compiling.ts';
import type { SourcePath } from '../../read/document.ts';
import type { VerifiedSource } from './grammar.ts';

export function compileVerified(
  _compiling: Compiling,
  _path: SourcePath,
  { header, from }: z.infer<typeof VerifiedSource>,
): VerifiedIdentity {
  return { how: 'verified', header: header.toLowerCase(), from };
}
