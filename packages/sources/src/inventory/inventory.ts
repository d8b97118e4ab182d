import type { Provenance } from '@leakproof/core';
import type { Counted } from './stats/counted.ts';
import type { FieldSeen } from './stats/field-stats.ts';
import type { PathParameter } from './paths/resolve-templates.ts';

/** What came back with one status, as names and shapes. GraphQL answers with errors have ` errors` after the status. */
export interface ResponseSeen extends Counted {
  readonly status: string;
  readonly kinds: Readonly<Record<string, number>>;
  readonly mediaTypes: Readonly<Record<string, number>>;
  /** `says-json`: the Content-Type says JSON and the body is not; `is-json`: the reverse; `too-large`: not read. */
  readonly lies: Readonly<Record<string, number>>;
  readonly fields: readonly FieldSeen[];
}

/** One operation at one origin, as the traffic shows it. Names, shapes and counts only: no value of anybody. */
export interface SeenOperation extends Counted {
  readonly protocol: 'http' | 'graphql';
  /** `GET /users/{id}` or `Query.user`: as the contract writes it. */
  readonly name: string;
  readonly method: string;
  readonly origin: string;
  /** Path template; of GraphQL the endpoint's path. */
  readonly path: string;
  /** Where it is declared; undefined if no description given declares it. */
  readonly declared: Provenance | undefined;
  /** False if nothing but 400, 404, 410 or 422, or nothing at all, ever came back: it may not exist. */
  readonly confirmed: boolean;
  readonly sources: Readonly<Record<string, number>>;
  /** How often a caller was anonymous, had a credential, or is not known (a sanitised capture). */
  readonly callers: Readonly<Record<string, number>>;
  /** Of those, how many were answered 2xx. */
  readonly admitted: Readonly<Record<string, number>>;
  readonly schemes: Readonly<Record<string, number>>;
  readonly identities: Readonly<Record<string, number>>;
  readonly channels: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, number>>;
  readonly requestKinds: Readonly<Record<string, number>>;
  readonly pathParameters: readonly PathParameter[];
  readonly query: readonly FieldSeen[];
  readonly headers: readonly FieldSeen[];
  readonly cookies: readonly FieldSeen[];
  readonly body: readonly FieldSeen[];
  readonly arguments: readonly FieldSeen[];
  readonly variables: readonly FieldSeen[];
  readonly selections: readonly FieldSeen[];
  readonly responses: readonly ResponseSeen[];
  /** Values beyond the limits of one body: counted, not itemised. */
  readonly passedOver: number;
  readonly undeclared: UndeclaredParts;
}

/** Parts of a declared operation that its description does not name. All empty if the operation itself is undeclared. */
export interface UndeclaredParts {
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** `200 /email`. */
  readonly fields: readonly string[];
}

/** A host with its traffic. */
export interface SeenHost extends Counted {
  readonly origin: string;
  /** False if descriptions name servers and this is none of them; undefined if they name none. */
  readonly declared: boolean | undefined;
  readonly operations: number;
}

/** Something passed over by a reader, with its code. */
export interface SeenReject {
  readonly code: string;
  readonly reader: string;
  readonly file: string;
  readonly count: number;
}

/** What an API is, by the traffic seen and the descriptions given. The same for any order of the same input. */
export interface Inventory {
  readonly exchanges: number;
  /** CORS preflights: counted apart, since they are no operations. */
  readonly preflights: number;
  readonly operations: readonly SeenOperation[];
  readonly hosts: readonly SeenHost[];
  /** Declared operations without traffic. */
  readonly unseen: readonly { readonly name: string; readonly declared: Provenance }[];
  /** True if any description was given: only then `declared: undefined` means undeclared. */
  readonly described: boolean;
  readonly rejects: readonly SeenReject[];
  /** True if there were more paths than the limits hold: words were folded earlier than they should be. */
  readonly strained: boolean;
}
