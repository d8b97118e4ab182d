import type { Identity } from './identity.ts';
import type { TemplateSegment } from '../wire/path-template.ts';
import type { Shape } from './shape.ts';

/** Kinds of owner and of id: `person`, `org`. Ids are compared inside one space of one kind only. */
export type OwnerKind = string;

/** Names of relations: `anyone`, `member`, `self`, `nobody`, the kinds of principals, and the contract's own. */
export type Relation = string;

/** A checked, resolved contract: plain JSON; only conditions and the GraphQL schema are still text. */
export interface CompiledContract {
  readonly format: 2;
  readonly servers: readonly Server[];
  readonly principals: readonly PrincipalKind[];
  readonly owners: Readonly<Record<OwnerKind, { readonly subject: boolean }>>;
  readonly relations: Readonly<Record<Relation, RelationRule>>;
  readonly states: Readonly<Record<string, StateRule>>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly operations: readonly Operation[];
  /** GraphQL SDL, when the contract covers a gateway. */
  readonly schema?: string;
  /** GraphQL type → resource, where it is not the resource of its own name. */
  readonly types?: Readonly<Record<string, string>>;
  readonly mode: Mode;
  readonly undeclared: Undeclared;
  readonly on: LostDependencies;
  readonly budgets: readonly Budget[];
  readonly foreign: 404 | 403;
  /** Operations of the description `api.openapi` that are in no operation of the contract, as `GET /users/{id}`; absent without one. */
  readonly undeclaredInDocument?: readonly string[];
  /** Request headers that every operation may send, in lower case. */
  readonly requestHeaders?: readonly string[];
  /** Cookies that the origin gets, besides those that are credentials. Absent: not limited by the contract. */
  readonly cookies?: readonly string[];
}

export type Mode = 'enforce' | 'monitor';
export type Protocol = 'rest' | 'graphql';

/** One deployment of the API: its endpoints, and the id space of its ids. */
export interface Server {
  readonly name: string;
  readonly endpoints: Readonly<Partial<Record<Protocol, Endpoint>>>;
  /** Where lookups are sent. Default: the REST endpoint. */
  readonly internal?: string;
  readonly space: string;
  /** The origin authenticates its caller. Only then is what it says about that caller believed. */
  readonly authenticatesCaller: boolean;
}

export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** `host` or `host:port`, lower case. */
  readonly authority: string;
  /** Prefix of every path template, without a trailing slash; for GraphQL the whole path. */
  readonly path: string;
}

/** How a request becomes a principal of this kind. */
export interface PrincipalKind {
  readonly name: string;
  readonly by: Identity;
  /** Path of the id in the claims. */
  readonly id: readonly string[];
  readonly ids: OwnerKind;
  /** Known at servers of other id spaces too; otherwise anonymous there. */
  readonly everywhere: boolean;
  /** The id space: one for all, or the claim that names it. */
  readonly space: { readonly fixed: string } | { readonly claim: readonly string[] };
}

/** A bulk question to the API's own back end (docs/lookups.md). */
export interface Lookup {
  readonly method: 'POST';
  readonly path: string;
  readonly cacheMs: number;
  /** Pointer (RFC 6901) to the time in an answer until which it holds. */
  readonly until?: string;
}

/** A CEL condition, with the fields of the object it reads. */
export interface Condition {
  readonly cel: string;
  readonly reads: readonly (readonly string[])[];
}

export interface RelationRule {
  readonly of: OwnerKind;
  readonly when?: Condition;
  /** By resource, or `*` for all. A condition on what the origin says about its caller. */
  readonly object?: Readonly<Record<string, Condition>>;
  readonly lookup?: Lookup;
}

export interface StateRule {
  readonly of: OwnerKind;
  readonly object?: Readonly<Record<string, Condition>>;
  readonly lookup?: Lookup;
  /** Whether the state counts as holding while it is not known. */
  readonly unknown: boolean;
}

/** State → the relations that are left while it holds, or is not known. */
export type Narrow = Readonly<Record<string, readonly Relation[]>>;

