import { describe, expect, test } from 'vitest';
import { as, play, stage } from '../testing/play.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

/** Every byte is released as soon as possible. */
const limits = { maxWholeBytes: 0 };
const NDJSON = [['content-type', 'application/x-ndjson']] as const;
const EVENTS = [['content-type', 'text/event-stream']] as const;
const CONTRACT = SMALL_CONTRACT.replace('operations:', 'operations:\n  GET /notes: { by: member, returns: [ Note ] }');

function notes(more: Parameters<typeof stage>[0] = {}) {
  const { guard } = stage({ contract: CONTRACT, limits, ...more });
  return {
    guard,
    asked: (asking = {}) =>
      play(guard)
        .receives('GET /notes', { principal: as('7'), ...asking })
        .asksOrigin('GET /notes'),
  };
}

const note = (id: number, author = '7'): string => `{"id":"${id}","author":"${author}","text":"t"}`;

describe('a list that arrives in parts', () => {
  test('is released in parts, each after its facts are recorded', () => {
    const scene = notes()
      .asked()
      .originStarts(200)
      .originSends(`[${note(1)}`);
    scene.facts('person:7 Note author,id,text |  |');
    scene
      .releases(`[${note(1)}`, { status: 200 })
      .originSends(`,${note(2, '9')},${note(3)}`)
      .facts(
        'person:7 Note author,id,text |  |',
        'person:9 Note  |  | author,id,text',
        'person:7 Note author,id,text |  |',
      )
      .releases(`,${note(3)}`)
      .originSends(']')
      .originEnds()
      .releases(']')
      .finishes()
      .records({ type: 'access' }, { type: 'access' }, { type: 'end', ended: 'complete' })
      .ends();
  });

  test('that is short is released at once, with its length', () => {
    notes({ limits: {} })
      .asked()
      .originStarts(200)
      .originSends(`[${note(1)},`)
      .originSends(note(2))
      .originSends(']')
      .originEnds()
      .responds(200, `[${note(1)},${note(2)}]`)
      .records({ type: 'access' }, { type: 'end' })
      .ends();
  });

  test('is aborted where the log refuses, and no more of it is released', () => {
    const { guard, asked } = notes();
    asked()
      .originStarts(200)
      .originSends(`[${note(1)}`)
      .releases(`[${note(1)}`, { status: 200 })
      .withLogRefusing('LP-LOG-FULL')
      .originSends(`,${note(2)}`)
      .aborts()
      .ends();
    expect(guard.engine.counts).toMatchObject({ released: 1, brokenOff: 1 });
  });

  test('is released although the log refuses if the contract says so', () => {
    notes({ contract: `${CONTRACT}on: { no-ledger: pass }\n` })
      .asked()
      .originStarts(200)
      .withLogRefusing('LP-LOG-FULL')
      .originSends(`[${note(1)}`)
      .releases(`[${note(1)}`, { status: 200 });
  });

  test.each([
    [
      'its origin closes the connection',
      (scene: ReturnType<ReturnType<typeof notes>['asked']>) => scene.originAborts(),
    ],
    ['its JSON is invalid', (scene: ReturnType<ReturnType<typeof notes>['asked']>) => scene.originSends(',}')],
    ['it ends too early', (scene: ReturnType<ReturnType<typeof notes>['asked']>) => scene.originEnds()],
    [
      'an element is beyond the limit',
      (scene: ReturnType<ReturnType<typeof notes>['asked']>) => scene.originSends(`,{"id":"${'x'.repeat(2_000_000)}"}`),
    ],
  ])('is aborted where %s, and recorded as cut off', (_, fails) => {
    const scene = notes()
      .asked()
      .originStarts(200)
      .originSends(`[${note(1)}`)
      .releases(`[${note(1)}`, { status: 200 });
    fails(scene).aborts().records({ type: 'access' }, { type: 'end', ended: 'cut-off' }).ends();
  });

  test('of which nothing was released is answered 502 if its origin closes the connection', () => {
    notes({ limits: {} })
      .asked()
      .originStarts(200)
      .originSends(`[${note(1)}`)
      .originAborts()
      .responds(502)
      .records({ type: 'refusal', code: 'LP-ORIGIN-CUT-OFF' })
      .ends();
  });

  test('is not read further after the client has disconnected', () => {
    notes()
      .asked()
      .originStarts(200)
      .originSends(`[${note(1)}`)
      .releases(`[${note(1)}`, { status: 200, isGone: true })
      .aborts()
      .records({ type: 'access' }, { type: 'end', ended: 'cut-off' })
      .ends();
  });

  test('is paused, with its origin, for lookups', () => {
    const user = (id: string): string => `{"id":"${id}","username":"u","is_private":true,"city":"Oslo"}`;
    const about = { ask: 'follower', principal: { kind: 'member', id: '9', space: 'us' } };
    play(stage({ limits }).guard)
      .receives('GET /users', { principal: as('9') })
      .asksOrigin('GET /users')
      .originStarts(200)
      .originSends(`{"data":[${Array.from({ length: 64 }, (_, at) => user(`${at + 10}`)).join(',')},`)
      .looksUp({ ...about, owners: Array.from({ length: 64 }, (_, at) => `${at + 10}`) })
      .lookupsAnswer({ '10': true });
  });

  test('is buffered for HTTP/1.0, where a truncated response looks complete', () => {
    notes()
      .asked({ httpVersion: '1.0' })
      .originStarts(200)
      .originSends(`[${note(1)}`)
      .originSends(']')
      .originEnds()
      .responds(200, `[${note(1)}]`)
      .ends();
  });

  test('with an owner beyond a spent budget is answered 429, whatever comes before that owner', () => {
    const budget = 'budgets: [ { per: principal, count: owners, within: 1h, max: 1, steps: ["429"] } ]\n';
    const { guard } = stage({ contract: SMALL_CONTRACT + budget, limits });
    const user = (id: number): string => `{"id":"${id}","is_private":false,"city":"C"}`;
    const begins = (first: string) =>
      play(guard)
        .receives('GET /users', { principal: as('9') })
        .asksOrigin('GET /users')
        .originStarts(200)
        .originSends(first);
    begins(`{"data":[${user(1)}`)
      .releases(`{"data":[${user(1)}`, { status: 200 })
      .originSends(']}')
      .originEnds()
      .releases(']}')
      .finishes()
      .ends();
    begins(`{"data":[${user(1)},`)
      .originSends(user(2))
      .responds(429)
      .records({ type: 'refusal', code: 'LP-BUDGET-SPENT' })
      .ends();
    begins(`{"data":[${user(1)}`)
      .originSends(']}')
      .originEnds()
      .responds(200, `{"data":[${user(1)}]}`)
      .ends();
  });
});

