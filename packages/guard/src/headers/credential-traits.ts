/** What the kinds of principals of a contract mean for the headers of a request, and for connections of the guard. */
export interface CredentialTraits {
  /** Headers with a credential, or with claims of a gateway, besides `Authorization` and `Cookie`; lower case. */
  readonly headers: readonly string[];
  /** Names of the cookies that are credentials. */
  readonly cookies: readonly string[];
  /** Whether some kind reads `Authorization`. If none does, it is the origin's own affair. */
  readonly readsAuthorization: boolean;
  /** Authorities from which keys are fetched. */
  readonly issuers: readonly string[];
}

export const NO_TRAITS: CredentialTraits = { headers: [], cookies: [], readsAuthorization: false, issuers: [] };

export function joinTraits(traits: readonly Partial<CredentialTraits>[]): CredentialTraits {
  return {
    headers: [...new Set(traits.flatMap(({ headers = [] }) => headers))],
    cookies: [...new Set(traits.flatMap(({ cookies = [] }) => cookies))],
    readsAuthorization: traits.some(({ readsAuthorization }) => readsAuthorization),
    issuers: [...new Set(traits.flatMap(({ issuers = [] }) => issuers))],
  };
}
