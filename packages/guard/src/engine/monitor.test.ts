import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { as, play, stage } from '../testing/play.ts';
import { incoming, runRequest } from '../testing/run-request.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

const ALICE = '{"id":"7","is_private":false,"city":"Oslo","email":"a@x.example"}';
const monitored = () => stage({ mode: 'monitor' }).guard;
const asksGuardian = { ask: 'guardian', principal: { kind: 'member', id: '9', space: 'us' }, owners: ['7'] };

describe('in monitor', () => {
  test('a request is forwarded before anything else, and its response is recorded', () => {
    play(monitored())
      .receives('GET /users/7', { principal: as('9') })
      .passes(200, ALICE)
      .looksUp(asksGuardian)
      .lookupsAnswer({ '7': false })
      .facts('person:7 User city,id,is_private | email |')
      .records({ type: 'access', mode: 'monitor' }, { type: 'end', ended: 'complete' })
      .ends();
  });

  test('everything in the response to a request that the contract does not admit is exposed', () => {
    play(monitored())
      .receives('GET /notes/1', {})
      .passes(200, '{"id":"1","author":"7","text":"secret"}')
      .facts('person:7 Note  | author,id,text |')
      .ends();
  });

  test('a response that does not match the contract’s shape is a gap: its owners are unknown', () => {
    play(monitored())
      .receives('GET /notes/1', {})
      .passes(200, '[{"id":"1","author":"7"}]')
      .records({ type: 'gap', code: 'LP-BODY-MISSHAPEN' }, { type: 'access' }, { type: 'end' })
      .ends();
  });

  test('a GraphQL response without the owner is a gap: no fields are added to the query', () => {
    play(monitored())
      .receives('POST /graphql', { host: 'gql.test' })
      .passes(200, '{"data":{"user":{"city":"Oslo"}}}', { requestBody: '{"query":"{ user(id: 7) { city } }"}' })
      .records({ type: 'gap', code: 'LP-OWNER-UNKNOWN' }, { type: 'access' }, { type: 'end' })
      .ends();
  });

  test.each([
    ['application/x-ndjson', ['{"id":"7","email":"a"}\n', '{"id":"8","is_private":false,', '"email":"b"}\n']],
    [
      'text/event-stream',
      ['data: {"id":"7","email":"a"}\n\n', 'data: {"id":"8","is_private":false,', '"email":"b"}\n\n'],
    ],
  ])('a stream of %s is judged record by record, as it is forwarded', (type, [first = '', second = '', third = '']) => {
    play(monitored())
      .receives('GET /users/7', { principal: as('9') })
      .startsToPass([['content-type', type]])
      .originSends(first)
      .looksUp(asksGuardian)
      .lookupsAnswer({ '7': false })
      .facts('person:7 User id | email |')
      .originSends(second)
      .facts('person:7 User id | email |')
      .originSends(third)
      .looksUp({ ...asksGuardian, owners: ['8'] })
      .lookupsAnswer({ '8': { holds: true, expires_at: '2099-01-01T00:00:00Z' } })
      .facts('person:7 User id | email |', 'person:8 User email,id,is_private |  |')
      .originEnds()
      .records({ type: 'access' }, { type: 'access' }, { type: 'end', ended: 'complete' })
      .ends();
  });

  test('what was judged before a fault of the body is recorded, and then the gap', () => {
    play(monitored())
      .receives('GET /rides')
      .passes(200, '[{"id":1,"name":"a"},}')
      .records({ type: 'gap', code: 'LP-JSON-INVALID' })
      .ends();
    play(monitored())
      .receives('GET /users', { principal: as('9') })
      .startsToPass()
      .originSends('{"data":[{"id":"7","password":"p"},')
      .originSends('}')
      .facts('person:7 User id | password |')
      .records({ type: 'access' }, { type: 'gap', code: 'LP-JSON-INVALID' }, { type: 'end' })
      .ends();
  });

  test('where the copy ends early the elements so far are recorded, and then the gap', () => {
    play(monitored())
      .receives('GET /users', { principal: as('9') })
      .startsToPass()
      .originSends('{"data":[{"id":"7","is_private":false,"email":"a"},{"id":"8"')
      .originAborts('LP-BACKLOG-FULL')
      .looksUp(asksGuardian)
      .lookupsAnswer({ '7': { holds: true, expires_at: '2099-01-01T00:00:00Z' } })
      .facts('person:7 User email,id,is_private |  |')
      .records({ type: 'access' }, { type: 'gap', code: 'LP-BACKLOG-FULL' }, { type: 'end' })
      .ends();
  });

  test('a stream that is broken off between two records leaves no gap, and within one it does', () => {
    const stream = (text: string) =>
      play(monitored())
        .receives('GET /rides')
        .startsToPass([['content-type', 'application/x-ndjson']])
        .originSends(text)
        .originAborts();
    stream('{"id":1}\n').records({ type: 'access' }, { type: 'end' }).ends();
    stream('{"id":1}\n{"id"').records({ type: 'gap', code: 'LP-ORIGIN-CUT-OFF' }).ends();
  });

  test('a response without a byte of body is no gap, whatever its status', () => {
    for (const status of [200, 204, 304, 404])
      play(monitored()).receives('HEAD /users/7').passes(status, '').records().ends();
  });

  test.each([
    ['GET /undeclared', {}, 200, '{}', 'LP-OPERATION-UNDECLARED'],
    ['GET /users/7', {}, 200, '{"id":', 'LP-JSON-INVALID'],
    ['GET /users/7', {}, 500, 'stack trace', 'LP-ORIGIN-ERROR'],
    ['GET /users/7', { invalid: 'LP-CREDENTIAL-INVALID' }, 200, ALICE, 'LP-CREDENTIAL-INVALID'],
    ['GET /users/7', { headers: [['host', 'b']] }, 200, ALICE, 'LP-REQUEST-FRAMING'],
    ['GET /users/7', {}, 206, ALICE, 'LP-RESPONSE-UNREADABLE'],
    // oxlint-disable-next-line max-params -- a row of the table
  ] as const)('%s %j with the response %i %s is forwarded, and is a gap', (line, asking, status, body, code) => {
    const guard = monitored();
    play(guard).receives(line, asking).passes(status, body).records({ type: 'gap', code }).ends();
    expect(guard.engine.counts).toMatchObject({ passed: 1, gaps: 1, refused: 0 });
  });

  test('a log that refuses changes nothing, and is counted', () => {
    const guard = monitored();
    play(guard)
      .withLogRefusing('LP-LOG-FULL')
      .receives('GET /users/7', { principal: as('7') })
      .passes(200, ALICE)
      .ends();
    expect(guard.engine.counts.unrecorded).toBe(2);
  });

  test('a budget counts and withholds nothing', () => {
    const budgets = 'budgets: [ { per: principal, count: owners, within: 1h, max: 1, steps: ["429"] } ]\n';
    const { guard } = stage({ mode: 'monitor', contract: SMALL_CONTRACT + budgets });
    for (const id of ['1', '2', '3'])
      play(guard)
        .receives(`GET /users/${id}`)
        .passes(200, `{"id":"${id}","is_private":false}`)
        .facts(`person:${id} User id,is_private |  |`)
        .ends();
  });

  test('only hop-by-hop headers are removed from a request', () => {
    play(monitored())
      .receives('GET /rides', {
        headers: [
          ['range', 'bytes=0-1'],
          ['x-original-url', '/a'],
          ['te', 'trailers'],
        ],
      })
      .passesWith(['host', 'range', 'x-original-url'])
      .passes(200, '[]');
  });

  test('an operation with its own mode is monitored where the contract enforces', () => {
    play(stage().guard)
      .receives('GET /watched/7', { principal: as('7') })
      .passes(200, ALICE)
      .ends();
  });
});

