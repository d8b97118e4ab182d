import { GraphQLError } from 'graphql';
import { type Asking, type Gate, gateAt } from '../server/gate.ts';
import type { Member } from '../store/member.ts';
import type { Window } from '../store/store.ts';
import { doorOf } from '../surface/doors.ts';

/** What every resolver is given: the request, and one gate for each path that it takes to a person. */
export interface GraphqlContext extends Asking {
  gate(operation: string): Gate;
}

export function contextOf(asking: Asking): GraphqlContext {
  const gates = new Map<string, Gate>();
  return {
    ...asking,
    gate: (operation) => {
      const gate = gates.get(operation) ?? gateAt(doorOf(operation), asking);
      gates.set(operation, gate);
      return gate;
    },
  };
}

/** A person, and the path by which the query came to them: the same person behind another path is another matter. */
export interface Person {
  readonly __typename: 'User';
  readonly member: Member;
  readonly gate: Gate;
}

/** The gate of a path; refuses callers it does not know with a typed error in place of the field. */
export function enter(context: GraphqlContext, operation: string): Gate {
  const gate = context.gate(operation);
  if (gate.refusesCaller) {
    throw new GraphQLError('Log in to see this.', { extensions: { code: 'UNAUTHENTICATED' } });
  }
  return gate;
}

/** The member as a node of the graph, or null where the path does not release them. */
export function person(gate: Gate, member: Member | undefined): Person | null {
  return member !== undefined && gate.releasesObject('User', member) ? { __typename: 'User', member, gate } : null;
}

const PAGE = 20;

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A page of things that may each be withheld (null) and are then not on it. The cursor is an offset, in decimal. */
export function connection<Item, Node>(
  { first = PAGE, after }: { readonly first?: number; readonly after?: string | null | undefined },
  fetch: (window: Window) => readonly Item[],
  toNode: (item: Item) => Node | null,
): Connection<Node> {
  const offset = /^\d{1,9}$/.test(after ?? '') ? Number(after) : 0;
  const items = fetch({ limit: first + 1, offset });
  const edges = items.slice(0, first).flatMap((item, place) => {
    const node = toNode(item);
    return node === null ? [] : [{ cursor: String(offset + place + 1), node }];
  });
  const hasNextPage = items.length > first;
  return { edges, pageInfo: { hasNextPage, endCursor: hasNextPage ? String(offset + first) : null } };
}

/** A page of people by one path. */
export const people = (
  gate: Gate,
  after: string | null | undefined,
  fetch: (window: Window) => readonly Member[],
): Connection<Person> => connection({ after }, fetch, (member) => person(gate, member));
