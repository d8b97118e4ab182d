import { describe, expect, test } from 'vitest';
import { decideSsvc } from '../clocks/ssvc.ts';
import { DEFAULT_POLICY } from '../clocks/policy.ts';
import { REGIMES } from '../clocks/regimes.ts';
import { Timeline } from '../testing/timeline.ts';
import type { EventBody, RetestVerdict } from './event.ts';

const START = '2026-03-02T09:00:00Z';
const proof: EventBody = { kind: 'proof', proof: 'p', format: 'leakproof', isRunnable: true, findings: [], note: '' };
const retested = (verdict: RetestVerdict, id = 'p'): EventBody => ({
  kind: 'retest',
  proof: id,
  trigger: 'fixed',
  verdict,
  why: '',
  requests: 1,
});

function accepted(): Timeline {
  return new Timeline(START)
    .staff({ do: 'write', text: 'Thank you.' })
    .staff({ do: 'judge', to: 'valid', reason: 'r' })
    .staff({ do: 'judge', to: 'accepted', reason: 'r' });
}
const deployed = (): Timeline =>
  accepted().staff({ do: 'fact', fact: 'fix-ready', reason: 'r' }).staff({ do: 'fact', fact: 'fix-deployed', reason: 'r' });

describe('closing', () => {
  test.each([
    ['half', 'half fixed'],
    ['inconclusive', 'is inconclusive'],
    ['reproduced', 'is reproduced'],
  ] as const)('a case with a proof that is %s is not closed as fixed', (verdict, why) =>
    expect(() => deployed().happens(proof).happens(retested(verdict)).staff({ do: 'close', resolution: 'fixed', reason: 'r' })).toThrow(why));

  test('one proof that is not reproduced and another that is make a half fix', () => {
    const both = deployed().happens(proof).happens({ ...proof, proof: 'q' });
    both.happens(retested('not reproduced')).happens(retested('reproduced', 'q'));
    expect(() => both.staff({ do: 'close', resolution: 'fixed', reason: 'r' })).toThrow('half fixed');
  });

  test('a proof that was never retested after its arrival does not let the case close', () =>
    expect(() => deployed().happens(proof).staff({ do: 'close', resolution: 'fixed', reason: 'r' })).toThrow('not retested'));

  test('a proof of which only a part has run, on arrival, does not call the case fixed', () => {
    const arrived = deployed().happens(proof).happens({ ...retested('not reproduced'), trigger: 'arrival' } as EventBody);
    expect(() => arrived.staff({ do: 'close', resolution: 'fixed', reason: 'r' })).toThrow('retest it first');
  });

  test('not while the reporter waits for an answer, nor before a person has written', () => {
    expect(() => deployed().reporterWrites().staff({ do: 'close', resolution: 'fixed', reason: 'r' })).toThrow('no person has answered');
    const unheard = new Timeline(START).staff({ do: 'judge', to: 'invalid', reason: 'r' });
    expect(() => unheard.staff({ do: 'close', resolution: 'spam', reason: 'r' })).toThrow('no person has answered');
  });

  test('a message on a closed case reopens it, with a due time', () => {
    const closed = deployed().staff({ do: 'close', resolution: 'fixed', reason: 'r' });
    expect(closed.court).toBe('closed');
    expect(closed.until('2026-06-01T09:00:00Z').reporterWrites('It is back.').court).toBe('us until 2026-06-04T09:00: A person answers');
    expect(closed.desk.report).toBe('received');
  });

  test('a leak that comes back reopens the case that closed it', () => {
    const closed = deployed().happens(proof).happens(retested('not reproduced')).staff({ do: 'close', resolution: 'fixed', reason: 'r' });
    closed.until('2026-06-01T09:00:00Z').happens(retested('inconclusive'));
    expect(closed.court).toBe('closed');
    expect(closed.happens(retested('reproduced')).desk.report).toBe('accepted');
  });
});

describe('the register', () => {
  const noBreach = { do: 'breach', isBreach: false, reason: 'only our own test accounts', people: 4, records: 9 } as const;
  const count = (people: number, records: number): EventBody => ({
    kind: 'count',
    people,
    records,
    classes: [],
    grade: 'observed',
    isComplete: true,
  });

  test.each([
    [4, 9, true],
    [5, 9, false],
    [4, 10, false],
  ])('a judgement of no breach over 4 people and 9 records, then %i and %i counted: it holds is %s', (people, records, holds) => {
    const judged = deployed().staff(noBreach).staff({ do: 'close', resolution: 'fixed', reason: 'r' });
    judged.happens(count(people, records));
    expect([judged.desk.breach === undefined, judged.court === 'closed']).toEqual([!holds, holds]);
  });

  test('the duties of every configured law run from awareness, and end with the notice or the judgement', () => {
    const policy = { ...DEFAULT_POLICY, regimes: REGIMES };
    const aware = new Timeline(START, {}, policy).happens(proof).happens(retested('reproduced'));
    expect(aware.court).toBe('us until 2026-03-03T09:00: NIS2: early warning');
    aware.staff({ do: 'notified', regime: 'nis2-24h', reference: 'ref' });
    expect(aware.court).toContain('2026-03-05T09:00');
    aware.staff(noBreach);
    expect(aware.court).toContain('A person answers');
    expect(() => aware.staff({ do: 'notified', regime: 'moon', reference: '' })).toThrow('No duty moon');
  });
});

