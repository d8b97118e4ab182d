import type { ResourceName, Rule } from '../rules/meaning.ts';
import type { Relation } from '../rules/standing.ts';
import type { Channel, Protocol } from '../rules/stages.ts';

/** One kind of object that an operation shows, and where in its answer. */
export interface Sight {
  // Address in the body, `*` for each element, as in data/*/user; empty for the root.
  readonly at: string;
  readonly resource: ResourceName;
  /** Name on the wire (below `at`, dots between levels) to the field of MEANING that it is. */
  readonly fields: Readonly<Record<string, string>>;
  /** Objects of the same owner around it: where one of them is withheld, this goes with it. */
  readonly within?: readonly ResourceName[];
}

/** What an operation changes, and who is meant to change it: name in the request's body (or `''`) to its rule. */
export interface Change {
  readonly resource: ResourceName;
  readonly fields: Readonly<Record<string, Rule>>;
  /** Pairs for which nothing could be seen to change: one's own follower, somebody who follows already. */
  readonly pointlessFor?: readonly Relation[];
}

/** What the oracle knows of one operation: everything but how its answer is fetched. */
export interface Door {
  /** `GET /api/user/{id}`, or the names of fields from the root: `Query.tag.users.edges.node`. */
  readonly operation: string;
  readonly protocol: Protocol;
  readonly by: 'anyone' | 'member';
  readonly channels: readonly Channel[];
  /**
   * Whom its answer is about: `any` owner; its caller's `self` alone; the `employees` of an organisation; an `org`; those whom
   * its caller `follows`; `none` (a decoy, or a way in).
   */
  readonly about: 'any' | 'self' | 'employees' | 'org' | 'follows' | 'none';
  /** The owner's own door: never wider than its owner, in no stage. */
  readonly control?: boolean;
  /** A rule that this operation adds to every object's own. */
  readonly also?: Rule;
  /** Names of the query's parameters. */
  readonly takes?: readonly string[];
  readonly sights: readonly Sight[];
  readonly change?: Change;
}

/** Fields, named with spaces between, that are called on the wire what MEANING calls them. */
export const same = (names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, name]));
