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
      .records({ type: 'access' }, { type: 'end' }, { type: 'gap', code: 'LP-BODY-MISSHAPEN' })
      .ends();
  });

  test('a GraphQL response without the owner is a gap: no fields are added to the query', () => {
    play(monitored())
      .receives('POST /graphql', { host: 'gql.test' })
      .passes(200, '{"data":{"user":{"city":"Oslo"}}}', { requestBody: '{"query":"{ user(id: 7) { city } }"}' })
      .records({ type: 'access' }, { type: 'end' }, { type: 'gap', code: 'LP-OWNER-UNKNOWN' })
      .ends();
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