describe('an undeclared request that is passed in enforce', () => {
  const { guard } = stage({ contract: `${SMALL_CONTRACT}undeclared: { operations: pass }\n` });

  test('has only the headers that any operation may send', () => {
    play(guard)
      .receives('GET /undeclared', {
        headers: [
          ['x-user-id', '7'],
          ['accept', 'text/html'],
        ],
      })
      .passesWith(['host', 'accept', 'accept-encoding', 'x-forwarded-for', 'x-forwarded-host'])
      .passes(200, '{}')
      .records({ type: 'gap', code: 'LP-OPERATION-UNDECLARED' })
      .ends();
  });

  test('has the coding of its body, which is sent as it came', () => {
    const body = gzipSync('{"a":1}');
    const { sent, status } = runRequest(
      guard,
      incoming('POST /undeclared', {
        headers: [
          ['content-type', 'application/json'],
          ['content-length', String(body.length)],
          ['content-encoding', 'gzip'],
        ],
      }),
      { body },
    );
    expect([sent.length, status]).toEqual([1, 0]);
    expect(sent[0]?.headers).toContainEqual(['content-encoding', 'gzip']);
    expect(Buffer.from(sent[0]?.body ?? '').equals(body)).toBe(true);
  });

  test('is refused with a header that overrides method or URL', () => {
    play(guard)
      .receives('GET /undeclared', { headers: [['x-original-url', '/users/7']] })
      .responds(400)
      .records({ type: 'refusal', code: 'LP-REQUEST-OVERRIDE' })
      .ends();
  });
});
