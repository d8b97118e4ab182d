import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../clocks/calendar.ts';
import { Timeline } from '../testing/timeline.ts';

/*
 * The disclosure of 2021, day by day, with the clocks of the desk: a report on 20 January, thanks on the same day, a question on the
 * 22nd that nobody answered, a silent half of a fix on 2 February, the press on 5 May.
 */

const PROOF = { kind: 'proof', proof: 'p', format: 'leakproof', isRunnable: true, findings: ['f'], note: '' } as const;
const retest = (trigger: 'arrival' | 'deploy', verdict: 'reproduced' | 'half' | 'not reproduced') =>
  ({ kind: 'retest', proof: 'p', trigger, verdict, why: 'members still read every member', requests: 8 }) as const;

function reported(): Timeline {
  return new Timeline('2021-01-20T15:00:00Z', { title: 'Any caller reads any profile' })
    .happens(PROOF)
    .happens(retest('arrival', 'reproduced'))
    .staff({ do: 'write', text: 'Thank you: we are looking at it.' })
    .until('2021-01-22T15:00:00Z')
    .reporterWrites('Any news? I can help to reproduce it.');
}

/** As in 2021, nobody at the vendor says anything more. */
const silent = (): Timeline =>
  reported().until('2021-02-02T10:00:00Z').happens(retest('deploy', 'half')).reporterWrites('It is half fixed.').until('2021-05-06T00:00:00Z');

describe('the silence of 2021', () => {
  test("22 January's question has a due time, three business days on, and it is ours", () =>
    expect(reported().court).toBe('us until 2021-01-23T15:00: GDPR: supervisory authority'));

  test('it escalates to the assignee, the lead and the executive, before the silent deploy', () => {
    const { missed } = reported().until('2021-02-02T00:00:00Z');
    expect(missed.filter((each) => each.includes('A person answers'))).toEqual([
      '2021-01-27 assignee: A person answers',
      '2021-01-28 lead: A person answers',
      '2021-02-01 executive: A person answers',
    ]);
    expect(missed).toContain('2021-01-27 assignee: The report is judged valid or not');
  });

  test("2 February's deploy is half a fix: the case cannot be closed, whoever tries", () => {
    const half = reported().until('2021-02-02T10:00:00Z').happens(retest('deploy', 'half'));
    half.staff({ do: 'write', text: 'Fixed.' }).staff({ do: 'judge', to: 'valid', reason: 'seen' });
    half.staff({ do: 'judge', to: 'accepted', reason: 'seen' });
    half.staff({ do: 'fact', fact: 'fix-ready', reason: 'r' }).staff({ do: 'fact', fact: 'fix-deployed', reason: 'r' });
    for (const resolution of ['fixed', 'will not fix', 'withdrawn'] as const)
      expect(() => half.staff({ do: 'close', resolution, reason: 'done' })).toThrow('half fixed');
  });

  test('on every day until 5 May it is ours with a due time that has passed, and the executive hears of it each week', () => {
    const timeline = silent();
    expect(timeline.court).toMatch(/^us until 2021-01/);
    const weekly = timeline.events.filter(
      ({ body }) => body.kind === 'missed' && body.role === 'executive' && body.title === 'A person answers',
    );
    expect(weekly.length).toBeGreaterThanOrEqual(13);
  });

  test('the reporter is told of a missed step at least every 14 days, from the question to the press', () => {
    const told = silent().events.filter(
      ({ body }) => body.kind === 'missed' || body.kind === 'heads-up' || body.kind === 'retest' || body.kind === 'deadline-passed',
    );
    const times = [Date.parse('2021-01-22T15:00:00Z'), ...told.map(({ atMs }) => atMs)].sort((a, b) => a - b);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(14 * DAY_MS);
  });

  test('both parties are reminded on 13 April, and the missed deadline is public on 20 April: 5 May never comes', () => {
    const dates = silent().events.flatMap(({ atMs, body }) =>
      body.kind === 'heads-up' || body.kind === 'deadline-passed'
        ? [[body.kind, new Date(atMs).toISOString().slice(0, 10)]]
        : [],
    );
    expect(dates).toEqual([
      ['heads-up', '2021-04-13'],
      ['deadline-passed', '2021-04-20'],
    ]);
    expect(silent().desk.embargo).toBe('exited');
  });
});

test('answered as the desk asks, the same report is fixed, retested, judged for the register and published by day 35', () => {
  const timeline = reported()
    .staff({ do: 'notified', regime: 'gdpr-33', reference: 'first phase' })
    .until('2021-01-25T09:00:00Z')
    .staff({ do: 'write', text: 'We have reproduced it.' })
    .staff({ do: 'judge', to: 'valid', reason: 'reproduced' })
    .staff({ do: 'judge', to: 'accepted', reason: 'reproduced' })
    .staff({ do: 'prioritise', points: { isPubliclyExposed: true, isKnownExploited: false, isAutomatable: true, technicalImpact: 'partial' } });
  expect(timeline.court).toBe('us until 2021-02-08T09:00: A person writes to the reporter');
  timeline.until('2021-02-02T10:00:00Z').happens(retest('deploy', 'half'));
  timeline.staff({ do: 'write', text: 'The first fix was half of one.' });
  timeline.until('2021-02-07T10:00:00Z').happens(retest('deploy', 'not reproduced'));
  timeline.staff({ do: 'fact', fact: 'fix-ready', reason: 'r' }).staff({ do: 'fact', fact: 'fix-deployed', reason: 'r' });
  timeline.staff({ do: 'write', text: 'Fixed on every server. Do you agree?', isQuestion: true });
  expect(timeline.court).toBe('reporter until 2021-02-21T10:00: The reporter answers our question');
  timeline.until('2021-02-09T10:00:00Z').reporterWrites('I agree.').staff({ do: 'write', text: 'We publish on the 24th.' });
  expect(() => timeline.staff({ do: 'close', resolution: 'fixed', reason: 'done' })).toThrow('for the register');
  timeline.staff({ do: 'breach', isBreach: true, reason: 'anyone could read', people: 3_000_000, records: 9_000_000 });
  timeline.until('2021-02-20T10:00:00Z').staff({ do: 'publish', advisory: 'LP-1', reason: 'agreed' });
  timeline.staff({ do: 'close', resolution: 'fixed', reason: 'done' });
  expect([timeline.court, timeline.missed.filter((each) => !each.includes('judged'))]).toEqual(['closed', []]);
});
