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

/** Longest time for which a verified token is believed without looking again. */
const BELIEVED_MS = 60_000;
/** What `typ` may say (RFC 7519 §5.1, RFC 9068 §2.1): other tokens of the same issuer are for something else. */
const TYPES = new Set(['', 'jwt', 'at+jwt', 'application/at+jwt']);

type ReadJwt = (token: string) => KnownPrincipal | undefined | Promise<KnownPrincipal | undefined>;

interface Verifier {
  readonly kind: string;
  readonly identity: JwtIdentity;
  readonly keys: JWTVerifyGetKey;
}

/**
 * Makes a token a principal; undefined if it is not valid, or valid as two kinds. Algorithms, issuer and audience come from
 * the contract, never from the token. Remembered by the token's digest until it expires, at most a minute: such a token is
 * answered at once.
 */
export function jwtReader(options: JwtOptions): ReadJwt {
  const { contract, now } = options;
  const verifiers: Verifier[] = contract.principals.flatMap((kind) =>
    kind.by.how === 'jwt'
      ? [{ kind: kind.name, identity: kind.by, keys: keySet(kind.by.jwks, options.fetchKeys, now) }]
      : [],
  );
  const believed = new Map<string, { readonly principal: KnownPrincipal; readonly untilMs: EpochMs }>();
  const verify = async (token: string, digest: string): Promise<KnownPrincipal | undefined> => {
    const found = await verifyAny(contract, verifiers, token, now());
    if (!found) return undefined;
    believed.set(digest, { principal: found.principal, untilMs: Math.min(found.expiresMs, now() + BELIEVED_MS) });
    for (const oldest of believed.keys()) {
      if (believed.size <= options.maxTokens) break;
      believed.delete(oldest);
    }
    return found.principal;
  };
  return (token) => {
    const digest = hash('sha256', token, 'base64');
    const known = believed.get(digest);
    if (known && known.untilMs > now()) return known.principal;
    believed.delete(digest);
    return verify(token, digest);
  };
}

interface Verified {
  readonly principal: KnownPrincipal;
  readonly expiresMs: EpochMs;
}

async function verifyAny(
  contract: CompiledContract,
  verifiers: readonly Verifier[],
  token: string,
  nowMs: EpochMs,
): Promise<Verified | undefined> {
  const issuer = issuerOf(token);
  const found: Verified[] = [];
  for (const verifier of verifiers) {
    if (verifier.identity.issuer !== issuer) continue;
    const verified = await verifyOne(contract, verifier, token, nowMs);
    if (verified) found.push(verified);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** Not verified: it only picks who is asked to verify. */
function issuerOf(token: string): string | undefined {
  try {
    const { typ } = decodeProtectedHeader(token);
    return TYPES.has((typ ?? '').toLowerCase()) ? decodeJwt(token).iss : undefined;
  } catch {
    return undefined;
  }
}

async function verifyOne(
  contract: CompiledContract,
  { kind, identity, keys }: Verifier,
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
