import { type CompiledContract, isLeakproofError, type KnownPrincipal, principalOf } from '@leakproof/core';

/** The principal with these claims; undefined if they lack the id or the space that the contract names. */
export function principalFrom(
  contract: CompiledContract,
  kind: string,
  claims: Readonly<Record<string, unknown>>,
): KnownPrincipal | undefined {
  try {
    return principalOf(contract, kind, claims);
  } catch (error) {
    if (isLeakproofError(error)) return undefined;
    throw error;
  }
}
