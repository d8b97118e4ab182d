import { expect, test } from 'vitest';
import { as, play, stage } from '../testing/play.ts';

const sam = { kind: 'member', id: '9', space: 'us' };
const PAGE = `{"data":[${['1', '2', '3'].map((id) => `{"id":"${id}","city":"C${id}","is_private":true}`).join(',')}]}`;
const guards = { ask: 'guardian', principal: sam, owners: ['7'] };

test('the relations and states that a list needs are asked in bulk, by one lookup for each', () => {
  play(stage().guard)
    .receives('GET /users', { principal: as('9') })
    .asksOrigin('GET /users')
    .originResponds(200, PAGE)
    .looksUp({ ask: 'follower', principal: sam, owners: ['1', '2', '3'] })
    .lookupsAnswer({ '1': true, '2': false })
    .responds(
      200,
      '{"data":[{"id":"1","city":"C1","is_private":true},{"id":"2","is_private":true},{"id":"3","is_private":true}]}',
    );
});

test('answers are cached as long as the contract says, and verdicts are not cached', () => {
  const { guard, clock } = stage();
  const readsFriend = () =>
    play(guard)
      .receives('GET /users/1', { principal: as('9') })
      .asksOrigin('GET /users/1');
  const friend = '{"id":"1","city":"C1","is_private":true}';
  const asks = { ask: 'follower', principal: sam, owners: ['1'] };
  readsFriend().originResponds(200, friend).looksUp(asks).lookupsAnswer({ '1': true }).responds(200, friend);
  clock.nowMs += 4_999;
  readsFriend().originResponds(200, friend).responds(200, friend);
  clock.nowMs += 1;
  readsFriend()
    .originResponds(200, friend)
    .looksUp(asks)
    .lookupsAnswer({ '1': false })
    .responds(200, '{"id":"1","is_private":true}');
});

test('answers about one principal are not used for another', () => {
  const { guard } = stage();
  const friend = '{"id":"1","city":"C1","is_private":true}';
  play(guard)
    .receives('GET /users/1', { principal: as('9') })
    .asksOrigin('GET /users/1')
    .originResponds(200, friend)
    .looksUp({ ask: 'follower', principal: sam, owners: ['1'] })
    .lookupsAnswer({ '1': true })
    .responds(200, friend);
  play(guard)
    .receives('GET /users/1', { principal: as('8') })
    .asksOrigin('GET /users/1')
    .originResponds(200, friend)
    .looksUp({ ask: 'follower', principal: { ...sam, id: '8' }, owners: ['1'] })
    .lookupsAnswer({ '1': false })
    .responds(200, '{"id":"1","is_private":true}');
});

test.each([
  ['is missing', undefined],
  ['is no JSON', 'true'],
  ['is cut off', '{"answers":{"1":tr'],
  ['repeats a key', '{"answers":{"1":true,"1":true}}'],
  ['is a string', { '1': 'yes' }],
  ['is a number', { '1': 1 }],
  ['names another owner', { '2': true }],
  ['is an array', '[true]'],
  ['names a prototype', '{"answers":{"__proto__":true}}'],
])('an answer that %s grants no relation', (_, answer) => {
  play(stage().guard)
    .receives('GET /users/1', { principal: as('9') })
    .asksOrigin('GET /users/1')
    .originResponds(200, '{"id":"1","city":"C1","is_private":true}')
    .looksUp({ ask: 'follower', principal: sam, owners: ['1'] })
    .lookupsAnswer(answer)
    .responds(200, '{"id":"1","is_private":true}');
});

test('a state without an answer counts as holding', () => {
  const user = '{"id":"1","city":"C1"}';
  play(stage().guard)
    .receives('GET /users/1', { principal: as('9') })
    .asksOrigin('GET /users/1')
    .originResponds(200, user)
    .looksUp({ ask: 'private', owners: ['1'] }, { ask: 'follower', principal: sam, owners: ['1'] })
    .lookupsAnswer(undefined, { '1': false })
    .responds(200, '{"id":"1"}');
});

test('a relation with an end holds until the time that the answer names', () => {
  const { guard, clock } = stage();
  const child = '{"id":"7","is_private":false,"email":"c@x.example"}';
  const reads = () =>
    play(guard)
      .receives('GET /users/7', { principal: as('9') })
      .asksOrigin('GET /users/7')
      .originResponds(200, child);
  const ends = new Date(clock.nowMs + 10_000).toISOString();
  reads()
    .looksUp(guards)
    .lookupsAnswer({ '7': { holds: true, expires_at: ends } })
    .responds(200, child);
  clock.nowMs += 9_999;
  reads().responds(200, child);
  clock.nowMs += 1;
  const without = '{"id":"7","is_private":false}';
  reads()
    .looksUp(guards)
    .lookupsAnswer({ '7': { holds: true, expires_at: ends } })
    .responds(200, without);
});

test.each([undefined, 'soon', 1e15, null, '2099-01-01'])('a relation that ends at %j does not hold', (expires_at) => {
  play(stage().guard)
    .receives('GET /users/7', { principal: as('9') })
    .asksOrigin('GET /users/7')
    .originResponds(200, '{"id":"7","is_private":false,"email":"c@x.example"}')
    .looksUp(guards)
    .lookupsAnswer({ '7': { holds: true, expires_at } })
    .responds(200, '{"id":"7","is_private":false}');
});

test('more owners than one lookup may have are asked in several', () => {
  const { guard } = stage({ limits: { maxOwnersPerLookup: 2 } });
  play(guard)
    .receives('GET /users', { principal: as('9') })
    .asksOrigin('GET /users')
    .originResponds(200, PAGE)
    .looksUp(
      { ask: 'follower', principal: sam, owners: ['1', '2'] },
      { ask: 'follower', principal: sam, owners: ['3'] },
    );
});

test('the cache of answers is bounded', () => {
  const { guard } = stage({ limits: { maxCachedAnswers: 2 } });
  play(guard)
    .receives('GET /users', { principal: as('9') })
    .asksOrigin('GET /users')
    .originResponds(200, PAGE)
    .looksUp({ ask: 'follower', principal: sam, owners: ['1', '2', '3'] })
    .lookupsAnswer({ '1': true, '2': true, '3': true });
  expect(guard.engine.lookupCache.size).toBe(2);
});
