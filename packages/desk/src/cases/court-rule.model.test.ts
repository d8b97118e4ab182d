import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS } from '../clocks/calendar.ts';
import { clocksOf, courtOf } from '../clocks/clocks.ts';
import { DEFAULT_POLICY, type Policy } from '../clocks/policy.ts';
import { REGIMES } from '../clocks/regimes.ts';
import { tick, wakeOf } from '../clocks/tick.ts';
import { applyEvent, openCase } from './apply-event.ts';
import { type Case, isOpen, verdictOf } from './case.ts';
import { type Command, decide, decideReporter } from './decide.ts';
import type { CaseEvent, EventBody, Report } from './event.ts';
import { FACTS, RESOLUTIONS } from './states.ts';

/*
 * Every reachable state, by trying everything that can happen in each of them. States are equal here if they differ only in numbers
 * of days and in facts that no rule reads.
 */

const POLICY: Policy = DEFAULT_POLICY;
const START_MS = Date.parse('2021-01-20T15:00:00Z');

interface World {
  readonly desk: Case;
  readonly nowMs: number;
}
type Move = (world: World) => readonly CaseEvent[] | 'refused';

const staff = (command: Command | ((world: World) => Command)): Move => (world) =>
  attempt(() => decide(world.desk, typeof command === 'function' ? command(world) : command, POLICY), world, 'staff:ann');
const happens = (body: EventBody): Move => ({ nowMs }) => [{ atMs: nowMs, actor: 'desk', body }];

function attempt(body: () => EventBody, { nowMs }: World, actor: CaseEvent['actor']): readonly CaseEvent[] | 'refused' {
  try {
    return [{ atMs: nowMs, actor, body: body() }];
  } catch (error) {
    expect(error).toMatchObject({ code: 'LP-DESK-REFUSED' });
    return 'refused';
  }
}

const proof = { kind: 'proof', proof: 'p', format: 'leakproof', isRunnable: true, findings: [], note: '' } as const;
const retest = (verdict: 'reproduced' | 'half' | 'not reproduced' | 'inconclusive'): Move =>
  happens({ kind: 'retest', proof: 'p', trigger: 'deploy', verdict, why: '', requests: 1 });

const MOVES: Readonly<Record<string, Move>> = {
  'reporter writes': ({ nowMs }) => [{ atMs: nowMs, actor: 'reporter', body: { kind: 'reporter-message', text: '?' } }],
  'reporter accepts': (world) => attempt(() => decideReporter(world.desk, { do: 'accept-embargo' }), world, 'reporter'),
  'reporter rejects': (world) => attempt(() => decideReporter(world.desk, { do: 'reject-embargo' }), world, 'reporter'),
  'staff writes': staff({ do: 'write', text: 'a' }),
  'staff asks': staff({ do: 'write', text: 'a', isQuestion: true }),
  ...Object.fromEntries(
    (['valid', 'invalid', 'accepted', 'deferred'] as const).map((to) => [to, staff({ do: 'judge', to, reason: 'r' })]),
  ),
  ...Object.fromEntries(
    RESOLUTIONS.map((resolution) => [`closes: ${resolution}`, staff({ do: 'close', resolution, reason: 'r' })]),
  ),
  ...Object.fromEntries(FACTS.map((fact) => [fact, staff({ do: 'fact', fact, reason: 'r' })])),
  extends: staff(({ desk }) => ({ do: 'extend', untilMs: desk.arrivedMs + 120 * DAY_MS, reason: 'r' })),
  proposes: staff(({ desk }) => ({ do: 'propose-embargo', untilMs: desk.arrivedMs + 90 * DAY_MS, reason: 'r' })),
  'ends the embargo': staff({ do: 'end-embargo', reason: 'r' }),
  publishes: staff({ do: 'publish', advisory: 'A', reason: 'r' }),
  'fix with the upgrade': staff({
    do: 'prioritise',
    points: { isPubliclyExposed: false, isKnownExploited: false, isAutomatable: false, technicalImpact: 'partial' },
  }),
  'no breach': staff({ do: 'breach', isBreach: false, reason: 'r', people: 5, records: 5 }),
  breach: staff({ do: 'breach', isBreach: true, reason: 'r', people: 5, records: 5 }),
  notified: staff({ do: 'notified', regime: 'gdpr-33', reference: 'r' }),
  proof: happens(proof),
  reproduced: retest('reproduced'),
  half: retest('half'),
  'not reproduced': retest('not reproduced'),
  inconclusive: retest('inconclusive'),
  'more people': happens({ kind: 'count', people: 9, records: 9, classes: [], grade: 'observed', isComplete: true }),
  duplicate: happens({ kind: 'duplicate', of: 'other' }),
};

