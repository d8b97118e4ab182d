import type { FilterName } from '../account.ts';
import { type AccountFigures, type FieldFigures, isWhole, type PrincipalFigures } from './figures.ts';

/** Styles a text for its output, or returns it as it is. */
export type Paint = (style: 'bold' | 'red', text: string) => string;

/** An account as text: the totals, a table for each principal, then what is in none of the figures. */
export function accountTable(account: AccountFigures, paint: Paint): string {
  const { principals, principalCount, totals } = account;
  const { firstMs, lastMs } = totals;
  const period = firstMs === undefined ? 'no records' : `${time(firstMs)} to ${time(lastMs ?? 0)}`;
  const lines = [`${paint('bold', 'Whose data went to whom')}  ${period}`, ''];
  if (account.isEmpty) lines.push(paint('red', 'The log has no record: nothing can be said.'), '');
  else if (account.unmatched.length > 0) lines.push(...unmatchedLines(account, paint), '');
  else if (principals.length === 0) lines.push('No record of the log matches.', '');
  if (principals.length > 1) lines.push(...totalLines(account, paint), '');
  for (const each of principals) lines.push(...principalLines(each, paint), '');
  if (principals.length < principalCount)
    lines.push(`${principalCount - principals.length} more principals are in the totals, and not listed (--top).`, '');
  if (!isWhole(account)) lines.push(...missingLines(account, paint), '');
  if (account.leftOut > 0)
    lines.push(`${account.leftOut} records of marked principals (reporter, scanner) are left out.`, '');
  return `${lines.join('\n')}\n`;
}

const NO_RECORD: Readonly<Record<FilterName, string>> = {
  principal:
    'No record of the log has this principal. Principals are tokens: without --principal, all of them are listed.',
  field: 'No record of the log has this field; it is written User.age, or age.',
  operation: 'No record of the log has this operation.',
  server: 'No record of the log has this server.',
};

function unmatchedLines({ unmatched }: AccountFigures, paint: Paint): string[] {
  return unmatched.map((name) => paint('red', NO_RECORD[name]));
}

function totalLines({ totals, fields, principalCount }: AccountFigures, paint: Paint): string[] {
  const { owners, others, records, responses } = totals;
  return [
    paint('bold', `all ${principalCount} principals`),
    `  data of ${others} others (${owners} owners with themselves), ${records} records`,
    `  responses: ${responses.complete} complete, ${responses.cutOff} cut off, ${responses.unfinished} without a recorded end`,
    row('  field', 'allowed', 'forbidden', 'withheld', 'uncertain'),
    ...fields.map((field) => fieldRow(field, paint)),
  ];
}

function missingLines({ gapPeriods, unread, problems, bound }: AccountFigures, paint: Paint): string[] {
  const places = problems.filter(({ why }) => why !== 'impossible-time');
  return [
    paint('bold', 'Not in these figures'),
    ...gapPeriods.map(
      ({ code, count, firstMs, lastMs }) =>
        `${row(`  responses not judged: ${code}`, count)}  ${time(firstMs)} to ${time(lastMs)}`,
    ),
    row('  facts that the log could not record', unread.factsNotRecorded),
    row('  damaged parts of the log', unread.damaged),
    row('  records of another version', unread.unknownRecords),
    ...places.map(({ file, offset, why, count }) => `  ${file} at ${offset}: ${why}, ${count} facts`),
    ...(bound === undefined ? [] : [paint('red', `  ${bound}`)]),
  ];
}

function principalLines(account: PrincipalFigures, paint: Paint): string[] {
  const { principal, others, owners, responses, fields, operations, refusals } = account;
  const { complete, cutOff, unfinished } = responses;
  const refused = Object.entries(refusals);
  return [
    paint('bold', `${principal.kind} ${principal.token ?? ''}`.trimEnd()),
    `  data of ${others} others (${owners} owners with itself), ${time(account.firstMs)} to ${time(account.lastMs)}`,
    `  responses: ${complete} complete, ${cutOff} cut off, ${unfinished} without a recorded end`,
    row('  field', 'allowed', 'forbidden', 'withheld', 'uncertain'),
    ...fields.map((field) => fieldRow(field, paint)),
    row('  operation', 'owners', 'responses'),
    ...operations.map(({ operation, server, owners: ownersOf, responses: sent }) =>
      row(`    ${operation} (${server})`, ownersOf, sent.complete + sent.cutOff + sent.unfinished),
    ),
    ...(refused.length > 0 ? [row('  refused', 'times')] : []),
    ...refused.map(([code, count]) => row(`    ${code}`, count)),
  ];
}

function fieldRow({ resource, field, ownerKind, ...counts }: FieldFigures, paint: Paint): string {
  const { seen, exposed, withheld, uncertain } = counts;
  const forbidden = exposed > 0 ? paint('red', String(exposed).padStart(10)) : exposed;
  return row(`    ${resource}.${field} of ${ownerKind}`, seen, forbidden, withheld, uncertain);
}

function row(first: string, ...rest: readonly (string | number)[]): string {
  return `${first.padEnd(44)}${rest.map((each) => String(each).padStart(10)).join('')}`;
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
