import type { DeclaredParameter, WireName } from '../../openapi/declared-operation.ts';
import type { RequestMembers } from '../../openapi/request-members.ts';
import { whyNotSentOn } from '../read/request-header-names.ts';
import { queryInPath } from './join-description.ts';
import type { DescribedOperation } from './read-description.ts';

/** What a description declares that a request may have. */
export interface DeclaredInputs {
  readonly query: readonly WireName[];
  /** In lower case. */
  readonly headers: readonly string[];
  /** Members of a JSON request body at its root; undefined if the operation takes none. */
  readonly body: readonly string[] | undefined;
}

/** An input that a description declares in a way that a contract cannot take. */
export interface UntakenInput {
  readonly type:
    | 'open-query'
    | 'open-members'
    | 'open-body'
    | 'other-body'
    | 'media-type'
    | 'path-style'
    | 'header-name'
    | 'caller-name';
  /** The parameter, or the media types. */
  readonly what: string;
  readonly operation: DescribedOperation;
}

/** Headers that OpenAPI declares elsewhere (3.1 §4.8.12.1): parameters of these names are ignored. */
const NOT_PARAMETERS: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);

export interface InputsOf {
  readonly inputs: DeclaredInputs;
  readonly untaken: readonly UntakenInput[];
}

/** The inputs of an operation by all that describe it. */
export function declaredInputs(described: readonly DescribedOperation[]): InputsOf {
  const query = new Map<string, boolean>();
  const headers = new Set<string>();
  const untaken: UntakenInput[] = [];
  let body: Set<string> | undefined;
  for (const each of described) {
    const miss = (type: UntakenInput['type'], what: string): void => void untaken.push({ type, what, operation: each });
    for (const name of queryInPath(each.operation)) query.set(name, query.get(name) ?? false);
    for (const parameter of each.operation.parameters) {
      for (const { name, repeats } of queryNames(parameter)) query.set(name, repeats || query.get(name) === true);
      const header = headerName(parameter);
      if (header !== undefined && whyNotSentOn(header)) miss('header-name', parameter.name);
      else if (header !== undefined) headers.add(header);
      missParameter(parameter, miss);
    }
    const members = each.requestMembers();
    if (members) missBody(members, miss);
    for (const name of members?.members ?? []) (body ??= new Set()).add(name);
    if (members?.members) body ??= new Set();
  }
  return {
    inputs: {
      query: [...query].map(([name, repeats]) => ({ name, repeats })),
      headers: [...headers],
      body: body && [...body],
    },
    untaken,
  };
}

/** The names of a parameter in a query. */
function queryNames({ name, in: where, onWire }: DeclaredParameter): readonly WireName[] {
  if (where !== 'query' && where !== 'querystring') return [];
  return onWire ?? [{ name, repeats: false }];
}

/** The name of a header parameter, in lower case; undefined for other parameters, and for headers that OpenAPI declares elsewhere. */
function headerName({ name, in: where }: DeclaredParameter): string | undefined {
  const header = name.toLowerCase();
  return where === 'header' && !NOT_PARAMETERS.has(header) ? header : undefined;
}

type Miss = (type: UntakenInput['type'], what: string) => void;

function missParameter({ name, in: where, open, style }: DeclaredParameter, miss: Miss): void {
  if (where === 'query' || where === 'querystring') {
    if (open === 'any') miss('open-query', name);
    if (open === 'below') miss('open-members', name);
  }
  if (where === 'path' && (style === 'matrix' || style === 'label')) miss('path-style', name);
}

function missBody({ isOpen, isOther, members, otherTypes }: RequestMembers, miss: Miss): void {
  if (isOpen) miss('open-body', '');
  if (isOther || (members === undefined && otherTypes.length === 0)) miss('other-body', '');
  if (otherTypes.length > 0) miss('media-type', otherTypes.join(', '));
}