const withDesk = (world: World, desk: Case): World => ({ ...world, desk });

const received = (report: Partial<Report>): World => ({
  nowMs: START_MS,
  desk: openCase({ kind: 'received', channel: 'form', arrivedMs: START_MS, title: 't', text: 'x', ...report }, POLICY),
});

/** A state of the model: all that the rules read, with times only as "set or not" and clocks as "due or not". */
function keyOf({ desk, nowMs }: World): string {
  const levels = clocksOf(desk, POLICY).map(
    ({ id, dueMs }) => `${id.split('@')[0]}${dueMs <= nowMs ? '!' : ''}${Math.min(desk.missed.get(id) ?? 0, 1)}`,
  );
  return JSON.stringify([
    desk.report,
    desk.embargo,
    desk.unansweredSinceMs !== undefined,
    desk.waitingSinceMs !== undefined,
    desk.isHeard,
    desk.awareMs !== undefined,
    desk.breach?.isBreach ?? null,
    desk.counts !== undefined,
    desk.fixDays ?? null,
    desk.facts.has('fix-deployed'),
    desk.facts.has('fix-ready'),
    desk.facts.has('public') || desk.facts.has('exploit-public'),
    desk.duplicateOf !== undefined,
    desk.runnableProofs.size,
    verdictOf(desk) ?? null,
    levels.sort(),
  ]);
}

function checkWorld({ desk, nowMs }: World): void {
  const court = courtOf(desk, POLICY);
  const wakeMs = wakeOf(desk, POLICY);
  if (!isOpen(desk)) {
    expect(court).toBeUndefined();
    expect(desk.unansweredSinceMs).toBeUndefined();
    return;
  }
  if (!court || wakeMs === undefined) throw new Error(`No party or no time: ${JSON.stringify(desk)}`);
  expect(Number.isFinite(court.dueMs)).toBe(true);
  // The next step of time is never further away than the cap of a silence.
  expect(wakeMs - nowMs).toBeLessThanOrEqual(14 * DAY_MS);
  if (desk.unansweredSinceMs !== undefined) {
    expect(court.party).toBe('us');
    expect(court.dueMs).toBeLessThanOrEqual(desk.unansweredSinceMs + 7 * DAY_MS);
  }
  if (court.party === 'reporter') expect(desk.waitingSinceMs).toBeDefined();
}

/** Lets a case sleep until its next step of time, and takes it. */
function wake({ desk, nowMs }: World): World {
  const wakeMs = wakeOf(desk, POLICY);
  if (wakeMs === undefined) return { desk, nowMs: nowMs + 30 * DAY_MS };
  const at = Math.max(wakeMs, nowMs);
  const events = tick(desk, at, POLICY);
  expect(events.length).toBeGreaterThan(0);
  return { nowMs: at, desk: events.reduce((before, event) => applyEvent(before, event, POLICY), desk) };
}

function apply(world: World, move: Move): World | undefined {
  const events = move(world);
  if (events === 'refused') return undefined;
  return { nowMs: world.nowMs, desk: events.reduce((before, event) => applyEvent(before, event, POLICY), world.desk) };
}

/** What every group has: the turns, the states of the report, and time. */
const COMMON = ['reporter writes', 'staff writes', 'staff asks', 'valid', 'invalid', 'accepted', 'deferred', 'fix-ready', 'fix-deployed', 'closes: fixed'];

