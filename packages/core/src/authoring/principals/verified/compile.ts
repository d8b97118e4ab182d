import type { z } from 'zod';
import type { Compiling } from '../../compile/compiling.ts';
import type { SourcePath } from '../../read/document.ts';
import type { CompiledIdentity } from '../identities.ts';
import type { VerifiedSource } from './grammar.ts';

export function compileVerified(
  _compiling: Compiling,
  _path: SourcePath,
  { header, from }: z.infer<typeof VerifiedSource>,
): CompiledIdentity {
  return { identity: { how: 'verified', header: header.toLowerCase(), from } };
}
