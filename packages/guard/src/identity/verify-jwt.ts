import { hash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify, type JWTVerifyGetKey } from 'jose';
import {
  type CompiledContract,
  type EpochMs,
  isLeakproofError,
  type JwtIdentity,
  type KnownPrincipal,
  principalOf,
} from '@leakproof/core';
import { type FetchKeys, keySet } from './key-set.ts';

export interface JwtOptions {
  readonly contract: CompiledContract;
  readonly fetchKeys: FetchKeys;
  readonly now: () => EpochMs;
  readonly maxTokens: number;
}

/** Longest time for which a verified token is cached. */
const MAX_CACHED_MS = 60_000;
/** Accepted values of `typ` (RFC 7519 §5.1, RFC 9068 §2.1): other tokens of the same issuer have another purpose. */
const TYPES = new Set(['', 'jwt', 'at+jwt', 'application/at+jwt']);

type ReadJwt = (token: string) => KnownPrincipal | undefined | Promise<KnownPrincipal | undefined>;

interface Verifier {
  readonly contract: CompiledContract;
  readonly kind: string;
  readonly identity: JwtIdentity;
  readonly keys: JWTVerifyGetKey;
}

/**
 * Verifies a token and returns its principal; undefined if it is not valid, or valid as two kinds. Algorithms, issuer and
 * audience come from the contract, never from the token. Results are cached by the token's digest until it expires, for a
 * minute at most; a cached result is returned synchronously.
 */
export function jwtReader(options: JwtOptions): ReadJwt {
  const { contract, now } = options;
  const verifiers: Verifier[] = contract.principals.flatMap((kind) =>
    kind.by.how === 'jwt'
      ? [{ contract, kind: kind.name, identity: kind.by, keys: keySet(kind.by.jwks, options.fetchKeys, now) }]
      : [],
  );
  const cache = new Map<string, Verified>();
  const verify = async (token: string, digest: string): Promise<KnownPrincipal | undefined> => {
    const found = await verifyAny(verifiers, token, now());
    if (!found) return undefined;
    cache.set(digest, { principal: found.principal, expiresMs: Math.min(found.expiresMs, now() + MAX_CACHED_MS) });
    for (const oldest of cache.keys()) {
      if (cache.size <= options.maxTokens) break;
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
  const issuer = issuerOf(token);
  const found: Verified[] = [];
  for (const verifier of verifiers) {
    if (verifier.identity.issuer !== issuer) continue;
    const verified = await verifyOne(verifier, token, nowMs);
    if (verified) found.push(verified);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The issuer that an unverified token names: it only selects the verifiers to try. */
function issuerOf(token: string): string | undefined {
  try {
    const { typ } = decodeProtectedHeader(token);
    return TYPES.has((typ ?? '').toLowerCase()) ? decodeJwt(token).iss : undefined;
  } catch {
    return undefined;
  }
}

async function verifyOne(
  { contract, kind, identity, keys }: Verifier,
  token: string,
  nowMs: EpochMs,
): Promise<Verified | undefined> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...identity.algorithms],
      issuer: identity.issuer,
      audience: identity.audience,
      requiredClaims: ['exp'],
      currentDate: new Date(nowMs),
    });
    return { principal: principalOf(contract, kind, payload), expiresMs: (payload.exp ?? 0) * 1000 };
  } catch (error) {
    if (isLeakproofError(error) || isJoseError(error)) return undefined;
    throw error;
  }
}

function isJoseError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J');
}
