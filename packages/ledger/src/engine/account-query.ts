import type { FilterName, Responses } from '../account.ts';
import type { AccountFigures, FieldFigures, OperationFigures, PrincipalFigures, Totals } from '../account/figures.ts';
import type { Row } from './duck.ts';
import type { Sources } from './duck-engine.ts';
import { number, principalOf, text } from './named-queries.ts';
import { has, isField, onFacts, onOneFilter, onRecord, type Question, released, where } from './question.ts';

const TOP = 100;
const FILTERS: readonly FilterName[] = ['principal', 'field', 'operation', 'server'];
const PRINCIPAL = 'principal_kind, principal';

/** The whole account: one query for each table of the report. */
export async function accountQuery(from: Sources, question: Question): Promise<AccountFigures> {
  const principals = await principalRows(from, question);
  const shown = principals.slice(0, question.top ?? TOP);
  const only = shown.length < principals.length ? [onlyThese(shown)] : [];
  const [fields, operations, responses, refusals] = [
    await fieldRows(from, question, { by: PRINCIPAL, only }),
    await operationRows(from, question, only),
    await responseRows(from, question, PRINCIPAL),
    await refusalRows(from, question),
  ];
  const overall = await fieldRows(from, question, { by: '', only: [] });
  return {
    totals: await totals(from, question, overall.length),
    principals: shown.map((row): PrincipalFigures => {
      const key = keyOf(row);
      const mine = (rows: readonly Row[]): readonly Row[] => rows.filter((each) => keyOf(each) === key);
      return {
        principal: principalOf(row),
        owners: number(row, 'owners'),
        others: number(row, 'others'),
        fields: mine(fields).map(toField),
        operations: toOperations(mine(operations)),
        responses: toResponses(mine(responses)),
        refusals: Object.fromEntries(mine(refusals).map((each) => [text(each, 'code'), number(each, 'times')])),
        firstMs: number(row, 'first'),
        lastMs: number(row, 'last'),
      };
    }),
    principalCount: principals.length,
    fields: overall.map(toField),
    days: await days(from, question),
    ...(await gaps(from, question)),
    ...(await unreadParts(from)),
    isEmpty: await isEmpty(from),
    unmatched: await unmatched(from, question),
    leftOut: await leftOut(from, question),
    bound: from.bound,
  };
}

function keyOf(row: Row): string {
  return `${text(row, 'principal_kind')} ${text(row, 'principal')}`;
}

function onlyThese(rows: readonly Row[]): string {
  const tokens = rows.flatMap(({ principal }) => (typeof principal === 'bigint' ? [principal] : []));
  return `(principal is null or principal in (${[0n, ...tokens].join(', ')}))`;
}

/** Every principal that matches, also those that were only refused. */
async function principalRows({ duck, facts, events }: Sources, question: Question): Promise<readonly Row[]> {
  return duck.rows(`
    with pairs as (select ${PRINCIPAL}, owner, bool_or(${released(question)}) as got,
        bool_or(${released(question)} and not ${has('relations', 'self')}) as other, min(ts) as first, max(ts) as last
      from ${facts} ${where(onFacts(question))} group by ${PRINCIPAL}, owner),
    refused as (select ${PRINCIPAL}, ts from ${events} ${where([`type = 'refusal'`, ...onRecord(question)])}),
    both_kinds as (
      select ${PRINCIPAL}, count(owner) filter (got) as owners, count(owner) filter (other) as others,
        min(first) as first, max(last) as last from pairs group by ${PRINCIPAL}
      union all select ${PRINCIPAL}, 0, 0, min(ts), max(ts) from refused group by ${PRINCIPAL})
    select ${PRINCIPAL}, sum(owners) as owners, sum(others) as others,
      epoch_us(min(first)) // 1000 as first, epoch_us(max(last)) // 1000 as last
    from both_kinds group by ${PRINCIPAL} order by others desc, owners desc, ${PRINCIPAL}`);
}

interface Grouping {
  readonly by: string;
  readonly only: readonly string[];
}