describe('a stream of records', () => {
  test('is sealed line by line, each as soon as it has arrived', () => {
    notes({ limits: {} })
      .asked()
      .originStarts(200, NDJSON)
      .originSends(`${note(1)}\n`)
      .releases(`${note(1)}\n`, { status: 200 })
      .originSends(`${note(2, '9')}\n${note(3)}\n`)
      .releases(`${note(3)}\n`)
      .originEnds()
      .finishes()
      .records({ type: 'access' }, { type: 'access' }, { type: 'end', ended: 'complete' })
      .ends();
  });

  test('of events is sealed event by event, and a heartbeat is released', () => {
    notes({ limits: {} })
      .asked()
      .originStarts(200, EVENTS)
      .originSends(': heartbeat\n\n')
      .releases(':\n\n', { status: 200 })
      .originSends(`event: note\ndata: ${note(1)}\n\n`)
      .releases(`data: ${note(1)}\n\n`)
      .originSends(`data: ${note(2, '9')}\n\n`)
      .originSends(`data: ${note(3)}\n\n`)
      .releases(`data: ${note(3)}\n\n`)
      .originEnds()
      .finishes()
      .ends();
  });

  test('asks lookups again when their answers have expired', () => {
    const { guard, clock } = stage();
    const user = '{"id":"7","is_private":false,"email":"a@x.example"}\n';
    const asks = { ask: 'guardian', principal: { kind: 'member', id: '9', space: 'us' }, owners: ['7'] };
    const scene = play(guard)
      .receives('GET /users/7', { principal: as('9') })
      .asksOrigin('GET /users/7')
      .originStarts(200, NDJSON)
      .originSends(user)
      .looksUp(asks)
      .lookupsAnswer({ '7': { holds: true, expires_at: new Date(clock.nowMs + 60_000).toISOString() } })
      .releases(user, { status: 200 })
      .originSends(user)
      .releases(user);
    clock.nowMs += 61_000;
    scene.originSends(user).looksUp(asks).lookupsAnswer({ '7': false }).releases('{"id":"7","is_private":false}\n');
  });

  test('is refused from a GraphQL endpoint', () => {
    play(stage().guard)
      .receives('POST /graphql', { host: 'gql.test', principal: as('7'), body: '{"query":"{ user(id: 7) { city } }"}' })
      .asksOrigin('POST /graphql')
      .originStarts(200, EVENTS)
      .responds(502)
      .ends();
  });
});
