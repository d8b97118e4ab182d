/** What a caller can be to an owner. `member` is anyone authenticated in the owner's region, staff included. */
export type Relation =
  | 'anyone'
  | 'member'
  | 'self'
  | 'follower'
  | 'pending'
  | 'classmate'
  | 'tagmate'
  | 'colleague'
  | 'coach'
  | 'org_admin'
  | 'guardian'
  | 'support';

/** What can hold for an owner; each may narrow who sees a field. */
export type State =
  | 'private'
  | 'hides_age'
  | 'hides_gender'
  | 'maps_private'
  | 'minor'
  | 'deleted'
  | 'hidden_from_search';

/** How one caller stands to one owner. A `foreign` caller holds a good token of the other region. */
export interface Standing {
  readonly caller: 'anonymous' | 'foreign' | 'here';
  readonly relations: ReadonlySet<Relation>;
  /** What the caller's role would make them, did nobody ask in which organisation they hold it. */
  readonly inAnotherTenant?: ReadonlySet<Relation>;
}

export const ANONYMOUS: Standing = { caller: 'anonymous', relations: new Set<Relation>(['anyone']) };
export const FOREIGN: Standing = { caller: 'foreign', relations: new Set<Relation>(['anyone']) };

/** The standing of a caller of this region: every member is at least `anyone` and `member`. */
export function standingHere(...relations: readonly Relation[]): Standing {
  return { caller: 'here', relations: new Set<Relation>(['anyone', 'member', ...relations]) };
}
