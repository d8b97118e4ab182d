/** What can be wrong with a token. */
export const TOKEN_FLAWS = ['expired', 'alg-none', 'wrong-key', 'wrong-audience'] as const;
export type TokenFlaw = (typeof TOKEN_FLAWS)[number];

/** How one operation of one host enforces the policy for one channel. The secure value of each setting comes first. */
export interface Posture {
  /**
   * Who gets an answer: `sealed` whoever the policy allows; `own` the owner alone; `members` anyone with a valid token of either
   * region; `open` anyone.
   */
  readonly access: 'sealed' | 'own' | 'members' | 'open';
  /** Fields left unprotected, such as `User.location`: any member of the region can read them. */
  readonly forgotten: readonly string[];
  /** `broad` hides a private profile from its accepted followers too. */
  readonly block: 'exact' | 'broad';
  /** `shared` serves the response cached for the owner to everybody. */
  readonly cache: 'keyed' | 'shared';
  /** `mixed` does not compare the tenant of a role with the tenant of the object. */
  readonly tenants: 'apart' | 'mixed';
  /** `client` returns everything to every member, with a list of the fields that the app should hide. */
  readonly filter: 'server' | 'client';
  /**
   * `late` writes, then answers 403; `caller` answers 204 and changes the caller's own object instead; `unchecked` writes for any
   * member.
   */
  readonly writes: 'checked' | 'late' | 'caller' | 'unchecked';
  /** `anything` also binds fields that no client may set (mass assignment). */
  readonly binds: 'declared' | 'anything';
  readonly acceptsTokens: readonly TokenFlaw[];
  /** `unlimited` does not lock an account after wrong passwords. */
  readonly logins: 'limited' | 'unlimited';
}

export const SECURE: Posture = {
  access: 'sealed',
  forgotten: [],
  block: 'exact',
  cache: 'keyed',
  tenants: 'apart',
  filter: 'server',
  writes: 'checked',
  binds: 'declared',
  acceptsTokens: [],
  logins: 'limited',
};

/** Values of each setting; for a list, its possible elements (`forgotten` takes any field of the policy). */
export const SETTING_VALUES = {
  access: ['sealed', 'own', 'members', 'open'],
  forgotten: [],
  block: ['exact', 'broad'],
  cache: ['keyed', 'shared'],
  tenants: ['apart', 'mixed'],
  filter: ['server', 'client'],
  writes: ['checked', 'late', 'caller', 'unchecked'],
  binds: ['declared', 'anything'],
  acceptsTokens: TOKEN_FLAWS,
  logins: ['limited', 'unlimited'],
} as const satisfies { readonly [Name in keyof Posture]: readonly (Posture[Name] & string)[] | Posture[Name] };
