import { decodeJwt, errors, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import type { TokenFlaw } from '../rules/posture.ts';
import type { Region } from '../rules/stage.ts';
import { ALGORITHM, AUDIENCE, ISSUERS, type LabKeys, makeKeys, type PrincipalKind } from './keys.ts';

const TOKEN_LIFETIME_SECONDS = 3600;

/** `org` is the tenant that a member belongs to. */
export interface Claims {
  readonly kind: PrincipalKind;
  readonly sub: string;
  readonly region: Region;
  readonly org?: string;
  readonly org_role?: string;
}

interface TokenInput {
  readonly keys: LabKeys;
  readonly claims: Claims;
  readonly nowSeconds: number;
}

/** Signs a token valid for one hour from `nowSeconds`. */
export function signToken({ keys, claims, nowSeconds }: TokenInput, audience = AUDIENCE): Promise<string> {
  const { sub, ...rest } = claims;
  const key = keys[claims.kind];
  return new SignJWT({ ...rest })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: 'JWT' })
    .setIssuer(ISSUERS[claims.kind])
    .setAudience(audience)
    .setSubject(sub)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + TOKEN_LIFETIME_SECONDS)
    .sign(key.privateKey);
}

/** A token with those claims that no service should accept. */
export async function flawedToken(flaw: TokenFlaw, input: TokenInput): Promise<string> {
  const { claims, nowSeconds } = input;
  switch (flaw) {
    case 'expired':
      return signToken({ ...input, nowSeconds: nowSeconds - 2 * TOKEN_LIFETIME_SECONDS });
    case 'wrong-key':
      return signToken({ ...input, keys: await makeKeys() });
    case 'wrong-audience':
      return signToken(input, 'another-service');
    case 'alg-none':
      return new UnsecuredJWT({ ...claims })
        .setIssuer(ISSUERS[claims.kind])
        .setAudience(AUDIENCE)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + TOKEN_LIFETIME_SECONDS)
        .encode();
  }
}

/** The claims of a token, and what is wrong with it. Whether that matters is decided by each operation's posture. */
interface ReadToken {
  readonly claims: Claims;
  readonly flaw?: TokenFlaw;
}

export interface TokenReader {
  read(token: string): Promise<ReadToken | undefined>;
}

/** Beyond this number all cached tokens are dropped at once: a bound on memory only. */
const MAX_REMEMBERED = 20_000;

/** Reads tokens; a valid one is verified once and cached until it expires. */
export function tokenReader(keys: LabKeys, nowSeconds: () => number): TokenReader {
  const remembered = new Map<string, { readonly token: ReadToken; readonly exp: number }>();
  return {
    read: async (text) => {
      const known = remembered.get(text);
      if (known !== undefined && known.exp > nowSeconds()) return known.token;
      const claims = readClaims(text);
      if (claims === undefined) return undefined;
      const flaw = await flawOf(text, { keys, claims, nowSeconds: nowSeconds() });
      if (flaw === 'unreadable') return undefined;
      const token = { claims, ...(flaw === undefined ? {} : { flaw }) };
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      if (flaw === undefined) remembered.set(text, { token, exp: claims.exp });
      return token;
    },
  };
}

function readClaims(text: string): (Claims & { readonly exp: number }) | undefined {
  try {
    const claims = decodeJwt<Claims>(text);
    const isWhole = typeof claims.sub === 'string' && (claims.region === 'us' || claims.region === 'uk');
    const isOurs = claims.kind in ISSUERS && claims.iss === ISSUERS[claims.kind];
    return isWhole && isOurs && claims.exp !== undefined ? (claims as Claims & { exp: number }) : undefined;
  } catch {
    return undefined;
  }
}

async function flawOf(
  text: string,
  { keys, claims: { kind }, nowSeconds }: TokenInput,
): Promise<TokenFlaw | 'unreadable' | undefined> {
  const currentDate = new Date(nowSeconds * 1000);
  const rules = { issuer: ISSUERS[kind], audience: AUDIENCE, currentDate };
  try {
    await jwtVerify(text, keys[kind].publicKey, { ...rules, algorithms: [ALGORITHM] });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'expired';
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'wrong-key';
    if (error instanceof errors.JWTClaimValidationFailed)
      return error.claim === 'aud' ? 'wrong-audience' : 'unreadable';
  }
  try {
    UnsecuredJWT.decode(text, rules);
    return 'alg-none';
  } catch {
    return 'unreadable';
  }
}
