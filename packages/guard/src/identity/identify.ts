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
import { headerValues, type IncomingRequest } from '@leakproof/http';
import { cidrMatcher } from './cidr.ts';
import { type JwtOptions, jwtReader } from './verify-jwt.ts';

type Identified =
  | { readonly principal: Principal }
  | { readonly invalid: ErrorCode }
  /** It cannot be known now whether the credential is valid. */
  | { readonly unavailable: ErrorCode };
/** Synchronous unless a token has to be verified. */
export type Identify = (request: IncomingRequest) => Identified | Promise<Identified>;

/**
 * Identifies the principal of a request. Without a credential it is anonymous; with an invalid credential, or several, the
 * request is invalid and never anonymous (pitfall A5, docs/pitfalls.md).
 */
export function createIdentifier(options: JwtOptions): Identify {
  const { contract } = options;
  const readJwt = jwtReader(options);
  const gateways = contract.principals.flatMap(({ name: kind, by }) =>
    by.how === 'verified' ? [{ kind, header: by.header.toLowerCase(), trusts: cidrMatcher(by.from) }] : [],
  );
  return (request) => {
    const tokens = headerValues(request.headers, 'authorization');
    const claims = gateways.flatMap(({ kind, header, trusts }) =>
      headerValues(request.headers, header).map((value) => ({ kind, value, trusts })),
    );
    if (tokens.length + claims.length > 1) return INVALID;
    if (tokens[0] !== undefined) {
      const token = BEARER.exec(tokens[0])?.[1];
      const read = token === undefined ? undefined : readJwt(token);
      return read instanceof Promise ? read.then(identified, notIdentified) : identified(read);
    }
    if (claims[0]) {
      const { kind, value, trusts } = claims[0];
      return identified(trusts(request.peer) ? readClaims(contract, kind, value) : undefined);
    }
    return ANONYMOUS_CALLER;
  };
}

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const ANONYMOUS_CALLER: Identified = { principal: ANONYMOUS };
const INVALID: Identified = { invalid: 'LP-CREDENTIAL-INVALID' };

function identified(principal: KnownPrincipal | undefined): Identified {
  return principal ? { principal } : INVALID;
}

function notIdentified(error: unknown): Identified {
  if (isLeakproofError(error) && error.code === 'LP-KEYS-UNAVAILABLE') return { unavailable: error.code };
  throw error;
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