/** Distinct owners of each field. Equal rows are merged first, then the lists of names are unfolded. */
async function fieldRows(
  { duck, facts }: Sources,
  question: Question,
  { by, only }: Grouping,
): Promise<readonly Row[]> {
  const group = by === '' ? '' : `${by}, `;
  const unfold = (column: string): string => `select ${group}resource, owner_kind, owner, complete, '${column}' as kind,
    unnest(string_split(${column}, ',')) as field from merged where ${column} <> ''`;
  return duck.rows(`
    with merged as (select distinct ${group}resource, owner_kind, owner, seen, exposed, withheld, ended = 'complete' as complete
      from ${facts} ${where([...onFacts(question), 'owner is not null', ...only])}),
    unfolded as (${['seen', 'exposed', 'withheld'].map(unfold).join(' union all ')}),
    each_owner as (select ${group}resource, owner_kind, field, owner,
        bool_or(kind = 'seen') as is_seen, bool_or(kind = 'exposed') as is_exposed, bool_or(kind = 'withheld') as is_withheld,
        bool_or(complete and kind <> 'withheld') as is_complete
      from unfolded where ${isField(question.fields)} group by all)
    select ${group}resource, owner_kind, field, count_if(is_seen or is_exposed) as released, count_if(is_seen) as seen, count_if(is_exposed) as exposed,
      count_if(is_withheld) as withheld, count_if((is_seen or is_exposed) and not is_complete) as uncertain
    from each_owner group by all order by ${group}resource, field, owner_kind`);
}

async function operationRows(
  { duck, facts }: Sources,
  question: Question,
  only: readonly string[],
): Promise<readonly Row[]> {
  const filter = where([...onFacts(question), ...only]);
  return duck.rows(`
    with counted as (select ${PRINCIPAL}, "server", "operation", ended, count(*) as times
      from (select distinct ${PRINCIPAL}, "server", "operation", node, request, ended from ${facts} ${filter}) group by all),
    owned as (select ${PRINCIPAL}, "server", "operation", count(distinct owner) filter (${released(question)}) as owners
      from ${facts} ${filter} group by all)
    select counted.*, owned.owners from counted join owned
      on counted.principal_kind = owned.principal_kind and counted.principal is not distinct from owned.principal
      and counted."server" = owned."server" and counted."operation" = owned."operation"
    order by "operation", "server"`);
}

async function responseRows({ duck, facts }: Sources, question: Question, by: string): Promise<readonly Row[]> {
  const group = by === '' ? '' : `${by}, `;
  return duck.rows(`select ${group}ended, count(*) as times
    from (select distinct ${group}node, request, ended from ${facts} ${where(onFacts(question))}) group by all`);
}

async function refusalRows({ duck, events }: Sources, question: Question): Promise<readonly Row[]> {
  return duck.rows(`select ${PRINCIPAL}, code, count(*) as times from ${events}
    ${where([`type = 'refusal'`, ...onRecord(question)])} group by all order by code`);
}

async function totals(from: Sources, question: Question, fields: number): Promise<Totals> {
  const { duck, facts } = from;
  const [row] =
    await duck.rows(`select count(*) as records, count(distinct owner) filter (${released(question)}) as owners,
      count(distinct owner) filter (${released(question)} and not ${has('relations', 'self')}) as others,
      epoch_us(min(ts)) // 1000 as first, epoch_us(max(ts)) // 1000 as last
    from ${facts} ${where([...onFacts(question), 'owner is not null'])}`);
  const isNone = number(row, 'records') === 0;
  return {
    owners: number(row, 'owners'),
    others: number(row, 'others'),
    records: number(row, 'records'),
    fields,
    responses: toResponses(await responseRows(from, question, '')),
    firstMs: isNone ? undefined : number(row, 'first'),
    lastMs: isNone ? undefined : number(row, 'last'),
  };
}

async function days({ duck, facts }: Sources, question: Question): Promise<AccountFigures['days']> {
  const rows =
    await duck.rows(`select strftime(ts, '%Y-%m-%d') as day, count(distinct owner) as owners, count(*) as records
    from ${facts} ${where([...onFacts(question), released(question), 'owner is not null'])} group by all order by day`);
  return rows.map((row) => ({ day: text(row, 'day'), owners: number(row, 'owners'), records: number(row, 'records') }));
}

