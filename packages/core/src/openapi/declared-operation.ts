import type { Provenance } from '../wire/exchange.ts';

/** The location of a parameter (OpenAPI `in`); `argument`: of a GraphQL field; `form`: a form field of OpenAPI 2. */
export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie' | 'form' | 'querystring' | 'argument';

/** A name as it is in a query or a form, decoded. */
export interface WireName {
  readonly name: string;
  readonly repeats: boolean;
}

/** A declared input of an operation. */
export interface DeclaredParameter {
  readonly name: string;
  readonly in: ParameterLocation;
  readonly required: boolean;
  /** JSON Schema type with its format, such as `string(uuid)`, or a GraphQL type such as `ID!`; `unknown` if there is none. */
  readonly schemaType: string;
  /** As declared. */
  readonly style?: string | undefined;
  readonly explode?: boolean | undefined;
  /** The names in a request, if they are not `name` once: an object's properties, `filter[status]`, a name that repeats. */
  readonly onWire?: readonly WireName[] | undefined;
  /** Not all names are declared. `below`: others begin with `name[`; `any`: they may be any. */
  readonly open?: 'below' | 'any' | undefined;
}

/** A declared property of a request or response body. */
export interface DeclaredField {
  /**
   * RFC 6901 pointer from the root of the body, in which `*` is any element of a list or value of a map (a property whose name is `*`
   * is written `~2`). GraphQL: from the value of the field, so that `Query.user` has `/id`, not `/data/user/id`.
   */
  readonly pointer: string;
  /** As `DeclaredParameter.schemaType`: `string(date)`, `array`, `object`, `[Pet!]!`; alternatives are joined with `|`. */
  readonly type: string;
  /** True if the schema contains itself here: its fields are not repeated. */
  readonly recursive?: true | undefined;
  /** It is only sent and never returned (OpenAPI `writeOnly`). */
  readonly writeOnly?: true | undefined;
  /** The sensitivity that the source declares (`x-data-classification`, `x-sensitive-data`, `x-pii`), as text. */
  readonly classification?: string | undefined;
}

/** A request or response body of one media type. */
export interface DeclaredBody {
  /** As declared, in lower case; `*` if there is none. */
  readonly mediaType: string;
  readonly fields: readonly DeclaredField[];
}

/** `status` is as declared: `200`, `2XX` or `default`. */
export interface DeclaredResponse {
  readonly status: string;
  readonly bodies: readonly DeclaredBody[];
}

/** A security scheme that a requirement names; `unknown` if no scheme of that name is declared. */
export interface DeclaredScheme {
  readonly name: string;
  /** `http:bearer`, `http:basic`, `apiKey:header:x-api-key`, `oauth2`, `openIdConnect`, `mutualTLS` or `unknown`. */
  readonly type: string;
  readonly scopes: readonly string[];
}

/**
 * Alternatives (OR) of sets of schemes (AND). `undefined`: the source does not say. `[]`, or a set without a scheme: no credential is
 * needed.
 */
export type DeclaredSecurity = readonly (readonly DeclaredScheme[])[] | undefined;

/** What operations of any protocol have. */
export interface DeclaredParts {
  /** As in a contract: `GET /users/{id}`, or the GraphQL coordinate `Query.user`. */
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
export interface DeclaredHttpOperation extends DeclaredParts {
  readonly protocol: 'http';
  /** Upper case. */
  readonly method: string;
  /** Path template as declared, without the base path of a server. */
  readonly path: string;
  /** Base URLs, with the defaults of their variables, possibly relative; empty if none is declared. */
  readonly servers: readonly string[];
}
