import { type Html, html } from '@leakproof/html';
import type { Finding } from '../findings/finding.ts';
import type { CellVerdict } from '../ladder/cell.ts';
import { conclude } from '../run/conclusion.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { htmlPage } from './html-page.ts';
import { ladderTable } from './ladder-table.ts';
import { notTestedLines } from './not-tested-lines.ts';
import { undecidedLines } from './undecided-lines.ts';
import { UNDECIDED, VERDICT_LABELS } from './verdict-label.ts';
import { viewerText } from './viewer-text.ts';

/** The report of a scan as one page, which needs no network. It contains names of fields and identities, and no value. */
export function htmlReport(result: ScanResult): string {
  const proven = result.findings.filter(({ verdict }) => verdict === 'proven');
  const { requests, seconds, endpoints, nobodys } = result;
  return htmlPage('Leakproof: scan', [
    html`<h1>${headline(proven, result)}</h1>
      <p class="dim">${conclude(result).sentence}</p>`,
    listSection('Not tested', notTestedLines(result)),
    listSection('Different in the identities file and in the API', result.conflicts),
    matrixSection(result),
    proven.length === 0
      ? html``
      : html`<h2>Proven</h2>
          ${proven.map(findingArticle)}`,
    ...UNDECIDED.map(({ verdict, title }) => listSection(title, undecidedLines(result, verdict))),
    html`<p class="dim">
      ${endpoints} operations tried, ${nobodys} more return nobody’s data. ${requests} requests in ${seconds.toFixed(1)}
      s.
    </p>`,
  ]);
}

/** One sentence for those who read no further: who gets what of other people. */
function headline(proven: readonly Finding[], result: ScanResult): string {
  if (proven.length === 0)
    return conclude(result).exit === 0
      ? 'No leak in what was tested'
      : 'No leak was proven, and not everything was decided';
  const anyone = proven.filter(({ relation }) => relation === 'anyone');
  const others = proven.filter(({ relation }) => relation !== 'self');
  const widest = [anyone, others].find((each) => each.length > 0) ?? proven;
  const names = widest.flatMap(({ fields }) => fields.map((field) => field.slice(field.indexOf('.') + 1)));
  const told = [...new Set(names)].filter((name) => name !== 'id');
  const fields = told.length > 0 ? told : ['id'];
  const shown = fields.slice(0, MAX_FIELDS).join(', ');
  const rest = fields.length > MAX_FIELDS ? ` and ${fields.length - MAX_FIELDS} more fields` : '';
  if (widest === anyone) return `Anybody can read other people’s ${shown}${rest}, without a login`;
  if (widest === others) return `Other callers can read people’s ${shown}${rest}`;
  return `Callers get fields that are for nobody: ${shown}${rest}`;
}

const MAX_FIELDS = 5;

function findingArticle(finding: Finding): Html {
  const { severity, statement, remediation, operation, relation, servers, fields, check, references, records } =
    finding;
  const style = severity === 'critical' || severity === 'high' ? 'bad' : 'warn';
  return html`<article>
    <h3>
      <span class="tag ${style}">${severity}</span> <code>${operation}</code> to ${viewerText(relation)} at
      ${servers.join(', ')}
    </h3>
    <p>${statement}</p>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Its owner reads</th>
            <th scope="col">${relation} received</th>
            <th scope="col">Finding</th>
          </tr>
        </thead>
        <tbody>
          ${fields.map(
            (field, index) =>
              html`<tr>
                <th scope="row"><code>${field}</code></th>
                <td>••••••</td>
                <td><span class="tag bad">the same value</span></td>
                <td><code>${records[index]?.id ?? ''}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p><strong>To close it:</strong> ${remediation}</p>
    <p class="dim">${check}; ${references.join(', ')}</p>
  </article>`;
}

function listSection(title: string, lines: readonly string[]): Html {
  if (lines.length === 0) return html``;
  return html`<h2>${title}</h2>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function matrixSection({ cells }: ScanResult): Html {
  const { columns, rows } = ladderTable(cells);
  if (rows.length === 0) return html``;
  const titles = columns.map((column) => (column === 'anyone' ? 'anonymous' : column));
  return html`<h2>Who gets what</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            ${titles.map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ operation, verdicts }) =>
              html`<tr>
                <th scope="row"><code>${operation}</code></th>
                ${columns.map((column) => verdictCell(verdicts.get(column)))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

export function verdictCell(verdict: CellVerdict | undefined): Html {
  if (!verdict) return html`<td class="dim">not tried</td>`;
  const { text, tone } = VERDICT_LABELS[verdict];
  return html`<td><span class="tag ${tone}">${text}</span></td>`;
}
