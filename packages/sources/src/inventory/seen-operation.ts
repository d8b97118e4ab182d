import type { DeclaredBody, DeclaredOperation } from '../reading/declared-operation.ts';
import { compareText, showCounts } from './stats/counted.ts';
import { showFields, type FieldStats } from './stats/field-stats.ts';
import type { ResponseSeen, SeenOperation, UndeclaredParts } from './inventory.ts';
import type { OperationStats } from './stats/operation-stats.ts';
import type { PathParameter } from './paths/resolve-templates.ts';

/** An operation with its statistics. */
export interface OperationFound {
  readonly protocol: 'http' | 'graphql';
  readonly name: string;
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly parameters: readonly PathParameter[];
  readonly declared: DeclaredOperation | undefined;
  readonly stats: OperationStats;
}

/** The operation as in an inventory: plain objects, sorted. */
export function toSeenOperation({ parameters, declared, stats, ...named }: OperationFound): SeenOperation {
  const responses = showResponses(stats);
  return {
    ...named,
    seen: stats.total.seen,
    first: stats.total.first,
    declared: declared?.provenance,
    confirmed: responses.some(({ status }) => !/^(?:400|404|410|422|none)\b/.test(status)),
    sources: showCounts(stats.sources),
    callers: showCounts(stats.callers),
    answered: showCounts(stats.answered),
    admitted: showCounts(stats.admitted),
    schemes: showCounts(stats.schemes),
    identities: showCounts(stats.identities),
    channels: showCounts(stats.channels),
    versions: showCounts(stats.versions),
    requestKinds: showCounts(stats.requestKinds),
    requestFaults: showCounts(stats.requestFaults),
    pathParameters: parameters,
    query: showFields(stats.query),
    headers: showFields(stats.headers),
    cookies: showFields(stats.cookies),
    body: showFields(stats.body),
    arguments: showFields(stats.arguments),
    variables: showFields(stats.variables),
    selections: showFields(stats.selections),
    responses,
    passedOver: stats.passedOver.seen,
    undeclared: declared ? undeclaredParts(stats, declared) : { query: [], body: [], fields: [] },
  };
}

function showResponses(stats: OperationStats): readonly ResponseSeen[] {
  return [...stats.responses]
    .sort(([a], [b]) => compareText(a, b))
    .map(([status, { total, kinds, mediaTypes, bodyFaults, fields }]) => ({
      status,
      seen: total.seen,
      first: total.first,
      kinds: showCounts(kinds),
      mediaTypes: showCounts(mediaTypes),
      bodyFaults: showCounts(bodyFaults),
      fields: showFields(fields),
    }));
}

function undeclaredParts(stats: OperationStats, declared: DeclaredOperation): UndeclaredParts {
  const seen = declared.protocol === 'http' ? stats.query : stats.arguments;
  const names = new Set(declared.parameters.map(({ name }) => name.replace(/\[\]$/, '')));
  const isNamed = (name: string): boolean =>
    names.has(/^[^[/.]*/.exec(name)?.[0] ?? '') || names.has(name) || name.includes('.');
  const hasOpenQuery = declared.parameters.some((parameter) => parameter.in === 'querystring');
  const query = hasOpenQuery ? [] : [...seen.keys()].filter((name) => !isNamed(name));
  const fields = [...stats.responses].flatMap(([status, response]) => {
    const bodies = bodiesFor(declared, status);
    return beyond(response.fields, bodies).map((pointer) => `${status} ${pointer}`);
  });
  return {
    query: query.sort(compareText),
    body: beyond(stats.body, declared.request),
    fields: fields.sort(compareText),
  };
}

function bodiesFor({ responses, protocol }: DeclaredOperation, status: string): readonly DeclaredBody[] {
  const exact = responses.find((response) => response.status === status);
  const range = responses.find((response) => response.status.toUpperCase() === `${status[0] ?? ''}XX`);
  const other = responses.find((response) => response.status === 'default');
  return (exact ?? range ?? other ?? (protocol === 'graphql' ? responses[0] : undefined))?.bodies ?? [];
}

/** Pointers that no body declares; none if the bodies declare no properties, and none below a recursive or untyped one. */
function beyond(seen: FieldStats, bodies: readonly DeclaredBody[]): readonly string[] {
  const declared = bodies.flatMap(({ fields }) => fields);
  if (declared.length === 0) return [];
  const known = new Set(declared.map(({ pointer }) => pointer));
  const open = declared
    .filter(({ recursive, type }) => recursive === true || type === 'unknown')
    .map(({ pointer }) => pointer);
  return [...seen.keys()]
    .filter((pointer) => pointer !== '' && !pointer.endsWith('/*') && !isKnown(pointer, known))
    .filter((pointer) => !open.some((parent) => pointer.startsWith(`${parent}/`)))
    .sort(compareText);
}

/** True if the pointer is declared, or with `*` (a map) in place of one name. */
function isKnown(pointer: string, known: ReadonlySet<string>): boolean {
  if (known.has(pointer)) return true;
  const steps = pointer.split('/');
  return steps.some((_, at) => at > 0 && known.has([...steps.slice(0, at), '*', ...steps.slice(at + 1)].join('/')));
}