/** Moves that depend on each other. All states of all groups together are too many: the walks below mix them. */
const GROUPS = {
  embargo: ['extends', 'proposes', 'reporter accepts', 'reporter rejects', 'ends the embargo', 'public', 'publishes'],
  fix: ['proof', 'reproduced', 'half', 'not reproduced', 'inconclusive', 'fix-ready', 'fix-deployed', 'fix with the upgrade'],
  register: ['reproduced', 'no breach', 'breach', 'more people', 'notified', 'fix-ready', 'fix-deployed', 'closes: withdrawn'],
  closing: ['duplicate', 'attacks-seen', 'exploit-public', ...RESOLUTIONS.map((each) => `closes: ${each}`)],
} as const;

test.each(Object.entries(GROUPS))(
  'moves of %s: in every reachable state that is open one party has the turn, with a due time',
  (_group, own) => {
    const tried = new Set<string>([...COMMON, ...own]);
    const done = new Set<string>();
    const seen = new Set<string>();
    let transitions = 0;
    let frontier = [received({}), received({ isPublic: true }), received({ isEmbargoRefused: true })];
    while (frontier.length > 0) {
      const next: World[] = [];
      for (const world of frontier) {
        const reached = [...tried].map((name) => [name, apply(world, moveOf(name))] as const);
        for (const [name, after] of [...reached, ['time', wake(world)] as const]) {
          if (!after) continue;
          transitions++;
          done.add(name);
          const key = keyOf(after);
          if (seen.has(key)) continue;
          seen.add(key);
          checkWorld(after);
          next.push(after);
        }
      }
      frontier = next;
    }
    expect(seen.size).toBeGreaterThan(150);
    expect(transitions).toBeGreaterThan(2_000);
    // `vendor-aware` is known from the start; every other move was possible somewhere.
    expect([...done].toSorted()).toEqual([...tried, 'time'].toSorted());
  },
);

function moveOf(name: string): Move {
  const move = MOVES[name];
  if (!move) throw new Error(`There is no move ${name}.`);
  return move;
}

test('the groups have every move', () => {
  const all = new Set([...COMMON, ...Object.values(GROUPS).flat()]);
  expect(Object.keys(MOVES).filter((name) => !all.has(name))).toEqual(['vendor-aware']);
});

const moves = fc.array(
  fc.oneof(
    fc.record({ move: fc.constantFrom(...Object.keys(MOVES)) }),
    fc.record({ days: fc.constantFrom(0.1, 1, 3, 8, 15, 40, 100) }),
  ),
  { maxLength: 40 },
);

test('however events and times mix, the rule holds, steps are taken once and in order, and a reporter is never left for 14 days', () => {
  const policy: Policy = { ...POLICY, regimes: REGIMES };
  fc.assert(
    fc.property(moves, (list) => {
      let world = received({});
      const events: CaseEvent[] = [];
      const add = (more: readonly CaseEvent[]): void => {
        for (const event of more) {
          events.push(event);
          world = withDesk(world, applyEvent(world.desk, event, policy));
        }
      };
      for (const each of list) {
        if ('move' in each) {
          const happened = MOVES[each.move]?.(world);
          if (happened && happened !== 'refused') add(happened);
        } else {
          world = { ...world, nowMs: world.nowMs + each.days * DAY_MS };
          add(tick(world.desk, world.nowMs, policy));
          expect(tick(world.desk, world.nowMs, policy)).toEqual([]);
        }
        checkWorld(world);
        if (isOpen(world.desk) && world.desk.waitingSinceMs === undefined && world.nowMs - world.desk.heardMs > 14 * DAY_MS)
          expect(world.desk.missed.get(`hear@${world.desk.heardMs}`)).toBeGreaterThan(0);
      }
      const levels = events.flatMap(({ body }) => (body.kind === 'missed' ? [`${body.clock} ${body.level}`] : []));
      expect(new Set(levels).size).toBe(levels.length);
    }),
    { numRuns: 300 },
  );
});
