import {
  type CompiledContract,
  decodeUtf8,
  isLeakproofError,
  type KnownPrincipal,
  principalOf,
  readJson,
  valueOf,
} from '@leakproof/core';
import { headerValues } from '@leakproof/http';
import { identified } from '../identified.ts';
import { defineIdentity } from '../identity-kind.ts';
import { cidrMatcher } from './cidr.ts';

/** Claims that a gateway has verified, in a header that is believed only from its address. */
export const verified = defineIdentity('verified', {
  traits: ({ header }) => ({ headers: [header] }),
  reader: (kinds, { contract }) => {
    const gateways = kinds.map(({ kind, by }) => ({ kind, header: by.header, trusts: cidrMatcher(by.from) }));
    return {
      find: ({ headers }) => gateways.flatMap(({ header }) => headerValues(headers, header)),
      read: (credential, { headers, peer }) => {
        const gateway = gateways.find(({ header }) => headerValues(headers, header).length > 0);
        return identified(gateway?.trusts(peer) ? readClaims(contract, gateway.kind, credential) : undefined);
      },
    };
  },
});

function readClaims(contract: CompiledContract, kind: string, value: string): KnownPrincipal | undefined {
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(value)) return undefined;
  try {
    const json = readJson(decodeUtf8(Buffer.from(value, 'base64url')));
    const claims = valueOf(json, json.root);
    if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
    return principalOf(contract, kind, { ...claims });
  } catch (error) {
    if (isLeakproofError(error)) return undefined;
    throw error;
  }
}
