import type { Provenance } from '@leakproof/core';

/** Where a parameter stands; `argument` is a GraphQL field argument, `form` a form field of an OpenAPI 2 request. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'form' | 'querystring' | 'argument';

/** A declared input of an operation. */
export interface DeclaredParameter {
  readonly name: string;
  readonly in: ParameterPlace;
  readonly required: boolean;
  /** JSON Schema type with its format, such as `string(uuid)`, or a GraphQL type such as `ID!`; `unknown` if none is said. */
  readonly schemaType: string;
}

/** A declared property of a request or response body. */
export interface DeclaredField {
  /**
   * RFC 6901 pointer from the body's root, with `*` for every element of a list and every value of a map (a property really
   * called `*` is written `~2`). GraphQL: from the field's own value, so `Query.user` has `/id`, not `/data/user/id`.
   */
  readonly pointer: string;
  /** As `DeclaredParameter.schemaType`: `string(date)`, `array`, `object`, `[Pet!]!`; alternatives are joined with `|`. */
  readonly type: string;
  /** True where a schema that contains itself was not entered again: more of the same lies below. */
  readonly recursive?: true | undefined;
  /** What the source itself says of its sensitivity (`x-data-classification`, `x-sensitive-data`, `x-pii`), as text. */
  readonly classification?: string | undefined;
}

/** A request or response body of one media type. */
export interface DeclaredBody {
  /** As declared, lower case; `*` if the source says none. */
  readonly mediaType: string;
  readonly fields: readonly DeclaredField[];
}

/** `status` is as declared: `200`, `2XX` or `default`. */
export interface DeclaredResponse {
  readonly status: string;
  readonly bodies: readonly DeclaredBody[];
}

/** One security scheme an operation names. `type` is `unknown` if the name is declared nowhere. */
export interface DeclaredScheme {
  readonly name: string;
  /** `http:bearer`, `http:basic`, `apiKey:header:x-api-key`, `oauth2`, `openIdConnect`, `mutualTLS` or `unknown`. */
  readonly type: string;
  readonly scopes: readonly string[];
}

/**
 * Alternatives (OR) of sets of schemes (AND). `undefined`: the source says nothing. `[]` or a set with no scheme: it says that
 * no credential is needed.
 */
export type DeclaredSecurity = readonly (readonly DeclaredScheme[])[] | undefined;

interface Declared {
  /** As the contract writes it: `GET /users/{id}`, or the GraphQL coordinate `Query.user`. */
  readonly name: string;
  readonly operationId?: string | undefined;
  readonly tags: readonly string[];
  readonly parameters: readonly DeclaredParameter[];
  readonly request: readonly DeclaredBody[];
  readonly responses: readonly DeclaredResponse[];
  readonly security: DeclaredSecurity;
  readonly deprecated: boolean;
  readonly provenance: Provenance;
}

/** An operation of an HTTP API. */
export interface DeclaredHttpOperation extends Declared {
  readonly protocol: 'http';
  /** Upper case. */
  readonly method: string;
  /** Path template as declared, without any server's base path. */
  readonly path: string;
  /** Base URLs with their variables filled in by default values; a relative one stays relative; empty if none is declared. */
  readonly servers: readonly string[];
}

/** A root field of a GraphQL schema, or a field that a server's error messages named. */
export interface DeclaredGraphqlOperation extends Declared {
  readonly protocol: 'graphql';
  /** `unknown`: a field of a type that is no root (`User.email`), known to exist; which operation leads to it is not known. */
  readonly operationType: 'query' | 'mutation' | 'subscription' | 'unknown';
  readonly field: string;
}

/** An operation that a description declares, whether or not anybody ever called it. */
export type DeclaredOperation = DeclaredHttpOperation | DeclaredGraphqlOperation;
