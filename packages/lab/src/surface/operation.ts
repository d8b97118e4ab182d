import type { ResourceName, Rule } from '../rules/policy.ts';
import type { Relation } from '../rules/relationship.ts';
import type { Channel, Protocol } from '../rules/stage.ts';

/** The fields of one resource that an operation returns, and where they are in the response. */
export interface Projection {
  // Path in the body, `*` for each element, as in data/*/user; empty for the root.
  readonly at: string;
  readonly resource: ResourceName;
  /** Name in the body (below `at`, with dots between levels) to name in the policy. */
  readonly fields: Readonly<Record<string, string>>;
  /** Objects of the same owner that contain this one: if one of them is withheld, this is too. */
  readonly within?: readonly ResourceName[];
}

/** What an operation writes. `fields`: name in the request body (or `''` for the object itself) to its rule. */
export interface OperationWrite {
  readonly resource: ResourceName;
  readonly fields: Readonly<Record<string, Rule>>;
  /** Relations for which the effect cannot be observed, such as a follower who follows already. */
  readonly notObservableFor?: readonly Relation[];
}

/** One operation: everything but the handler that computes its response. */
export interface Operation {
  /** `GET /api/user/{id}`, or the path of fields from a GraphQL root: `Query.tag.users.edges.node`. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly by: 'anyone' | 'member';
  readonly channels: readonly Channel[];
  /**
   * Owners of the objects in its response: `any`; the caller (`self`); `employees` of an organisation; an `org`; members whom the
   * caller `follows`; `none` (public data, login).
   */
  readonly about: 'any' | 'self' | 'employees' | 'org' | 'follows' | 'none';
  /** For the owner only in every stage but `sealed`, which follows the policy. */
  readonly ownerOnly?: boolean;
  /** A rule that applies to every object in the response, beside the object's own. */
  readonly extraRule?: Rule;
  readonly queryParameters?: readonly string[];
  readonly projections: readonly Projection[];
  readonly write?: OperationWrite;
}

/** Fields (separated by spaces) whose name in the body is that in the policy. */
export const sameNames = (names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, name]));
