import type { Region } from '../rules/stage.ts';
import type { State } from '../rules/relationship.ts';

/** One row of the member table, with the names of its columns; flags are 0 or 1. */
export interface Member {
  readonly key: number;
  readonly region: 0 | 1;
  readonly id: string;
  readonly username: string;
  readonly location: string;
  readonly age: number;
  readonly gender: string;
  readonly weight: number;
  readonly height: number;
  readonly is_private: 0 | 1;
  readonly hides_age: 0 | 1;
  readonly hides_gender: 0 | 1;
  readonly maps_private: 0 | 1;
  readonly minor: 0 | 1;
  readonly deleted: 0 | 1;
  readonly hidden_from_search: 0 | 1;
  readonly tag: number | null;
  readonly org: string | null;
  readonly org_role: 'employee' | 'coach' | 'admin' | null;
  readonly joined_programme: 0 | 1;
  readonly extra: string | null;
}

export const regionIndex = (region: Region): 0 | 1 => (region === 'us' ? 0 : 1);
export const regionOf = (member: Member): Region => (member.region === 0 ? 'us' : 'uk');
/** Keys of the two regions alternate, so that members can be added to both. */
export const keyOf = (region: Region, number: number): number => 2 * number + regionIndex(region);

const COLUMN: Readonly<Record<State, keyof Member>> = {
  private: 'is_private',
  hides_age: 'hides_age',
  hides_gender: 'hides_gender',
  maps_private: 'maps_private',
  minor: 'minor',
  deleted: 'deleted',
  hidden_from_search: 'hidden_from_search',
};
export const STATE_COLUMNS: readonly (readonly [State, keyof Member])[] = Object.entries(COLUMN) as [
  State,
  keyof Member,
][];

/** The states that hold for a member. */
export function statesOfMember(member: Member): ReadonlySet<State> {
  return new Set(STATE_COLUMNS.flatMap(([state, column]) => (member[column] === 1 ? [state] : [])));
}

/** Values of a member that have no column. */
export function extraOf(member: Member): Readonly<Record<string, unknown>> {
  return member.extra === null ? {} : (JSON.parse(member.extra) as Record<string, unknown>);
}
