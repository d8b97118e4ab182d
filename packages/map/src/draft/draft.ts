import { draftOperations, type DraftedOperation } from '../contract/operations.ts';
import { draftPrincipals } from '../contract/principals.ts';
import { type FieldDrafted, ShapeWriter } from '../contract/shapes.ts';
import { writeSource } from '../contract/write-source.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { foldPaths, identifyingValues } from '../evidence/fold-paths.ts';
import { ANONYMOUS_CALLER } from '../evidence/caller-claims.ts';
import { compareText, isSuccess, observeCalls, type ObservedCall } from '../evidence/observed-call.ts';
import { draftGraphql } from '../graphql/draft-graphql.ts';
import { Answers, type Flag, flagsOf } from './answered.ts';
import type { Draft, LeftOut, OwnerGrade } from './draft-types.ts';
import { factsOf } from './facts.ts';
import { findPrincipals, personIds as personIdsOf } from './find-principals.ts';
import { staffAmong } from './find-staff.ts';
import { findResources } from './find-resources.ts';
import { gradeOwner } from './grade-owner.ts';
import { questionsOf } from './questions.ts';
import type { DraftResource } from './resource.ts';
import { ruleEvidence, operationEvidence } from './rule-evidence.ts';

/**
 * Drafts a contract from evidence. Each rule is decided by an answer, by what a field is, by a description, or, for what is neither
 * personal nor somebody's, by who was given it; everything else is undecided. Pure; never throws. The same exchanges in another
 * order give the same draft, unless their times differ.
 */
export function draft(evidence: Evidence): Draft {
  const { exchanges, inventory, declared = [] } = evidence;
  const principals = findPrincipals(evidence);
  const unfolded = observeCalls(exchanges, inventory);
  const values = identifyingValues(
    unfolded,
    [...principals.values()].flatMap((each) => [...each.ids]),
  );
  const calls = oneNameEach(
    foldPaths(unfolded, { values, declared: new Set(declared.map((each) => each.name)) }),
    new Set(declared.map((each) => each.name)),
  );
  const { resources, resourceOf, roots } = findResources(calls, principals);
  const graphql = draftGraphql(unfolded, { text: evidence.schema, principals, resources });
  const isGraphql = typeof graphql !== 'string';
  const all = [...resources, ...(isGraphql ? graphql.types.map((each) => each.resource) : [])];
  const areTheirOwn = all.filter(({ isPrincipal }) => isPrincipal);
  const personIds = personIdsOf(
    areTheirOwn,
    [...principals.values()].flatMap((each) => [...each.ids]),
  );
  const flags = new Map(all.map((each) => [each.name, flagsOf(each.places)]));
  const answers = new Answers(evidence.answers ?? [], (name, resource) =>
    flagNamed(name, resource, { resources: all, flags }),
  );

  const fields: FieldDrafted[] = [];
  const shapes = new ShapeWriter(
    { resourceOf, answers, neverReturned: neverReturned(declared), values, onField: (field) => fields.push(field) },
    all.map((each) => each.name),
  );
  for (const each of resources) shapes.resource(each);
  const graphqlApi = isGraphql
    ? graphql.write({ answers, written: shapes.written, onField: (field) => fields.push(field) })
    : undefined;
  const { servers, leftOut: otherServers } = serversOf(calls);
  const drafted = draftOperations({
    calls,
    roots,
    resourceOf,
    declared,
    shapes,
    personIds,
    values,
    noGraphql: isGraphql ? undefined : graphql,
    servers: namesByOrigin(servers),
  });
  const callers = draftPrincipals(principals, {
    ownerIds: personIdsOf(areTheirOwn, []),
    isStaff: staffAmong(principals, all),
    calls,
  });
  const grades = new Map(all.map((each) => [each.name, gradeOwner(each, principals)]));
  const operations = [...(servers.size === 0 ? [] : drafted.operations), ...(isGraphql ? graphql.operations : [])];
  const undecided = fields.filter(({ ruling }) => ruling.undecided !== undefined).length;
  const source = writeSource({
    notes: notesOf({ exchanges: exchanges.length, operations, undecided, more: callers.notes }),
    ...(graphqlApi ? { graphql: graphqlApi } : {}),
    servers: servers.size === 0 && !graphqlApi ? new Map([['api', 'http://api.invalid']]) : servers,
    principals: callers.source,
    states: answers.states,
    relations: answers.relations,
    resources: new Map([...shapes.written].sort(([a], [b]) => compareText(a, b))),
    comments: commentsOf(fields, { resources: all, grades }),
    operations,
  });
  const owned = new Set(
    [...shapes.written].flatMap(([name, each]) => ((each as { owner?: unknown }).owner === 'none' ? [] : [name])),
  );
  return {
    source,
    schema: isGraphql ? graphql.sdl : undefined,
    rules: [
      ...fields.map((each) => ruleEvidence(each, grades.get(each.resource))),
      ...operations.map(operationEvidence),
    ],
    questions: questionsOf(fields, { flagsOf: (name) => flags.get(name) ?? [], owned, refusing: refusingIn(calls) }),
    leftOut: [...otherServers, ...drafted.leftOut, ...(isGraphql ? graphql.leftOut : [])],
    unusedAnswers: answers.unused,
    callers: callers.callers,
    facts: factsOf(answers, { resources: all, principals }),
  };
}

