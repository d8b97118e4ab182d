import type { z } from 'zod';
import type { VerifiedIdentity } from '../../../contract/identity.ts';
import type { Compiling } from '../../compile/compiling.ts';
import type { SourcePath } from '../../read/document.ts';
import { checkCredentialHeader } from '../credential-header.ts';
import type { CompiledIdentity } from '../identities.ts';
import { compileTokenRules } from '../jwt/compile.ts';
import { isAddressBlock } from './address-block.ts';
import type { VerifiedSource } from './grammar.ts';

export function compileVerified(
  compiling: Compiling,
  path: SourcePath,
  { header, from, value, signed }: z.infer<typeof VerifiedSource>,
): CompiledIdentity {
  checkCredentialHeader(compiling, [...path, 'header'], header);
  for (const [index, block] of from.entries()) {
    const at = [...path, 'from', index];
    if (!isAddressBlock(block))
      compiling.error(at, `"${block}" is no block of addresses.`, 'Write 127.0.0.1/32, 10.0.0.0/8 or fd00::/8.');
    else if (block.endsWith('/0') && !signed)
      compiling.error(at, `"${block}" is every address: anybody could write the header.`, 'Name the gateways.');
  }
  if (value === 'text' && signed)
    compiling.error([...path, 'value'], 'A signed value is a JWT, and no text.', 'Take one of them out.');
  const identity: VerifiedIdentity = {
    how: 'verified',
    header: header.toLowerCase(),
    from,
    ...(value === 'text' ? { value } : {}),
    ...(signed ? { signed: compileTokenRules(compiling, [...path, 'signed'], signed) } : {}),
  };
  return value === 'text' ? { identity, id: ['id'] } : { identity };
}
