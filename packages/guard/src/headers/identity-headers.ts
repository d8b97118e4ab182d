import type { CompiledContract } from '@leakproof/core';

/** Headers in which a gateway that the contract trusts sends verified claims; lower case. */
export function identityHeaders(contract: CompiledContract): string[] {
  return contract.principals.flatMap((kind) => (kind.by.how === 'verified' ? [kind.by.header.toLowerCase()] : []));
}
