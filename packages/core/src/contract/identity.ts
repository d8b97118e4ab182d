/** How a request becomes a principal of one kind: a credential that the guard verifies, or has verified. */
export type Identity = JwtIdentity | VerifiedIdentity;

/** A JWT (RFC 7519) in `Authorization: Bearer`. */
export type JwtIdentity = TokenRules & { readonly how: 'jwt' };

/** How a JWT is verified. The algorithms are pinned, and fit the kind of key: those of JWKS are asymmetric. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** How long a token is accepted after its `exp` and before its `nbf`; absent: 0. */
  readonly leewayMs?: number;
  readonly jwks: { readonly url: string } | { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

/** Claims that a gateway has verified: base64url JSON in a header, believed only from these peers. */
export interface VerifiedIdentity {
  readonly how: 'verified';
  /** In lower case. */
  readonly header: string;
  readonly from: readonly string[];
}
