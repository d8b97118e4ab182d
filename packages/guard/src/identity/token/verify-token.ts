import { hash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import {
  type CompiledContract,
  type EpochMs,
  isLeakproofError,
  type KnownPrincipal,
  principalOf,
  type TokenRules,
} from '@leakproof/core';
import type { IdentityOptions } from '../identity-kind.ts';
import { EDDSA_NAMES, type KeySet, keySet, secretKey } from './key-set.ts';

/** Longest time for which a verified token is cached. */
const MAX_CACHED_MS = 60_000;
/** Accepted values of `typ` (RFC 7519 §5.1, RFC 9068 §2.1): other tokens of the same issuer have another purpose. */
const TYPES = new Set(['', 'jwt', 'at+jwt', 'application/at+jwt']);

/** So many keys are tried for a token without a key id: anybody can send one. */
const MAX_CANDIDATES = 16;

export type ReadToken = (token: string) => KnownPrincipal | undefined | Promise<KnownPrincipal | undefined>;

interface Verifier {
  readonly contract: CompiledContract;
  readonly kind: string;
  readonly rules: TokenRules;
  readonly keys: KeySet;
}

/** The authority from which the keys of these tokens are fetched, if they are. */
export function hostOfKeys(rules: TokenRules): readonly string[] {
  const url = 'jwks' in rules && 'url' in rules.jwks ? rules.jwks.url : '';
  return URL.canParse(url) ? [new URL(url).host] : [];
}

/**
 * Verifies a token and returns its principal; undefined if it is not valid, or valid as two kinds. Algorithms, issuer and
 * audience come from the contract, never from the token. Results are cached by the token's digest until it expires, for a
 * minute at most; a cached result is returned synchronously. Rejects with LP-KEYS-UNAVAILABLE.
 */
export function tokenReader(
  kinds: readonly { readonly kind: string; readonly rules: TokenRules }[],
  { contract, now, fetchKeys, readSecret, limits }: IdentityOptions,
): ReadToken {
  const verifiers: Verifier[] = kinds.map(({ kind, rules }) => ({
    contract,
    kind,
    rules,
    keys: 'secret' in rules ? secretKey(readSecret(rules.secret)) : keySet(rules.jwks, fetchKeys, now),
  }));
  const cache = new Map<string, Verified>();
  const verify = async (token: string, digest: string): Promise<KnownPrincipal | undefined> => {
    const found = await verifyAny(verifiers, token, now());
    if (!found) return undefined;
    cache.set(digest, { principal: found.principal, expiresMs: Math.min(found.expiresMs, now() + MAX_CACHED_MS) });
    for (const oldest of cache.keys()) {
      if (cache.size <= limits.maxTokens) break;
      cache.delete(oldest);
    }
    return found.principal;
  };
  return (token) => {
    const digest = hash('sha256', token, 'base64');
    const known = cache.get(digest);
    if (known && known.expiresMs > now()) return known.principal;
    cache.delete(digest);
    return verify(token, digest);
  };
}

interface Verified {
  readonly principal: KnownPrincipal;
  readonly expiresMs: EpochMs;
}

async function verifyAny(verifiers: readonly Verifier[], token: string, nowMs: EpochMs): Promise<Verified | undefined> {
  const named = issuerOf(token);
  if (!named) return undefined;
  const found: Verified[] = [];
  for (const verifier of verifiers) {
    const { issuer } = verifier.rules;
    if (issuer !== undefined && issuer !== named.issuer) continue;
    const verified = await verifyOne(verifier, token, nowMs);
    if (verified) found.push(verified);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The issuer that an unverified token names: it only selects the verifiers to try. Undefined: none may be tried. */
function issuerOf(token: string): { readonly issuer: string | undefined } | undefined {
  try {
    const { typ } = decodeProtectedHeader(token);
    return TYPES.has((typ ?? '').toLowerCase()) ? { issuer: decodeJwt(token).iss } : undefined;
  } catch {
    return undefined;
  }
}

async function verifyOne(
  { contract, kind, rules, keys }: Verifier,
  token: string,
  nowMs: EpochMs,
): Promise<Verified | undefined> {
  const { algorithms, issuer, audience, leewayMs = 0 } = rules;
  const options = {
    algorithms: algorithms.flatMap((name) => (EDDSA_NAMES.includes(name) ? EDDSA_NAMES : [name])),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    requiredClaims: ['exp'],
    currentDate: new Date(nowMs),
    clockTolerance: leewayMs / 1000,
  };
  try {
    const payload = await payloadOf(token, keys, options);
    return { principal: principalOf(contract, kind, payload), expiresMs: (payload.exp ?? 0) * 1000 + leewayMs };
  } catch (error) {
    if (isLeakproofError(error) && error.code === 'LP-KEYS-UNAVAILABLE') throw error;
    if (isLeakproofError(error) || isJoseError(error)) return undefined;
    throw error;
  }
}

/** Verifies by the key that the token names; without a key id (RFC 7515 §4.1.4) by each key of its algorithm. */
async function payloadOf(token: string, keys: KeySet, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return await payloadByAny(token, keys, options);
  } catch (error) {
    const mayBeNew = error instanceof errors.JWSSignatureVerificationFailed && !('kid' in decodeProtectedHeader(token));
    if (!mayBeNew || !(await keys.refresh())) throw error;
    return payloadByAny(token, keys, options);
  }
}

async function payloadByAny(token: string, keys: KeySet, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys.find, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let left = MAX_CANDIDATES;
    for await (const key of error) {
      if (left-- === 0) break;
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (failed) {
        if (!(failed instanceof errors.JWSSignatureVerificationFailed)) throw failed;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function isJoseError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J');
}