describe('the embargo', () => {
  const untilMs = Date.parse(START) + 120 * 86_400_000;
  test('is extended by both parties, to 120 days at most', () => {
    const timeline = accepted();
    expect(() => timeline.staff({ do: 'extend', untilMs: untilMs + 1, reason: 'r' })).toThrow('at the latest 120 days');
    timeline.staff({ do: 'extend', untilMs, reason: 'one server is left' });
    expect([timeline.desk.embargo, timeline.court.slice(0, 8)]).toEqual(['revise', 'reporter']);
    expect(timeline.desk.embargoUntilMs).toBe(Date.parse(START) + 90 * 86_400_000);
    timeline.reporterAnswers({ do: 'accept-embargo' });
    expect([timeline.desk.embargo, timeline.desk.embargoUntilMs, timeline.court.slice(0, 2)]).toEqual(['active', untilMs, 'us']);
  });

  test('a rejected or unanswered extension leaves the end where it was', () => {
    const rejected = accepted().staff({ do: 'extend', untilMs, reason: 'r' }).reporterAnswers({ do: 'reject-embargo' });
    expect([rejected.desk.embargo, rejected.desk.embargoUntilMs]).toEqual(['active', Date.parse(START) + 90 * 86_400_000]);
    const silent = accepted().staff({ do: 'extend', untilMs, reason: 'r' }).until('2026-06-01T00:00:00Z');
    expect(silent.desk.deadlinePassedMs).toBe(Date.parse(START) + 90 * 86_400_000);
  });

  test('ends at once when the flaw or an exploit is public, and never begins if it is', () => {
    expect(accepted().staff({ do: 'fact', fact: 'public', reason: 'a paper' }).desk.embargo).toBe('exited');
    const open = new Timeline(START, { isPublic: true });
    expect(open.desk.embargo).toBe('none');
    expect(() => open.staff({ do: 'propose-embargo', untilMs, reason: 'r' })).toThrow('nothing left to protect');
  });

  test('nothing is published while it is active and the leak is open', () =>
    expect(() => accepted().staff({ do: 'publish', advisory: 'A', reason: 'r' })).toThrow('embargo is active'));
});

test('a question pauses our clocks for 14 days at most; then it is ours again', () => {
  const asked = accepted().until('2026-03-04T09:00:00Z').staff({ do: 'write', text: 'Which account?', isQuestion: true });
  expect(asked.court).toBe('reporter until 2026-03-18T09:00: The reporter answers our question');
  asked.until('2026-03-19T09:00:00Z');
  expect(asked.court).toBe('us until 2026-03-18T09:00: A person writes to the reporter');
  expect(asked.desk.pausedMs).toBe(14 * 86_400_000);
});

// Known exploited, exposed, automatable, impact: the 16 rows of BOD 26-04.
test.each([
  ['no no no partial', 'with the next upgrade'],
  ['yes no no partial', '14 days'],
  ['no yes no partial', '60 days'],
  ['no no yes partial', '60 days'],
  ['no no no total', 'with the next upgrade'],
  ['yes yes no partial', '14 days'],
  ['yes no yes partial', '14 days'],
  ['no yes yes partial', '14 days'],
  ['yes no no total', '14 days'],
  ['no yes no total', '14 days'],
  ['no no yes total', '60 days'],
  ['yes yes yes partial', '3 days'],
  ['yes yes no total', '3 days, with a forensic investigation'],
  ['yes no yes total', '3 days, with a forensic investigation'],
  ['no yes yes total', '3 days'],
  ['yes yes yes total', '3 days, with a forensic investigation'],
])('%s is to be fixed: %s', (row, label) => {
  const [exploited, exposed, automatable, technicalImpact] = row.split(' ');
  const points = {
    isKnownExploited: exploited === 'yes',
    isPubliclyExposed: exposed === 'yes',
    isAutomatable: automatable === 'yes',
    technicalImpact: technicalImpact === 'total' ? 'total' : 'partial',
  } as const;
  expect(decideSsvc(points).label).toBe(label);
});
