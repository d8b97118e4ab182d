import { type Html, html } from '@leakproof/html';
import type { Attempt } from '../proof/compare.ts';
import type { Proof } from '../proof/proof.ts';
import type { Replay } from '../proof/replay.ts';
import { htmlPage } from './html-page.ts';
import { verdictCell } from './html-report.ts';

const SENTENCES: Readonly<Record<Replay['verdict'], string>> = {
  open: 'The leak is open',
  'half fixed': 'The leak is half fixed',
  closed: 'The leak is closed',
  'cannot tell': 'It cannot be told whether the leak is closed',
};

/** The report of a replay as one page: each attempt before and now. */
export function replayHtml({ finding }: Proof, replay: Replay): string {
  const { open, closed, lost, unsure } = replay;
  return htmlPage('Leakproof: replay', [
    html`<h1>${SENTENCES[replay.verdict]}</h1>
      <p><code>${finding.operation}</code>: ${finding.statement}</p>
      <p class="dim">${replay.reason ?? ''}</p>`,
    section('Still open', open),
    section('Closed', closed),
    section('Lost by those who are allowed it', lost),
    section('Unknown', unsure),
    html`<p class="dim">${replay.requests} requests in ${replay.seconds.toFixed(1)} s.</p>`,
  ]);
}

function section(title: string, attempts: readonly Attempt[]): Html {
  if (attempts.length === 0) return html``;
  return html`<h2>${title}</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Field</th>
            <th scope="col">Caller</th>
            <th scope="col">Owner</th>
            <th scope="col">Before</th>
            <th scope="col">Now</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${attempts.map(attemptRow)}
        </tbody>
      </table>
    </div>`;
}

function attemptRow({ operation, resource, field, attacker, owner, before, now, reason }: Attempt): Html {
  const nowCell = now === 'gone' ? html`<td class="dim">nobody gets it</td>` : verdictCell(now);
  return html`<tr>
    <th scope="row"><code>${operation}</code></th>
    <td><code>${resource}.${field}</code></td>
    <td>${attacker}</td>
    <td>${owner}</td>
    ${verdictCell(before)}${nowCell}
    <td>${reason ?? ''}</td>
  </tr>`;
}
