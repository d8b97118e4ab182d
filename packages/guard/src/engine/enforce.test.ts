import { describe, expect, test } from 'vitest';
import { as, play, stage } from '../testing/play.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

const ALICE = '{"id":"7","username":"alice","is_private":false,"city":"Oslo","email":"a@x.example","password":"p"}';

describe('a response', () => {
  test('is released with the fields that the contract allows, byte for byte, after they are recorded', () => {
    play(stage().guard)
      .receives('GET /users/7', { principal: as('9') })
      .asksOrigin('GET /users/7')
      .originResponds(200, ALICE)
      .looksUp({ ask: 'guardian', principal: { kind: 'member', id: '9', space: 'us' }, owners: ['7'] })
      .lookupsAnswer({ '7': false })
      .responds(200, '{"id":"7","username":"alice","is_private":false,"city":"Oslo"}')
      .facts('person:7 User city,id,is_private,username |  | email,password')
      .records({ type: 'access', operation: 'GET /users/{id}', contract: 'digest' }, { type: 'end', ended: 'complete' })
      .ends();
  });

  test('with the principal’s own object needs no lookup', () => {
    play(stage().guard)
      .receives('GET /users/7', { principal: as('7') })
      .asksOrigin('GET /users/7')
      .originResponds(200, ALICE)
      .responds(200, '{"id":"7","username":"alice","is_private":false,"city":"Oslo","email":"a@x.example"}')
      .ends();
  });

  test('of which everything is withheld is 404, like the one for an absent object', () => {
    const foreign = play(stage().guard)
      .receives('GET /notes/1', { principal: as('9') })
      .asksOrigin('GET /notes/1')
      .originResponds(200, '{"id":"1","author":"7","text":"secret"}')
      .facts('person:7 Note  |  | author,id,text');
    const absent = play(stage().guard)
      .receives('GET /notes/2', { principal: as('9') })
      .asksOrigin('GET /notes/2')
      .originResponds(404, '<html>no such note, says postgres at 10.0.0.7</html>', [['content-type', 'text/html']]);
    const notFound = '{"type":"about:blank","title":"Not Found","status":404}';
    foreign.responds(404, notFound).ends();
    absent.responds(404, notFound).ends();
  });

  test.each([
    ['no content type', 200, '{"id":"7"}', []],
    ['HTML', 200, '<p>', [['content-type', 'text/html']]],
    ['a charset other than UTF-8', 200, '[]', [['content-type', 'application/json; charset=utf-16']]],
    [
      'two content types',
      200,
      '[]',
      [
        ['content-type', 'application/json'],
        ['content-type', 'text/html'],
      ],
    ],
    ['partial content', 206, '[]', [['content-type', 'application/json']]],
    [
      'an unknown content coding',
      200,
      '[]',
      [
        ['content-type', 'application/json'],
        ['content-encoding', 'sdch'],
      ],
    ],
    ['not modified', 304, '', []],
    ['a redirect to a foreign host', 302, '', [['location', 'http://elsewhere.example/']]],
    ['a redirect to a foreign host without a scheme', 302, '', [['location', '//elsewhere.example/']]],
    // oxlint-disable-next-line max-params -- a row of the table
  ] as const)('that the guard cannot judge (%s) is not released', (_, status, body, headers) => {
    play(stage().guard)
      .receives('GET /rides')
      .asksOrigin('GET /rides')
      .originResponds(status, body, headers)
      .responds(502)
      .records({ type: 'refusal', code: 'LP-RESPONSE-UNREADABLE' })
      .ends();
  });

  test('that does not match the contract’s shape is not released', () => {
    play(stage().guard)
      .receives('GET /rides')
      .asksOrigin('GET /rides')
      .originResponds(200, '{"error":"all rides of alice@x.example"}')
      .responds(502)
      .records({ type: 'refusal', code: 'LP-BODY-MISSHAPEN' })
      .ends();
  });

  test('to a write that returns nothing has its body removed', () => {
    play(stage().guard)
      .receives('DELETE /notes/1', { principal: as('7') })
      .asksOrigin('GET /notes/1')
      .originResponds(200, '{"id":"1","author":"7","text":"mine"}')
      .asksOrigin('DELETE /notes/1')
      .originResponds(200, '{"deleted":{"author":"7"}}')
      .responds(200, '')
      .ends();
  });

  test('has only allowed headers, and none that describes the origin’s body', () => {
    play(stage().guard)
      .receives('GET /rides')
      .asksOrigin('GET /rides')
      .originResponds(200, '[]', [
        ['content-type', 'application/json; charset=utf-8'],
        ['etag', '"abc"'],
        ['x-total-count', '12345'],
        ['server', 'secret/1.0'],
        ['content-language', 'en'],
        ['link', '</rides?after=7>; rel=next'],
      ])
      .withHeaders({
        'content-type': 'application/json; charset=utf-8',
        'content-language': 'en',
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
        etag: undefined,
        server: undefined,
        link: undefined,
        'x-total-count': undefined,
      })
      .responds(200, '[]');
  });

  test('to HEAD is judged like the one to GET, has no body, and is recorded as withheld', () => {
    play(stage().guard)
      .receives('HEAD /users/7', { principal: as('7') })
      .asksOrigin('GET /users/7')
      .originResponds(200, '{"id":"7","city":"Oslo"}')
      .responds(200, '')
      .facts('person:7 User  |  | city,id');
  });
});

