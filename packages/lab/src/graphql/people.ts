import type { Authorizer } from '../server/authorizer.ts';
import type { Member } from '../store/member.ts';
import type { Window } from '../store/store.ts';
import { connection, type Connection } from './connection.ts';

/** A person, with the authorizer of the path by which the query reached them: another path may release other fields. */
export interface Person {
  readonly __typename: 'User';
  readonly member: Member;
  readonly authorizer: Authorizer;
}

/** The member as a node of the graph, or null if the path does not release them. */
export function person(authorizer: Authorizer, member: Member | undefined): Person | null {
  return member !== undefined && authorizer.releasesObject('User', member)
    ? { __typename: 'User', member, authorizer }
    : null;
}

/** A page of people reached by one path. */
export const people = (
  authorizer: Authorizer,
  after: string | null | undefined,
  fetch: (window: Window) => readonly Member[],
): Connection<Person> => connection({ after }, fetch, (member) => person(authorizer, member));
