import { barChart, type Bar } from './bar-chart.ts';
import { escapeXml } from '@leakproof/html';
import { type AccountFigures, answers, isWhole } from './figures.ts';

export interface HtmlOptions {
  /** What was asked for, as sentences. */
  readonly question: readonly string[];
  readonly nowMs: number;
  /** Data class of a field, `User.age`; from the contract. */
  readonly classOf?: ((resource: string, field: string) => string | undefined) | undefined;
}

const MOST_ROWS = 12;

/** The account as one HTML page without scripts or links: at most two printed pages, three figures, and a statement of method. */
export function accountHtml(account: AccountFigures, { question, nowMs, classOf }: HtmlOptions): string {
  const { totals, days, principals, fields } = account;
  const people: Bar[] = days.map(({ day, owners }) => ({ label: day, value: owners }));
  const classes = new Map<string, number>();
  for (const { resource, field, released } of fields) {
    const name = classOf?.(resource, field) ?? `${resource}.${field}`;
    classes.set(name, Math.max(classes.get(name) ?? 0, released));
  }
  const ranked: Bar[] = principals.map(({ principal, others }) => ({
    label: `${principal.kind} ${principal.token ?? ''}`.trim(),
    value: others,
  }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Account: whose data went to whom</title><style>${STYLE}</style></head><body>
<h1>Whose data went to whom</h1>
<p class="about">${question.map(escapeXml).join(' ')} Made ${time(nowMs)} UTC.</p>
${state(account)}
<dl>
${tile('people', totals.others, 'distinct owners whose data went to somebody else')}
${tile('principals', account.principalCount, 'that received or asked for it')}
${tile('records', totals.records, 'a request, an owner and a set of fields each')}
${tile('fields', totals.fields, 'that were released or withheld')}
</dl>
<p>First ${totals.firstMs === undefined ? '–' : time(totals.firstMs)}, last ${totals.lastMs === undefined ? '–' : time(totals.lastMs)} (UTC).
Responses: ${count(totals.responses.complete)} complete, ${count(totals.responses.cutOff)} cut off, ${count(totals.responses.unfinished)} without a recorded end.</p>
<div class="figures">
${barChart('People by day', shorten(people), 'vertical')}
${barChart(classOf ? 'People by data class (largest field)' : 'People by field', top([...classes].map(([label, value]) => ({ label, value }))), 'horizontal')}
${barChart('Principals by people', top(ranked), 'horizontal')}
</div>
<h2>Fields</h2>
<table><thead><tr><th>field</th><th>of</th><th>allowed</th><th>forbidden</th><th>withheld</th><th>uncertain</th></tr></thead><tbody>
${[...fields]
  .sort((a, b) => b.exposed - a.exposed || b.seen - a.seen)
  .slice(0, MOST_ROWS)
  .map(
    (each) =>
      `<tr><td>${escapeXml(`${each.resource}.${each.field}`)}</td><td>${escapeXml(each.ownerKind)}</td><td>${count(each.seen)}</td><td class="${each.exposed > 0 ? 'bad' : ''}">${count(each.exposed)}</td><td>${count(each.withheld)}</td><td>${count(each.uncertain)}</td></tr>`,
  )
  .join('\n')}
</tbody></table>
${fields.length > MOST_ROWS ? `<p class="about">${fields.length - MOST_ROWS} more fields: see the JSON.</p>` : ''}
<h2>Not in these figures</h2>
${missing(account)}
<h2>Method</h2>
<p class="method">Every number is an exact count of records that the guard wrote before it released a response; nothing is estimated.
Recorded is not received: whatever was received was recorded, and <i>uncertain</i> counts people whose data was only in responses
without a recorded complete end. <i>Forbidden</i> means released although the contract forbids it. People are counted by a keyed
function of their id (8 bytes of HMAC-SHA-256): two of n people share a token with probability n² / 2⁶⁵. No value of a field is stored.
Times are those of the guard's clock.</p>
</body></html>
`;
}

function state(account: AccountFigures): string {
  if (!answers(account))
    return `<p class="warn">No account: ${account.isEmpty ? 'the log has no record' : `no record has the ${account.unmatched.join(' or ')} that was asked for`}.</p>`;
  if (account.bound !== undefined) return `<p class="warn">${escapeXml(account.bound)}</p>`;
  if (!isWhole(account)) return '<p class="warn">Lower bounds: part of what happened is in no figure (below).</p>';
  return '<p class="whole">Complete: everything that the guard recorded is in these figures.</p>';
}

function missing({ gapPeriods, unread, problems, leftOut }: AccountFigures): string {
  const items = [
    ...gapPeriods.map(
      ({ code, count: times, firstMs, lastMs }) =>
        `${count(times)} responses were not judged (${code}), ${time(firstMs)} to ${time(lastMs)}`,
    ),
    ...(unread.factsNotRecorded > 0 ? [`${count(unread.factsNotRecorded)} facts that the log could not record`] : []),
    ...(unread.damaged > 0 ? [`${count(unread.damaged)} damaged parts of the log`] : []),
    ...(unread.unknownRecords > 0 ? [`${count(unread.unknownRecords)} records of another version`] : []),
    ...problems.slice(0, 5).map(({ file, offset, why }) => `${file} at ${offset}: ${why}`),
    ...(leftOut > 0 ? [`${count(leftOut)} records of the reporter or the scanner, left out by mark`] : []),
  ];
  return items.length === 0
    ? '<p>Nothing.</p>'
    : `<ul>${items.map((item) => `<li>${escapeXml(item)}</li>`).join('')}</ul>`;
}

function tile(name: string, value: number, about: string): string {
  return `<div><dt>${name}</dt><dd>${count(value)}</dd><small>${about}</small></div>`;
}

function top(bars: readonly Bar[]): readonly Bar[] {
  return [...bars].sort((a, b) => b.value - a.value).slice(0, 10);
}

/** At most 62 bars: the last ones, because leaks are found late. */
function shorten(bars: readonly Bar[]): readonly Bar[] {
  return bars.slice(-62);
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

const STYLE = `body{font:14px/1.45 system-ui,sans-serif;color:#1a1f24;max-width:880px;margin:24px auto;padding:0 16px}
h1{font-size:24px;margin:0}h2{font-size:16px;margin:18px 0 6px}.about,small{color:#56606a}
dl{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:14px 0}dl div{border:1px solid #d5dae0;border-radius:6px;padding:8px 10px}
dt{color:#56606a}dd{margin:0;font-size:24px;font-weight:600}small{font-size:11px;display:block}
.figures{display:grid;grid-template-columns:1fr 1fr;gap:14px}figure{margin:0;border:1px solid #d5dae0;border-radius:6px;padding:8px 10px}
figure:first-child{grid-column:1/3}figcaption{font-weight:600;margin-bottom:4px}svg{width:100%;height:auto;display:block}
table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:3px 8px;border-bottom:1px solid #e3e7eb}
th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}td{font-variant-numeric:tabular-nums}.bad{color:#b3261e;font-weight:600}
.warn,.whole{padding:6px 10px;border-radius:6px;margin:10px 0}.warn{background:#fdecea;color:#7a1410}.whole{background:#e7f4ea;color:#14532d}
.method{font-size:12px}ul{margin:4px 0;padding-left:20px}@media print{body{margin:0;font-size:11px}figure,tr{break-inside:avoid}@page{size:A4;margin:14mm}}`;
