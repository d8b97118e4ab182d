import { type Account, type FieldAccount, type FilterName, isComplete, type PrincipalAccount } from './account.ts';

/** Styles a text for its output, or returns it as it is. */
export type Paint = (style: 'bold' | 'red', text: string) => string;

/** An account as text: a table for each principal, then what is in none of the figures. */
export function accountTable(account: Account, paint: Paint): string {
  const { principals, firstMs, lastMs } = account;
  const period = firstMs === undefined ? 'no records' : `${time(firstMs)} to ${time(lastMs ?? 0)}`;
  const lines = [`${paint('bold', 'Whose data went to whom')}  ${period}`, ''];
  if (account.isEmpty) lines.push(paint('red', 'The log has no record: nothing can be said.'), '');
  else if (account.unmatched.length > 0) lines.push(...unmatchedLines(account, paint), '');
  else if (principals.length === 0) lines.push('No record of the log matches.', '');
  for (const each of principals) lines.push(...principalLines(each, paint), '');
  if (!isComplete(account)) lines.push(...missingLines(account, paint), '');
  return `${lines.join('\n')}\n`;
}

const NO_RECORD: Readonly<Record<FilterName, string>> = {
  principal:
    'No record of the log has this principal. Principals are tokens: without --principal, all of them are listed.',
  field: 'No record of the log has this field; it is written User.age, or age.',
  operation: 'No record of the log has this operation.',
  server: 'No record of the log has this server.',
};

function unmatchedLines({ unmatched }: Account, paint: Paint): string[] {
  return unmatched.map((name) => paint('red', NO_RECORD[name]));
}

function missingLines({ gaps, unread }: Account, paint: Paint): string[] {
  return [
    paint('bold', 'Not in these figures'),
    ...Object.entries(gaps).map(([code, count]) => row(`  responses not judged: ${code}`, count)),
    row('  facts that the log could not record', unread.factsNotRecorded),
    row('  damaged parts of the log', unread.damaged),
    row('  records of another version', unread.unknownRecords),
  ];
}

function principalLines(account: PrincipalAccount, paint: Paint): string[] {
  const { principal, others, owners, responses, fields, operations, refusals } = account;
  const { complete, cutOff, unfinished } = responses;
  const refused = Object.entries(refusals);
  return [
    paint('bold', `${principal.kind} ${principal.token ?? ''}`.trimEnd()),
    `  data of ${others.size} others (${owners.size} owners with itself), ${time(account.firstMs)} to ${time(account.lastMs)}`,
    `  responses: ${complete} complete, ${cutOff} cut off, ${unfinished} without a recorded end`,
    row('  field', 'allowed', 'forbidden', 'withheld', 'uncertain'),
    ...fields.map((field) => fieldRow(field, paint)),
    row('  operation', 'owners', 'responses'),
    ...operations.map(({ operation, server, owners: ownersOf, responses: sent }) =>
      row(`    ${operation} (${server})`, ownersOf.size, sent.complete + sent.cutOff + sent.unfinished),
    ),
    ...(refused.length > 0 ? [row('  refused', 'times')] : []),
    ...refused.map(([code, count]) => row(`    ${code}`, count)),
  ];
}

function fieldRow({ resource, field, ownerKind, ...sets }: FieldAccount, paint: Paint): string {
  const { seen, exposed, withheld, uncertain } = sets;
  const forbidden = exposed.size > 0 ? paint('red', String(exposed.size).padStart(10)) : exposed.size;
  return row(`    ${resource}.${field} of ${ownerKind}`, seen.size, forbidden, withheld.size, uncertain.size);
}

function row(first: string, ...rest: readonly (string | number)[]): string {
  return `${first.padEnd(44)}${rest.map((each) => String(each).padStart(10)).join('')}`;
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
