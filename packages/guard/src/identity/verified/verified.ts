import {
  type CompiledContract,
  decodeUtf8,
  isLeakproofError,
  isObject,
  type KnownPrincipal,
  readJson,
  valueOf,
  type VerifiedIdentity,
} from '@leakproof/core';
import { headerValues } from '@leakproof/http';
import { identified, notIdentified } from '../identified.ts';
import { defineIdentity, type IdentityOptions, type NamedIdentity } from '../identity-kind.ts';
import { principalFrom } from '../principal-from.ts';
import { hostOfKeys, type ReadToken, tokenReader } from '../token/verify-token.ts';
import { cidrMatcher } from './cidr.ts';

/** A caller that a gateway has verified, in a header that is believed only from its address, signed or not. */
export const verified = defineIdentity('verified', {
  traits: ({ header, signed }) => ({ headers: [header], issuers: signed ? hostOfKeys(signed) : [] }),
  reader: (kinds, options) => {
    const gateways = kinds.map((kind) => ({
      header: kind.by.header,
      trusts: cidrMatcher(kind.by.from),
      read: valueReader(kind, options),
    }));
    return {
      find: ({ headers }) => gateways.flatMap(({ header }) => headerValues(headers, header)),
      read: (credential, { headers, peer }) => {
        const gateway = gateways.find(({ header }) => headerValues(headers, header).length > 0);
        const read = gateway?.trusts(peer) ? gateway.read(credential) : undefined;
        return read instanceof Promise ? read.then(identified, notIdentified) : identified(read);
      },
    };
  },
});

function valueReader({ kind, by }: NamedIdentity<VerifiedIdentity>, options: IdentityOptions): ReadToken {
  const { contract } = options;
  if (by.signed) return tokenReader([{ kind, rules: by.signed }], options);
  if (by.value === 'text') return (id) => (TEXT.test(id) ? principalFrom(contract, kind, { id }) : undefined);
  return (claims) => readClaims(contract, kind, claims);
}

/** An id: no spaces, lists or quotes, which gateways use to send several, or none. */
const TEXT = /^[\w.@+:|=/~%-]{1,256}$/;
const BASE64URL = /^[A-Za-z0-9_-]+={0,2}$/;

function readClaims(contract: CompiledContract, kind: string, value: string): KnownPrincipal | undefined {
  if (!BASE64URL.test(value)) return undefined;
  try {
    const json = readJson(decodeUtf8(Buffer.from(value, 'base64url')));
    const claims = valueOf(json, json.root);
    return isObject(claims) ? principalFrom(contract, kind, { ...claims }) : undefined;
  } catch (error) {
    if (isLeakproofError(error)) return undefined;
    throw error;
  }
}
