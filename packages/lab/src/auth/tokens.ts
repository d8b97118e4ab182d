import { jwtVerify, SignJWT } from 'jose';
import type { Region } from '../rules/stages.ts';
import { ALGORITHM, AUDIENCE, ISSUERS, type LabKeys, type PrincipalKind } from './keys.ts';

export const TOKEN_LIFETIME_SECONDS = 3600;

/** What a token says of its bearer. `org` is the tenant a member belongs to. */
export interface Claims {
  readonly kind: PrincipalKind;
  readonly sub: string;
  readonly region: Region;
  readonly org?: string;
  readonly org_role?: string;
}

/** Signs a token of one hour from `nowSeconds`; an hour ago makes an expired one. */
export function signToken(keys: LabKeys, claims: Claims, nowSeconds: number): Promise<string> {
  const { sub, ...rest } = claims;
  const key = keys[claims.kind];
  return new SignJWT({ ...rest })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: 'JWT' })
    .setIssuer(ISSUERS[claims.kind])
    .setAudience(AUDIENCE)
    .setSubject(sub)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + TOKEN_LIFETIME_SECONDS)
    .sign(key.privateKey);
}

/** Reads tokens; each good one is verified once and remembered until it expires. */
export interface TokenReader {
  read(token: string): Promise<Claims | undefined>;
}

/** Beyond this many remembered tokens all are forgotten at once: a bound, not a cache policy. */
const MAX_REMEMBERED = 20_000;

export function tokenReader(keys: LabKeys, nowSeconds: () => number): TokenReader {
  const remembered = new Map<string, { readonly claims: Claims; readonly exp: number }>();
  return {
    read: async (token) => {
      const known = remembered.get(token);
      if (known !== undefined) return known.exp > nowSeconds() ? known.claims : undefined;
      const verified = await verifyToken(keys, token, nowSeconds());
      if (verified === undefined) return undefined;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(token, verified);
      return verified.claims;
    },
  };
}

async function verifyToken(
  keys: LabKeys,
  token: string,
  nowSeconds: number,
): Promise<{ readonly claims: Claims; readonly exp: number } | undefined> {
  for (const kind of ['member', 'staff'] as const) {
    const { publicKey } = keys[kind];
    const options = {
      issuer: ISSUERS[kind],
      audience: AUDIENCE,
      algorithms: [ALGORITHM],
      currentDate: new Date(nowSeconds * 1000),
    };
    const verified = await jwtVerify(token, publicKey, options).catch(() => undefined);
    const claims = verified?.payload as (Claims & { readonly exp?: number }) | undefined;
    if (claims?.exp !== undefined && claims.kind === kind) return { claims, exp: claims.exp };
  }
  return undefined;
}
