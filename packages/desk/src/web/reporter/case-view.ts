import type { Case } from '../../cases/case.ts';
import { type Clock, clocksOf } from '../../clocks/clocks.ts';
import { formatTime } from '../../clocks/calendar.ts';
import type { Policy } from '../../clocks/policy.ts';
import type { LoadedCase } from '../../service/change-case.ts';
import { threadOf, turnText } from '../../words/reporter-text.ts';
import { html, type Html } from '@leakproof/html';

/** The clocks that are the reporter's business. */
export function reporterClocks(desk: Case, policy: Policy): readonly Clock[] {
  return clocksOf(desk, policy).filter(({ isReporterTold }) => isReporterTold);
}

export function turnOf(desk: Case, policy: Policy): string {
  const clocks = reporterClocks(desk, policy);
  const party = desk.waitingSinceMs !== undefined && desk.unansweredSinceMs === undefined ? 'reporter' : 'us';
  const clock = clocks.find((each) => each.party === party);
  return turnText(desk, clock, policy.calendar);
}

function embargoText({ embargo, embargoUntilMs, deadlinePassedMs }: Case, { calendar }: Policy): string {
  if (deadlinePassedMs !== undefined)
    return 'The embargo has ended without a publication of ours. You are free to publish.';
  if ((embargo === 'active' || embargo === 'revise') && embargoUntilMs !== undefined)
    return `We ask you to keep the details to yourself until ${formatTime(calendar, embargoUntilMs)}.`;
  return 'There is no embargo.';
}

/** What the reporter's program reads. */
export function caseJson({ row, desk, events }: LoadedCase, policy: Policy): unknown {
  return {
    case: row.id,
    title: row.title,
    report: desk.report,
    embargo: desk.embargo,
    embargoUntil: desk.embargoUntilMs === undefined ? null : new Date(desk.embargoUntilMs).toISOString(),
    turn: turnOf(desk, policy),
    clocks: reporterClocks(desk, policy).map(({ title, party, dueMs }) => ({
      title,
      party,
      due: new Date(dueMs).toISOString(),
    })),
    thread: threadOf(events, policy.calendar).map(({ atMs, ...entry }) => ({
      at: new Date(atMs).toISOString(),
      ...entry,
    })),
  };
}

const FROM = { you: 'You', program: 'The program' } as const;

/** The thread page of a reporter. */
export function casePage({ row, desk, events }: LoadedCase, policy: Policy): Html {
  const clocks = reporterClocks(desk, policy);
  const isAsked = desk.embargo === 'revise' || desk.embargo === 'proposed';
  return html`<p>Case ${row.id}: ${row.title}</p>
    <p class="turn">${turnOf(desk, policy)}</p>
    <p>${embargoText(desk, policy)}</p>
    ${
      clocks.length > 0 &&
      html`<table>
        <caption>
          What is due
        </caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Who</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          ${clocks.map(
            ({ title, party, dueMs }) =>
              html`<tr>
                <td>${title}</td>
                <td>${party === 'us' ? 'We' : 'You'}</td>
                <td>${formatTime(policy.calendar, dueMs)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
    <h2>What happened</h2>
    ${threadOf(events, policy.calendar).map(
      ({ atMs, from, name, text }) =>
        html`<article class="entry ${from}">
          <h3>${from === 'person' ? (name ?? 'A person') : FROM[from]}, ${formatTime(policy.calendar, atMs)}</h3>
          <p class="text">${text}</p>
        </article>`,
    )}
    ${
      isAsked &&
      html`<form method="post" action="/thread/embargo">
        <h2>A new end of the embargo is proposed</h2>
        <button name="answer" value="accept-embargo">I agree</button>
        <button name="answer" value="reject-embargo">I do not agree</button>
      </form>`
    }
    <h2>Write</h2>
    <form method="post" action="/thread" enctype="multipart/form-data">
      <label for="text">Your message</label>
      <textarea id="text" name="text" required maxlength="65536"></textarea>
      <label for="files">Proof or files</label>
      <input type="file" id="files" name="files" multiple />
      <button type="submit">Send</button>
    </form>
    <form method="post" action="/leave"><button type="submit">Leave (your key stays valid)</button></form>`;
}