async function gaps(
  { duck, events }: Sources,
  { sinceMs, untilMs }: Question,
): Promise<Pick<AccountFigures, 'gaps' | 'gapPeriods'>> {
  const rows =
    await duck.rows(`select code, sum(count) as times, epoch_us(min(ts)) // 1000 as first, epoch_us(max(ts)) // 1000 as last
    from ${events} ${where([`type = 'gap'`, ...onRecord({ sinceMs, untilMs })])} group by all order by code`);
  return {
    gaps: Object.fromEntries(rows.map((row) => [text(row, 'code'), number(row, 'times')])),
    gapPeriods: rows.map((row) => ({
      code: text(row, 'code'),
      count: number(row, 'times'),
      firstMs: number(row, 'first'),
      lastMs: number(row, 'last'),
    })),
  };
}

const PROBLEMS = ['damaged', 'unknown-record', 'impossible-time'] as const;
const MAX_PROBLEMS = 1000;

async function unreadParts({ duck, events, problems }: Sources): Promise<Pick<AccountFigures, 'unread' | 'problems'>> {
  const sums = await duck.rows(`select type, count(*) as times, sum(count) as facts from ${events}
    where type in ('not-recorded', 'damaged', 'unknown-record') group by all`);
  const sum = (type: string, column: string): number =>
    number(
      sums.find((row) => row['type'] === type),
      column,
    );
  const rows = await duck.rows(`select type, writer, segment, position, count from ${events}
    where type in (${PROBLEMS.map((type) => `'${type}'`).join(', ')}) order by writer, segment, position limit ${MAX_PROBLEMS}`);
  return {
    unread: {
      factsNotRecorded: sum('not-recorded', 'facts'),
      damaged: sum('damaged', 'times'),
      unknownRecords: sum('unknown-record', 'times'),
    },
    problems: [
      ...problems,
      ...rows.map((row) => ({
        why: PROBLEMS.find((type) => type === row['type']) ?? 'damaged',
        file: `${text(row, 'writer')}/${text(row, 'segment').padStart(8, '0')}.log`,
        offset: number(row, 'position'),
        count: number(row, 'count'),
      })),
    ],
  };
}

async function isEmpty({ duck, allFacts, events }: Sources): Promise<boolean> {
  const records = `type in ('refusal', 'gap', 'end')`;
  return (
    (await duck.number(`select count(*) from (select 1 from ${allFacts} limit 1)`)) === 0 &&
    (await duck.number(`select count(*) from (select 1 from ${events} where ${records} limit 1)`)) === 0
  );
}

/** The filters that match no record at whatever time. */
async function unmatched({ duck, allFacts, events }: Sources, question: Question): Promise<readonly FilterName[]> {
  const found: FilterName[] = [];
  for (const name of FILTERS) {
    const condition = onOneFilter(question, name);
    if (condition === undefined) continue;
    const inFacts = await duck.number(`select count(*) from (select 1 from ${allFacts} where ${condition} limit 1)`);
    if (inFacts > 0) continue;
    const refusal = `select 1 from ${events} where type = 'refusal' and ${condition} limit 1`;
    if (name === 'field' || (await duck.number(`select count(*) from (${refusal})`)) === 0) found.push(name);
  }
  return found;
}

async function leftOut({ duck, facts }: Sources, question: Question): Promise<number> {
  const { without = [], ...rest } = question;
  if (without.length === 0) return 0;
  const all = await duck.number(`select count(owner) from ${facts} ${where(onFacts(rest))}`);
  return all - (await duck.number(`select count(owner) from ${facts} ${where(onFacts(question))}`));
}

function toField(row: Row): FieldFigures {
  return {
    resource: text(row, 'resource'),
    field: text(row, 'field').replaceAll('%2C', ',').replaceAll('%25', '%'),
    ownerKind: text(row, 'owner_kind'),
    released: number(row, 'released'),
    seen: number(row, 'seen'),
    exposed: number(row, 'exposed'),
    withheld: number(row, 'withheld'),
    uncertain: number(row, 'uncertain'),
  };
}

function toResponses(rows: readonly Row[]): Responses {
  const times = (ended: string): number => {
    let sum = 0;
    for (const row of rows) if (row['ended'] === ended) sum += number(row, 'times');
    return sum;
  };
  return { complete: times('complete'), cutOff: times('cut-off'), unfinished: times('unfinished') };
}

function toOperations(rows: readonly Row[]): OperationFigures[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([text(row, 'operation'), text(row, 'server')]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const [first = {}] = group;
    return {
      operation: text(first, 'operation'),
      server: text(first, 'server'),
      owners: number(first, 'owners'),
      responses: toResponses(group),
    };
  });
}
