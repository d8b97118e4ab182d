import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { as, play, stage } from '../testing/play.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

type Options = Pick<NonNullable<Parameters<typeof stage>[0]>, 'limits' | 'recent'>;

function budgeted(max: number, steps: string, options: Options = {}) {
  const budget = `budgets: [ { per: principal, count: owners, within: 1h, max: ${max}, steps: ${steps} } ]\n`;
  return stage({ contract: SMALL_CONTRACT + budget, ...options });
}

const user = (id: string): string => `{"id":"${id}","is_private":false,"city":"C"}`;
type Guard = ReturnType<typeof stage>['guard'];

function reads(guard: Guard, id: string, by = '9') {
  return play(guard)
    .receives(`GET /users/${id}`, { principal: as(by) })
    .asksOrigin(`GET /users/${id}`)
    .originResponds(200, user(id));
}

function readsList(guard: Guard, ids: readonly string[]) {
  return play(guard)
    .receives('GET /users', { principal: as('9') })
    .asksOrigin('GET /users')
    .originResponds(200, `{"data":[${ids.map(user).join(',')}]}`);
}

describe('a budget of distinct owners', () => {
  test('allows a principal as many other owners as its max, and answers 429 from then on', () => {
    const { guard } = budgeted(2, '["429"]');
    reads(guard, '1').responds(200);
    reads(guard, '2').responds(200);
    reads(guard, '3')
      .withHeaders({ 'retry-after': '3600' })
      .responds(429, '{"type":"about:blank","title":"Too Many Requests","status":429}')
      .records({ type: 'refusal', code: 'LP-BUDGET-SPENT' })
      .ends();
  });

  test('counts neither an owner seen before nor the principal itself', () => {
    const { guard } = budgeted(1, '["429"]');
    reads(guard, '1').responds(200);
    reads(guard, '1').responds(200);
    reads(guard, '9').responds(200);
    reads(guard, '2').responds(429);
    reads(guard, '1').responds(200);
    reads(guard, '9').responds(200);
  });

  test('withholds the owners beyond its max within one response', () => {
    const { guard } = budgeted(2, '["429"]');
    readsList(guard, ['1', '2', '9', '3', '1'])
      .responds(200, `{"data":[${['1', '2', '9', '1'].map(user).join(',')}]}`)
      .facts(
        ...['1', '2', '1', '9'].map((id) => `person:${id} User city,id,is_private |  |`),
        'person:3 User  |  | city,id,is_private',
      );
  });

  test('is separate for each principal', () => {
    const { guard } = budgeted(1, '["429"]');
    reads(guard, '1').responds(200);
    reads(guard, '2', '8').responds(200);
  });

  test('is separate for each address of anonymous callers', () => {
    const { guard } = budgeted(1, '["429"]');
    const anonymous = (id: string, peer: string) =>
      play(guard).receives(`GET /users/${id}`, { peer }).asksOrigin(`GET /users/${id}`).originResponds(200, user(id));
    anonymous('1', '127.0.0.1').responds(200);
    anonymous('2', '127.0.0.1').responds(429);
    anonymous('2', '127.0.0.2').responds(200);
  });

  test('has a sliding window: an owner leaves it an hour after the last response', () => {
    const { guard, clock } = budgeted(1, '["429"]');
    reads(guard, '1').responds(200);
    clock.nowMs += 1_800_000;
    reads(guard, '1').responds(200);
    clock.nowMs += 1_800_000;
    reads(guard, '2').responds(429);
    clock.nowMs += 1_800_000;
    reads(guard, '2').responds(200);
  });

  test('freezes a principal after repeated refusals, for an hour', () => {
    const { guard, clock } = budgeted(1, '["429", freeze]', { limits: { freezeAfter: 2 } });
    reads(guard, '1').responds(200);
    reads(guard, '2').responds(429);
    reads(guard, '3').responds(429);
    play(guard)
      .receives('GET /users/9', { principal: as('9') })
      .responds(429)
      .records({ type: 'refusal', code: 'LP-BUDGET-FROZEN' })
      .ends();
    clock.nowMs += 3_600_000;
    reads(guard, '2').responds(200);
  });

  test('delays requests, then withholds what is not public, before it refuses', () => {
    const { guard } = budgeted(3, '[delay, public-only, "429"]');
    const bare = (id: string): string => `{"id":"${id}","is_private":false}`;
    const slowed = (id: string) =>
      play(guard)
        .receives(`GET /users/${id}`, { principal: as('9') })
        .waits(1_000)
        .asksOrigin(`GET /users/${id}`)
        .originResponds(200, user(id));
    reads(guard, '1').responds(200, user('1'));
    slowed('2').responds(200, user('2'));
    slowed('3').responds(200, bare('3'));
    slowed('9').responds(200, user('9'));
    slowed('4').responds(429);
  });

  test('continues after a restart with the counts of the log', () => {
    const first = budgeted(1, '["429"]');
    const recent = reads(first.guard, '1').responds(200).recorded();
    const { guard } = budgeted(1, '["429"]', { recent });
    reads(guard, '1').responds(200);
    reads(guard, '2').responds(429);
    reads(guard, '2', '8').responds(200);
  });

  test('is kept by those who have one when there is no room for more: others share one for each network', () => {
    const { guard } = budgeted(1, '["429"]', { limits: { maxPrincipals: 2 } });
    for (const by of ['100', '101']) reads(guard, '1', by).responds(200);
    reads(guard, '1', '102').responds(200);
    reads(guard, '2', '103').responds(429);
    for (const by of ['100', '101']) reads(guard, '2', by).responds(429);
    expect([guard.engine.budgets.principals, guard.engine.budgets.shared]).toEqual([2, 2]);
  });

  test('never allows a principal more other owners than its max in any window', () => {
    const step = fc.record({
      ids: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }),
      afterMs: fc.nat(2_000_000),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 12 }), (max, steps) => {
        const { guard, clock } = budgeted(max, '["429"]');
        const given: { owner: string; atMs: number }[] = [];
        for (const { ids, afterMs } of steps) {
          clock.nowMs += afterMs;
          for (const owner of receivedBy(guard, ids.map(String))) given.push({ owner, atMs: clock.nowMs });
          const within = given.filter(({ atMs }) => atMs > clock.nowMs - 3_600_000).map(({ owner }) => owner);
          expect(new Set(within).size).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** The owners in the response, without the principal. */
function receivedBy(guard: Guard, ids: readonly string[]): string[] {
  const { body } = readsList(guard, ids).response();
  return [...body.matchAll(/"id":"(\d+)"/g)].map(([, id = '']) => id).filter((id) => id !== '9');
}
