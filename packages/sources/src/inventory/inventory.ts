import type { Provenance } from '@leakproof/core';
import type { DeclaredSummary } from './declared-summary.ts';
import type { Counted } from './stats/counted.ts';
import type { FieldSeen } from './stats/field-stats.ts';
import type { PathParameter } from './paths/resolve-templates.ts';

/** Responses with one status, as names and shapes. GraphQL responses with errors have ` errors` after the status. */
export interface ResponseSeen extends Counted {
  readonly status: string;
  readonly kinds: Readonly<Record<string, number>>;
  readonly mediaTypes: Readonly<Record<string, number>>;
  /** `not-json`: the Content-Type is JSON and the body is not; `undeclared-json`: the reverse; `too-large`: not read. */
  readonly bodyFaults: Readonly<Record<string, number>>;
  readonly fields: readonly FieldSeen[];
}

/** One operation at one origin, as the traffic shows it. Names, shapes and counts only, no value. */
export interface SeenOperation extends Counted {
  readonly protocol: 'http' | 'graphql';
  /** As in a contract: `GET /users/{id}` or `Query.user`. */
  readonly name: string;
  readonly method: string;
  readonly origin: string;
  /** Path template; for GraphQL, the path of the endpoint. */
  readonly path: string;
  /** Where it is declared; undefined if no description declares it. */
  readonly declared: Provenance | undefined;
  /** False if every response was 400, 404, 410 or 422, or missing: the operation may not exist. */
  readonly confirmed: boolean;
  readonly sources: Readonly<Record<string, number>>;
  /** Requests by caller: anonymous, with a credential, or unknown (a sanitised capture). */
  readonly callers: Readonly<Record<string, number>>;
  /** Of these, the requests that have a response. */
  readonly answered: Readonly<Record<string, number>>;
  /** Of these, the requests that were answered 2xx. */
  readonly admitted: Readonly<Record<string, number>>;
  readonly schemes: Readonly<Record<string, number>>;
  readonly identities: Readonly<Record<string, number>>;
  readonly channels: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, number>>;
  readonly requestKinds: Readonly<Record<string, number>>;
  /** Of request bodies, as `ResponseSeen.bodyFaults`. */
  readonly requestFaults: Readonly<Record<string, number>>;
  readonly pathParameters: readonly PathParameter[];
  readonly query: readonly FieldSeen[];
  readonly headers: readonly FieldSeen[];
  readonly cookies: readonly FieldSeen[];
  readonly body: readonly FieldSeen[];
  readonly arguments: readonly FieldSeen[];
  readonly variables: readonly FieldSeen[];
  readonly selections: readonly FieldSeen[];
  readonly responses: readonly ResponseSeen[];
  /** Number of values beyond the limits for one body. */
  readonly passedOver: number;
  readonly undeclared: UndeclaredParts;
}

/** Parts of a declared operation that its description does not declare. Empty if the operation itself is undeclared. */
export interface UndeclaredParts {
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** `200 /email`. */
  readonly fields: readonly string[];
}

export interface SeenHost extends Counted {
  readonly origin: string;
  /** False if descriptions declare servers and this is not one of them; undefined if they declare none, or the host is unknown. */
  readonly declared: boolean | undefined;
  readonly operations: number;
}

/** What a reader could not read, by code of `REJECT_CODES`. */
export interface SeenReject {
  readonly code: string;
  readonly reader: string;
  readonly file: string;
  readonly count: number;
}

/** An API by its traffic and its descriptions. The same for any order of the same input. */
export interface Inventory {
  readonly exchanges: number;
  /** CORS preflight requests, which are not operations. */
  readonly preflights: number;
  readonly operations: readonly SeenOperation[];
  readonly hosts: readonly SeenHost[];
  /** All declared operations. */
  readonly declared: readonly DeclaredSummary[];
  /** Declared operations without traffic. */
  readonly unseen: readonly { readonly name: string; readonly declared: Provenance }[];
  /** True if there was a description: only then `declared: undefined` means undeclared. */
  readonly described: boolean;
  readonly rejects: readonly SeenReject[];
  /** True if there were more paths than the limits allow: literal segments may have been taken for parameters. */
  readonly limitsReached: boolean;
}