/** Who may see something, and what narrows that while a state holds. */
export interface Grant {
  readonly see: readonly Relation[];
  readonly narrow: Narrow;
  /** Only relations to the owners in this role count. */
  readonly of?: string;
}

/** Path of an owner's id in an object; `*` is every element of an array. */
export interface OwnerPath {
  readonly kind: OwnerKind;
  readonly path: readonly string[];
  readonly as?: string;
}

export interface Resource {
  readonly name: string;
  /** `none`: declared to have no owner. `parent`: the owners of the enclosing object. */
  readonly owner: readonly OwnerPath[] | 'none' | 'parent';
  /** The field that holds the object's own id, if it has one. */
  readonly id?: string;
  /** Whose data it is as well: counted, never a reason to allow access. */
  readonly about: readonly OwnerPath[];
  /** Who may know that the object exists; absent: whoever may see a field besides its id. */
  readonly see?: Grant;
  readonly fields: Readonly<Record<string, Field>>;
  /** The smallest group a statistic may be about, and the field with its size. */
  readonly aggregate?: { readonly count: string; readonly min: number };
}

export interface Field {
  readonly grant: Grant;
  /** The contract has no rule for this field: the rules of the value in it decide, and it does not make its object visible. */
  readonly leftToValue?: true;
  readonly shape: Shape;
  readonly class?: string;
  /** JSON text that replaces a withheld value; absent: the member is omitted. */
  readonly instead?: string;
  /** Why nobody has decided who may see the field. Its grant is then the strictest that the answer could be. */
  readonly undecided?: string;
}

export interface Operation {
  /** As in the contract: `GET /api/user/{id}`, `Query.user`. */
  readonly name: string;
  readonly protocol: Protocol;
  /** Names of servers, if not all have it. */
  readonly servers?: readonly string[];
  readonly method?: string;
  readonly template?: readonly TemplateSegment[];
  readonly by: readonly Relation[];
  /** Why nobody has decided who may call it. `by` is then the strictest that the answer could be. */
  readonly undecided?: string;
  /** Whose object the operation acts on. */
  readonly owner?: OperationOwner;
  readonly parameters: readonly Parameter[];
  /** Top-level members of the request body that may be sent; absent: no body. */
  readonly accepts?: readonly string[];
  readonly returns: Shape;
  /** Response headers of which numbers, ranges and links are released; in lower case. */
  readonly responseHeaders?: readonly string[];
  /** GraphQL: positions in lists have a meaning, so a withheld element is null where the schema allows it. */
  readonly positional?: true;
  /** While a state holds for the owner of an object in the response, only these may see it here (a search). */
  readonly narrow?: Narrow;
  readonly mode?: Mode;
}

export interface Parameter {
  /** `body`: a member of a JSON body; `name` is its path, with dots. */
  readonly in: 'path' | 'query' | 'header' | 'argument' | 'body';
  readonly name: string;
  readonly repeats: boolean;
  /** Names the caller: its value must be the principal's id, and present unless it is `optional`. */
  readonly isPrincipal: boolean;
  readonly optional?: true;
}

/** `narrow`: while a state holds for that owner, only these may call the operation. */
export type OperationOwner = { readonly narrow?: Narrow } & (
  | { readonly from: 'path'; readonly parameter: string; readonly kind: OwnerKind }
  | { readonly from: 'body'; readonly path: readonly string[]; readonly kind: OwnerKind }
  | {
      readonly from: 'operation';
      readonly operation: string;
      /** Query parameters that do not choose the object: not sent with the pre-read. */
      readonly harmless?: readonly string[];
    }
);

export interface Undeclared {
  readonly operations: 'deny' | 'pass';
  readonly parameters: 'deny' | 'pass';
}

/** What happens while a dependency is unavailable. */
export interface LostDependencies {
  readonly 'no-ledger': 'refuse' | 'pass';
  readonly 'no-lookup': 'deny';
}

export type BudgetStep = 'observe' | 'delay' | 'public-only' | '429' | 'freeze';

export interface Budget {
  readonly per: 'principal';
  readonly count: 'owners';
  readonly withinMs: number;
  readonly max: number;
  readonly steps: readonly BudgetStep[];
}