describe('a request', () => {
  test.each([
    ['GET /nothing', {}, 404],
    ['GET /users/7?admin=1', {}, 400],
    ['GET /users/../notes/1', {}, 400],
    ['GET /users', {}, 401],
    ['TRACE /users/7', {}, 405],
    ['get /users/7', {}, 405],
    ['GET http://api.test/users/7', {}, 400],
    ['GET /users/7', { host: 'other.test' }, 404],
    ['GET /users/7', { host: 'api.test.evil.example' }, 404],
    ['GET /users/7', { host: 'user@api.test' }, 400],
    ['GET /users/7', { invalid: 'LP-CREDENTIAL-INVALID' }, 401],
    ['PUT /users/7', { principal: as('7'), body: '{"city":"Oslo","is_admin":true}' }, 400],
    ['PUT /users/7', { principal: as('7'), body: '{"city":"Oslo","city":"Bergen"}' }, 400],
    ['PUT /users/7', { principal: as('9'), body: '{"city":"Oslo"}' }, 404],
    ['PUT /users/7', { principal: as('7'), body: 'too-large' }, 413],
    ['GET /users/7', { headers: [['host', 'gql.test']] }, 400],
    [
      'GET /users/7',
      {
        headers: [
          ['authorization', 'a'],
          ['authorization', 'b'],
        ],
      },
      400,
    ],
    ['GET /users/7', { headers: [['transfer-encoding', 'gzip, chunked']] }, 400],
    ['GET /users/7', { headers: [['connection', 'authorization']] }, 400],
    ['GET /users/7', { headers: [['upgrade', 'websocket']] }, 400],
  ] as const)('%s %j is refused with %i, and does not reach the origin', (line, asking, status) => {
    play(stage().guard).receives(line, asking).responds(status).records({ type: 'refusal' }).ends();
  });

  test('reaches the origin with the headers that everybody may send, without those of the connection and of ranges', () => {
    play(stage().guard)
      .receives('GET /rides', {
        headers: [
          ['cookie', 'a=b'],
          ['connection', 'x-secret, keep-alive'],
          ['x-secret', '1'],
          ['keep-alive', 'timeout=5'],
          ['te', 'trailers'],
          ['x_jwt_payload', 'e30'],
          ['x-user-id', '7'],
          ['x-forwarded-for', '10.0.0.1'],
          ['range', 'bytes=0-1'],
          ['if-none-match', '"a"'],
          ['accept-encoding', 'gzip'],
          ['accept', 'application/json'],
        ],
      })
      .asksOrigin('GET /rides', {
        headers: ['host', 'cookie', 'accept', 'accept-encoding', 'x-forwarded-for', 'x-forwarded-host'],
      });
  });

  test('to delete another owner’s object is refused after the guard has read its owner', () => {
    play(stage().guard)
      .receives('DELETE /notes/1', { principal: as('9') })
      .asksOrigin('GET /notes/1')
      .originResponds(200, '{"id":"1","author":"7","text":"secret"}')
      .responds(404)
      .ends();
  });

  test('by GraphQL gets the fields that name the owner added, and its response gets them removed', () => {
    const query = '{"query":"{ user(id: 7) { city email } }"}';
    play(stage().guard)
      .receives('POST /graphql', { host: 'gql.test', principal: as('7'), body: query })
      .asksOrigin('POST /graphql')
      .originResponds(
        200,
        '{"data":{"user":{"city":"Oslo","email":"a@x.example","leakproof_id":"7","leakproof_is_private":false}}}',
      )
      .responds(200, '{"data":{"user":{"city":"Oslo","email":"a@x.example"}}}');
  });

  test('by GraphQL that is refused gets a GraphQL error', () => {
    play(stage().guard)
      .receives('POST /graphql', { host: 'gql.test', body: '{"query":"{ users { id } }"}' })
      .withHeaders({ 'content-type': 'application/json' })
      .responds(400, '{"errors":[{"message":"Bad Request","extensions":{"code":"BAD_REQUEST","status":400}}]}');
  });
});

describe('without its log the guard', () => {
  const origin = '{"id":"7","city":"Oslo"}';

  test('releases nothing', () => {
    const { guard } = stage();
    play(guard)
      .receives('GET /users/7', { principal: as('7') })
      .withLogRefusing('LP-LOG-FULL')
      .asksOrigin('GET /users/7')
      .originResponds(200, origin)
      .responds(503, '{"type":"about:blank","title":"Service Unavailable","status":503}')
      .ends();
    expect(guard.engine.counts).toMatchObject({ unrecorded: 1, refused: 1 });
  });

  test('releases where the contract says so, and counts', () => {
    const { guard } = stage({ contract: `${SMALL_CONTRACT}on: { no-ledger: pass }\n` });
    play(guard)
      .receives('GET /users/7', { principal: as('7') })
      .withLogRefusing('LP-LOG-FULL')
      .asksOrigin('GET /users/7')
      .originResponds(200, origin)
      .responds(200, origin)
      .ends();
    expect(guard.engine.counts).toMatchObject({ unrecorded: 1, released: 1 });
  });
});
