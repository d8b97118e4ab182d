import type { ResourceName, Rule } from '../rules/meaning.ts';
import type { Channel, Protocol } from '../rules/stages.ts';

/** One kind of object that an operation shows, and where in its answer. */
export interface Sight {
  // Address in the body, `*` for each element, as in data/*/user; empty for the root.
  readonly at: string;
  readonly resource: ResourceName;
  /** Name on the wire (below `at`) to the field of MEANING that it is. */
  readonly fields: Readonly<Record<string, string>>;
  /** Objects of the same owner around it: where one of them is withheld, this goes with it. */
  readonly within?: readonly ResourceName[];
}

/** What the oracle knows of one operation: everything but how its answer is fetched. */
export interface Door {
  /** `GET /api/user/{id}`, or the names of fields from the root: `Query.tag.users.edges.node`. */
  readonly operation: string;
  readonly protocol: Protocol;
  readonly by: 'anyone' | 'member';
  readonly channels: readonly Channel[];
  /** `self`: the answer is about its caller alone. `none`: about nobody (a decoy, or a way in). */
  readonly about: 'any' | 'self' | 'none';
  /** The owner's own door: never wider than its owner, in no stage. */
  readonly control?: boolean;
  /** A rule that this operation adds to every object's own. */
  readonly also?: Rule;
  readonly sights: readonly Sight[];
}

/** Fields that are called on the wire what MEANING calls them. */
export const same = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));
