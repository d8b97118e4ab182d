import type { CaseRow, FileRow, NoticeRow, ProofRow } from '@leakproof/store';
import type { CaseEvent } from '../../cases/event.ts';
import { FACTS, REPORT_TRANSITIONS, RESOLUTIONS } from '../../cases/states.ts';
import { verdictOf } from '../../cases/case.ts';
import { clocksOf, courtOf } from '../../clocks/clocks.ts';
import { formatTime } from '../../clocks/calendar.ts';
import type { LoadedCase } from '../../service/change-case.ts';
import type { DeskContext } from '../../service/context.ts';
import { html, type Html } from '@leakproof/html';

const PARTIES: Readonly<Record<string, string>> = { us: 'ours', reporter: "the reporter's" };

/** Open cases, the next due first. */
export function listPage(rows: readonly CaseRow[], { policy, now }: DeskContext): Html {
  if (rows.length === 0) return html`<p>No case is open.</p>`;
  const nowMs = now();
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Due</th>
        <th scope="col">Turn</th>
        <th scope="col">Case</th>
        <th scope="col">Title</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(({ id, title, party, dueMs }) => {
        const isLate = dueMs !== null && dueMs < nowMs;
        return html`<tr>
          <td class="${isLate ? 'late' : ''}">
            ${dueMs === null ? '' : formatTime(policy.calendar, dueMs)}${isLate && ' – missed'}
          </td>
          <td>${PARTIES[party ?? ''] ?? ''}</td>
          <td><a href="/cases/${id}">${id}</a></td>
          <td>${title}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

export interface CasePageParts {
  readonly loaded: LoadedCase;
  readonly files: readonly Omit<FileRow, 'content'>[];
  readonly proofs: readonly ProofRow[];
  readonly notices: readonly NoticeRow[];
  readonly severity: Html | undefined;
}

/** One case: turn, clocks, timeline, and what may be done. */
export function staffCasePage({ loaded, files, proofs, notices, severity }: CasePageParts, context: DeskContext): Html {
  const { row, desk, events } = loaded;
  const { policy } = context;
  const time = (ms: number): string => formatTime(policy.calendar, ms);
  const court = courtOf(desk, policy);
  const nowMs = context.now();
  const owed = notices.filter(({ state }) => state === 'owed').length;
  return html`<p>${row.title}</p>
    <p class="turn">
      ${court ? `The turn is ${PARTIES[court.party]}, until ${time(court.dueMs)}: ${court.clock.title}.` : 'Closed.'}
    </p>
    <table>
      <tbody>
        <tr>
          <th scope="row">Report</th>
          <td>${desk.report}${desk.resolution !== undefined && ` (${desk.resolution})`}</td>
        </tr>
        <tr>
          <th scope="row">Embargo</th>
          <td>${desk.embargo}${desk.embargoUntilMs !== undefined && `, until ${time(desk.embargoUntilMs)}`}</td>
        </tr>
        <tr>
          <th scope="row">Known</th>
          <td>${[...desk.facts].join(', ')}</td>
        </tr>
        <tr>
          <th scope="row">Proof</th>
          <td>${verdictOf(desk) ?? 'none has run'}</td>
        </tr>
        <tr>
          <th scope="row">Priority</th>
          <td>${desk.priorityLabel ?? 'not decided'}</td>
        </tr>
        <tr>
          <th scope="row">Exposed</th>
          <td>
            ${desk.counts ? `${desk.counts.people} people × ${desk.counts.classes.join(', ')} (${desk.counts.grade}${desk.counts.isComplete ? '' : ', a lower bound'})` : 'not counted'}
          </td>
        </tr>
        ${
          severity &&
          html`<tr>
            <th scope="row">CVSS 4.0</th>
            <td>${severity}</td>
          </tr>`
        }
        <tr>
          <th scope="row">Breach</th>
          <td>
            ${desk.breach ? `${desk.breach.isBreach ? 'yes' : 'no'}: ${desk.breach.reason} (${desk.breach.person})` : 'not judged'}
          </td>
        </tr>
        <tr>
          <th scope="row">Assignee</th>
          <td>${desk.assignee ?? 'nobody'}</td>
        </tr>
        ${
          desk.duplicateOf !== undefined &&
          html`<tr>
            <th scope="row">Duplicate of</th>
            <td><a href="/cases/${desk.duplicateOf}">${desk.duplicateOf}</a></td>
          </tr>`
        }
        <tr>
          <th scope="row">People to be told</th>
          <td>
            <a href="/cases/${row.id}/notices"
              >${notices.length} (${owed} owed, ${notices.filter(({ state }) => state === 'bounced').length} bounced)</a
            >
          </td>
        </tr>
      </tbody>
    </table>
    <h2>Clocks</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Who</th>
          <th scope="col">Since</th>
          <th scope="col">Due</th>
          <th scope="col">Steps missed</th>
        </tr>
      </thead>
      <tbody>
        ${clocksOf(desk, policy).map(
          ({ id, title, party, startMs, dueMs }) =>
            html`<tr>
              <td>${title}</td>
              <td>${PARTIES[party]}</td>
              <td>${time(startMs)}</td>
              <td class="${dueMs < nowMs ? 'late' : ''}">${time(dueMs)}</td>
              <td>${desk.missed.get(id) ?? 0}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <h2>Timeline</h2>
    ${events.map((event) => entry(event, time))}
    <h2>Files and proofs</h2>
    <p class="hint">Files are what somebody sent: they may be hostile. They are downloaded, never shown.</p>
    <ul>
      ${files.map(({ id, name, sizeBytes }) => html`<li><a href="/files/${id}" download>${name}</a>, ${sizeBytes} bytes</li>`)}
      ${proofs.map(
        ({ format, runnable, body }) =>
          html`<li>
            Proof (${format}${runnable === 1 && ', can be run'})
            <details>
              <summary>Content, redacted</summary>
              <p class="text">${body.slice(0, 20_000)}</p>
            </details>
          </li>`,
      )}
    </ul>
    ${proofs.some(({ runnable }) => runnable === 1) && post(row.id, 'retest', html`<button>Run the proofs, on every server</button>`)}
    ${post(row.id, 'count', html`<button>Count exposed people</button>`)}
    <h2>Act</h2>
    ${actions(loaded, context)}
    <h2>Publish</h2>
    <p>
      ${['csaf.json', 'cyclonedx.json', 'cve.json', 'advisory.md'].map((name) => html`<a href="/cases/${row.id}/export/${name}">${name}</a> `)}
    </p>`;
}

function entry({ atMs, actor, body }: CaseEvent, time: (ms: number) => string): Html {
  const { kind, ...rest } = body;
  const { text, ...more } = rest as { readonly text?: string } & Readonly<Record<string, unknown>>;
  const details = Object.entries(more)
    .filter(([name]) => name !== 'title' || kind === 'received')
    .map(([name, value]) => `${name}: ${name.endsWith('Ms') ? time(Number(value)) : JSON.stringify(value)}`);
  return html`<article class="entry ${actor === 'reporter' ? 'you' : ''}">
    <h3>${kind}, ${actor.replace('staff:', '')}, ${time(atMs)}</h3>
    ${text !== undefined && html`<p class="text">${text}</p>`}
    <p class="hint text">${details.join('\n')}</p>
  </article>`;
}

function actions({ row, desk }: LoadedCase, { policy }: DeskContext): Html {
  const next = REPORT_TRANSITIONS[desk.report].filter((to) => to !== 'closed');
  const field = (name: string, label: string, type = 'text'): Html =>
    html`<label>${label} <input type="${type}" name="${name}" required maxlength="4000" /></label>`;
  const choice = (name: string, label: string, values: readonly string[]): Html =>
    html`<label
      >${label}
      <select name="${name}">
        ${values.map((value) => html`<option value="${value}">${value}</option>`)}
      </select></label
    >`;
  const check = (name: string, label: string): Html =>
    html`<p class="check">
      <label><input type="checkbox" name="${name}" value="yes" /> ${label}</label>
    </p>`;
  const act = (title: string, name: string, inner: Html): Html =>
    html`<details>
      <summary>${title}</summary>
      ${post(row.id, 'do', html`<input type="hidden" name="do" value="${name}" />${inner}<button>${title}</button>`)}
    </details>`;
  const reason = field('reason', 'Reason (the reporter reads it)');
  const inside = field('reason', 'Reason (for the register)');
  return html`${act('Write to the reporter', 'write', html`<label>Message <textarea name="text" required></textarea></label>${check('isQuestion', 'It is a question: the turn becomes theirs.')}`)}
    ${act('Add a note', 'note', html`<label>Note, for staff only <textarea name="text" required></textarea></label>`)}
    ${next.length > 0 && act('Judge the report', 'judge', html`${choice('to', 'It is', next)}${reason}`)}
    ${act('Assign', 'assign', field('to', 'To whom'))}
    ${act('Set the priority (SSVC)', 'prioritise', html`${check('isPubliclyExposed', 'Publicly exposed')}${check('isKnownExploited', 'Known to be exploited')}${check('isAutomatable', 'Automatable')}${choice('technicalImpact', 'Technical impact', ['partial', 'total'])}`)}
    ${act(
      'Add a fact',
      'fact',
      html`${choice(
        'fact',
        'Fact',
        FACTS.filter((fact) => !desk.facts.has(fact)),
      )}${reason}`,
    )}
    ${act('Judge the breach', 'breach', html`${choice('isBreach', 'It was a breach', ['yes', 'no'])}${field('people', 'People relied on', 'number')}${field('records', 'Records relied on', 'number')}${inside}`)}
    ${act(
      'A notice was given',
      'notified',
      html`${choice(
        'regime',
        'Duty',
        policy.regimes.map(({ id }) => id),
      )}${field('reference', 'Reference')}`,
    )}
    ${act('Extend the embargo', 'extend', html`${field('until', 'Until', 'datetime-local')}${reason}`)}
    ${act('Propose an embargo', 'propose-embargo', html`${field('until', 'Until', 'datetime-local')}${reason}`)}
    ${act('End the embargo', 'end-embargo', reason)}
    ${act('Publish', 'publish', html`${field('advisory', 'Advisory id')}${reason}`)}
    ${act('Close', 'close', html`${choice('resolution', 'Resolution', RESOLUTIONS)}${reason}`)}
    <details>
      <summary>Join to an older case</summary>
      ${post(row.id, 'join', html`${field('of', 'Case')}<button>Join</button>`)}
    </details>`;
}

function post(id: string, verb: string, inner: Html): Html {
  return html`<form method="post" action="/cases/${id}/${verb}" enctype="multipart/form-data">${inner}</form>`;
}

/** Who is to be told, who was, whose notice bounced. */
export function noticesPage(id: string, notices: readonly NoticeRow[], { policy }: DeskContext): Html {
  return html`<p>People are tokens of the ledger; the ledger's escrow turns them back into ids.</p>
    <table>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">State</th>
          <th scope="col">Since</th>
          <th scope="col">How</th>
        </tr>
      </thead>
      <tbody>
        ${notices.map(
          ({ person, state, atMs, how }) =>
            html`<tr>
              <td>${person}</td>
              <td>${state}</td>
              <td>${formatTime(policy.calendar, atMs)}</td>
              <td>${how ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${post(
      id,
      'notices',
      html`<label>Persons, one a line <textarea name="people" required></textarea></label>
        <label
          >State
          <select name="state">
            <option value="told">told</option>
            <option value="bounced">bounced</option>
            <option value="owed">owed</option>
          </select></label
        >
        <label>How <input type="text" name="how" maxlength="200" /></label><button>Record</button>`,
    )}`;
}
