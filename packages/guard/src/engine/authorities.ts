import type { CompiledContract, Endpoint } from '@leakproof/core';
import type { CredentialTraits } from '../headers/credential-traits.ts';
import { lookupBase } from '../lookup/lookup-call.ts';

/**
 * The authorities that a contract names, by what they are for. A request of a client goes to an endpoint only, a lookup to an
 * internal address, a request for keys to an issuer (pitfall L3, docs/pitfalls.md).
 */
export interface Authorities {
  readonly endpoints: ReadonlySet<string>;
  readonly internals: ReadonlySet<string>;
  readonly issuers: ReadonlySet<string>;
}

export function authoritiesOf(contract: CompiledContract, { issuers }: CredentialTraits): Authorities {
  return {
    endpoints: new Set(endpointsOf(contract).map(({ authority }) => authority)),
    internals: new Set(contract.servers.flatMap((server) => lookupBase(server)?.authority ?? [])),
    issuers: new Set(issuers),
  };
}

export function endpointsOf({ servers }: CompiledContract): readonly Endpoint[] {
  return servers.flatMap(({ endpoints }) => Object.values(endpoints));
}
