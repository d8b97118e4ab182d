import {
  ANONYMOUS,
  type CompiledContract,
  decodeUtf8,
  type ErrorCode,
  isLeakproofError,
  type KnownPrincipal,
  type Principal,
  principalOf,
  readJson,
  valueOf,
} from '@leakproof/core';
import { type Incoming, valuesOf } from '../engine/message.ts';
import { cidrMatcher } from './cidr.ts';
import { type JwtOptions, jwtReader } from './verify-jwt.ts';

type Identified = { readonly principal: Principal } | { readonly invalid: ErrorCode };
export type Identify = (request: Incoming) => Promise<Identified>;

/** Headers in which the contract expects claims, lower case. */
export function identityHeaders(contract: CompiledContract): string[] {
  return contract.principals.flatMap((kind) => (kind.by.how === 'verified' ? [kind.by.header.toLowerCase()] : []));
}

/**
 * Who calls. No credential makes an anonymous caller; one that is not valid, or two of them, makes none at all: it is never
 * taken for anonymous.
 */
export function identifier(options: JwtOptions): Identify {
  const { contract } = options;
  const readJwt = jwtReader(options);
  const gateways = contract.principals.flatMap((kind) =>
    kind.by.how === 'verified' ? [{ kind: kind.name, by: kind.by, trusts: cidrMatcher(kind.by.from) }] : [],
  );
  return async (request) => {
    const found: (KnownPrincipal | undefined)[] = [];
    for (const value of valuesOf(request.headers, 'authorization')) {
      const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(value)?.[1];
      found.push(token === undefined ? undefined : await readJwt(token));
    }
    for (const { kind, by, trusts } of gateways) {
      for (const value of valuesOf(request.headers, by.header.toLowerCase()))
        found.push(trusts(request.peer) ? readClaims(contract, kind, value) : undefined);
    }
    const [first] = found;
    if (found.length === 0) return { principal: ANONYMOUS };
    return found.length === 1 && first ? { principal: first } : { invalid: 'LP-CREDENTIAL-INVALID' };
  };
}

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