/** Operations that match the same requests have one name: the declared one, else the first. */
function oneNameEach(calls: readonly ObservedCall[], declared: ReadonlySet<string>): ObservedCall[] {
  const names = new Map<string, string>();
  const shapeOf = (name: string): string => name.replaceAll(/\{[^}]*\}/g, '{}');
  for (const name of [...new Set(calls.map(({ operation }) => operation))].sort(
    (a, b) => Number(declared.has(b)) - Number(declared.has(a)) || compareText(a, b),
  ))
    if (!names.has(shapeOf(name))) names.set(shapeOf(name), name);
  return calls.map((call) => ({ ...call, operation: names.get(shapeOf(call.operation)) ?? call.operation }));
}

/** Operations that refused a known caller a target that they gave another. */
function refusingIn(calls: readonly ObservedCall[]): ReadonlySet<string> {
  const known = calls.filter(({ caller }) => caller !== undefined && caller !== ANONYMOUS_CALLER);
  const targetOf = ({ method, exchange }: ObservedCall): string => `${method} ${exchange.request.target}`;
  const given = new Set(known.filter(isSuccess).map(targetOf));
  return new Set(
    known.flatMap((call) => ([403, 404].includes(call.status) && given.has(targetOf(call)) ? [call.operation] : [])),
  );
}

function flagNamed(
  name: string,
  resource: string,
  {
    resources,
    flags,
  }: { readonly resources: readonly DraftResource[]; readonly flags: ReadonlyMap<string, readonly string[]> },
): Flag | undefined {
  if (flags.get(resource)?.includes(name)) return { resource, field: name };
  const person = resources.find((each) => each.isPrincipal && flags.get(each.name)?.includes(name));
  return person && { resource: person.name, field: name };
}

/** Properties that a description declares as sent only (`writeOnly`), by operation and pointer. */
function neverReturned(declared: NonNullable<Evidence['declared']>): ReadonlySet<string> {
  return new Set(
    declared.flatMap(({ name, responses }) =>
      responses.flatMap(({ bodies }) =>
        bodies.flatMap(({ fields }) => fields.flatMap((each) => (each.writeOnly ? [`${name} ${each.pointer}`] : []))),
      ),
    ),
  );
}

/** Servers by name; hosts that a contract cannot name are left out. */
function serversOf(calls: readonly ObservedCall[]): { servers: Map<string, string>; leftOut: LeftOut[] } {
  const servers = new Map<string, string>();
  const leftOut: LeftOut[] = [];
  const authorities = new Set<string>();
  const origins = new Set(
    calls
      .filter(({ isGraphql }) => !isGraphql)
      .map(({ exchange: { request } }) => `${request.scheme}://${request.authority}`),
  );
  for (const origin of [...origins].sort(compareText)) {
    const authority = origin.replace(/^https?:\/\//, '');
    const isUsable = /^[a-z0-9.-]+(?::\d{1,5})?$/.test(authority) && URL.canParse(origin);
    if (isUsable && !authorities.has(authority)) {
      authorities.add(authority);
      servers.set(/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(authority) ? authority : `server${servers.size + 1}`, origin);
    } else leftOut.push({ what: 'a host', why: isUsable ? 'it is called by http and https' : 'its name is not known' });
  }
  return { servers, leftOut };
}

const namesByOrigin = (servers: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...servers].map(([name, origin]) => [origin, name]));

function notesOf(about: {
  readonly exchanges: number;
  readonly operations: readonly DraftedOperation[];
  readonly undecided: number;
  readonly more: readonly string[];
}): string[] {
  return [
    `Drafted from ${about.exchanges} exchanges: ${about.operations.length} operations. ${about.undecided} rules of fields are undecided.`,
    'Nothing here was approved by anybody: read it, decide what is undecided, and run `leakproof contract check`.',
    ...about.more,
  ];
}

function commentsOf(
  fields: readonly FieldDrafted[],
  {
    resources,
    grades,
  }: { readonly resources: readonly DraftResource[]; readonly grades: ReadonlyMap<string, OwnerGrade | undefined> },
): Map<string, string> {
  const comments = new Map<string, string>();
  for (const { name, places } of resources) {
    const operations = [...new Set(places.map(({ operation }) => operation))].sort(compareText);
    const grade = grades.get(name);
    const owner = grade === undefined ? 'no owner was found' : `owner: ${grade}`;
    const more = operations.length > 4 ? ` and ${operations.length - 4} more` : '';
    comments.set(name, `${owner}; in ${operations.slice(0, 4).join(', ')}${more}`);
  }
  for (const { at, ruling } of fields)
    if (ruling.because !== 'undecided') comments.set(at, ruling.because.replaceAll('-', ' '));
  return comments;
}
