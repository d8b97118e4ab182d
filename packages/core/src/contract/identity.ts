/** How a request becomes a principal of one kind: a credential that the guard verifies, or has verified. */
export type Identity = JwtIdentity | VerifiedIdentity | ApiKeyIdentity | UserinfoIdentity;

/** A JWT (RFC 7519) in `Authorization: Bearer`. */
export type JwtIdentity = TokenRules & { readonly how: 'jwt' };

/** How a JWT is verified. The algorithms are pinned, and fit the kind of key: HMAC with a secret, asymmetric ones with JWKS. */
export type TokenRules = {
  /** Absent: not compared, because the contract says so. */
  readonly issuer?: string;
  /** Absent: not compared, because the contract says so. */
  readonly audience?: string;
  readonly algorithms: readonly string[];
  /** How long a token is accepted after its `exp` and before its `nbf`; absent: 0. */
  readonly leewayMs?: number;
} & ({ readonly jwks: JwksLocation } | { readonly secret: SecretLocation });

/** The keys themselves (RFC 7517), or where they are fetched. */
export type JwksLocation = { readonly url: string } | { readonly keys: readonly Readonly<Record<string, unknown>>[] };

/** Where the guard reads a secret when it starts: a variable of its environment, or a file. */
export type SecretLocation = { readonly env: string } | { readonly file: string };

/** A caller that a gateway has verified: a header that is believed only from these peers. */
export interface VerifiedIdentity {
  readonly how: 'verified';
  /** In lower case. */
  readonly header: string;
  /** Addresses, and blocks of them. */
  readonly from: readonly string[];
  /** The value is the id, as the claim `id`; absent: JSON in base64url, or what `signed` says. */
  readonly value?: 'text';
  /** The value is a JWT. */
  readonly signed?: TokenRules;
}

/** An API key (OpenAPI: `type: apiKey`), known by its digest: the contract contains no key. */
export interface ApiKeyIdentity {
  readonly how: 'api-key';
  readonly in: 'header' | 'query';
  /** Of a header in lower case. */
  readonly name: string;
  /** The key of the digests. */
  readonly secret: SecretLocation;
  readonly keys: readonly KnownApiKey[];
  /** The file that `keys` were read from, as the contract names it; absent: the contract itself holds them. */
  readonly file?: string;
}

/** `digest`: HMAC-SHA256 of the API key, in hexadecimal. */
export interface KnownApiKey {
  readonly digest: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A caller that the origin names, asked with the caller's own credential. Its claims are the answer. */
export interface UserinfoIdentity {
  readonly how: 'userinfo';
  /** Of the GET request, below the server's rest endpoint. */
  readonly target: string;
  readonly from: readonly CredentialPlace[];
  /** Statuses of the answer that mean that the credential is not valid. */
  readonly refused: readonly number[];
  readonly cacheMs: number;
}

/** Names of headers in lower case, of cookies as they are. */
export interface CredentialPlace {
  readonly in: 'header' | 'cookie';
  readonly name: string;
}
