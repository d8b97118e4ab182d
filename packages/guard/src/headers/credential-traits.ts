/** What the kinds of principals of a contract mean for the headers of a request, and for connections of the guard. */
export interface CredentialTraits {
  /** Headers with a credential, or with claims of a gateway, besides `Authorization` and `Cookie`; lower case. */
  readonly headers: readonly string[];
  /** Names of the cookies that are credentials, if a kind asks the origin: others could name another caller there. */
  readonly cookies: readonly string[] | undefined;
  /** Whether some kind reads `Authorization`. If none does, it is the origin's own affair. */
  readonly readsAuthorization: boolean;
  /** Authorities from which keys are fetched. */
  readonly issuers: readonly string[];
}

export function joinTraits(traits: readonly Partial<CredentialTraits>[]): CredentialTraits {
  return {
    headers: [...new Set(traits.flatMap(({ headers = [] }) => headers))],
    cookies: traits.some(({ cookies }) => cookies)
      ? [...new Set(traits.flatMap(({ cookies = [] }) => cookies))]
      : undefined,
    readsAuthorization: traits.some(({ readsAuthorization }) => readsAuthorization),
    issuers: [...new Set(traits.flatMap(({ issuers = [] }) => issuers))],
  };
}
