/** A relation of a caller to an owner. `member` is anyone authenticated in the owner's region, staff included. */
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

/** A state of an owner; each may narrow who sees a field. */
export type State =
  | 'private'
  | 'hides_age'
  | 'hides_gender'
  | 'maps_private'
  | 'minor'
  | 'deleted'
  | 'hidden_from_search';

/** What one caller is to one owner. A `foreign` caller has a valid token of the other region. */
export interface Relationship {
  readonly caller: 'anonymous' | 'foreign' | 'local';
  readonly relations: ReadonlySet<Relation>;
  /** The relations that the caller's role would give if its organisation were not compared with the owner's. */
  readonly relationsIgnoringTenant?: ReadonlySet<Relation>;
}

export const ANONYMOUS_RELATIONSHIP: Relationship = { caller: 'anonymous', relations: new Set<Relation>(['anyone']) };
export const FOREIGN_RELATIONSHIP: Relationship = { caller: 'foreign', relations: new Set<Relation>(['anyone']) };

/** The relationship of a caller of this region, who is always `anyone` and `member`. */
export function localRelationship(...relations: readonly Relation[]): Relationship {
  return { caller: 'local', relations: new Set<Relation>(['anyone', 'member', ...relations]) };
}
