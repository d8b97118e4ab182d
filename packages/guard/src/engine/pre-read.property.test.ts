import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FullResponse } from '@leakproof/http';
import { as, stage } from '../testing/play.ts';
import { incoming, json, runRequest } from '../testing/run-request.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

const CONTRACT = SMALL_CONTRACT.replace(
  'GET /rides: {',
  `GET /users/{id}/followers: { by: member, owner: { of: 'GET /users/{id}', narrow: { private: [self, follower] } }, returns: [ Ride ] }
  DELETE /users/{id}: { by: self, owner: { of: 'GET /users/{id}' } }
  GET /rides: {`,
);
const PRIVATE = '{"id":"7","username":"a","is_private":true,"city":"Oslo"}';
const OWN = '{"id":"9","username":"a","is_private":false,"city":"Oslo"}';
const SECRET = '[{"id":1,"name":"secret"}]';

/** Answers to a pre-read that are anything but the object, whole and readable. */
const status = fc.constantFrom(100, 202, 203, 204, 206, 226, 301, 302, 304, 400, 401, 403, 404, 410, 429, 500, 503);
const headers = fc.constantFrom<FullResponse['headers']>(
  [['content-type', 'text/html']],
  [],
  [['content-type', 'application/json; charset=utf-16']],
  [
    ['content-type', 'application/json'],
    ['content-encoding', 'zstd'],
  ],
  [
    ['content-type', 'application/json'],
    ['content-encoding', 'gzip, gzip, gzip'],
  ],
  [['content-type', 'application/x-ndjson']],
);
const odd = fc.oneof(
  fc.json().filter((text) => !/"id"/.test(text)),
  fc.constantFrom(
    '{"id":null}',
    '{"id":""}',
    '{"id":[]}',
    '{"id":{"id":"9"}}',
    '{"id":["9"]}',
    '{"id":9.5}',
    '{"id":true}',
  ),
  fc.constantFrom(
    '{"data":{"id":"9"}}',
    '[{"id":"9"}]',
    '{"id":"9","id":"9"}',
    '{"id":"9"',
    '{"ID":"9"}',
    'null',
    '',
    '"9"',
    '9',
  ),
  fc.integer({ min: 0, max: OWN.length - 1 }).map((length) => OWN.slice(0, length)),
);
const broken = fc.oneof(
  fc.tuple(status, fc.constantFrom(OWN, PRIVATE)).map(([code, body]) => json(code, body)),
  fc.tuple(headers, fc.constantFrom(OWN, PRIVATE)).map(([list, body]) => ({ ...json(200, body), headers: list })),
  odd.map((body) => json(200, body)),
);
const lines = fc.constantFrom('GET /users/7/followers', 'DELETE /users/7');

test('a pre-read that is anything but the whole object admits nothing, whatever lookups answer', () => {
  const { guard } = stage({ contract: CONTRACT });
  fc.assert(
    fc.property(lines, broken, fc.boolean(), (line, read, answer) => {
      const {
        status: answered,
        released,
        sent,
      } = runRequest(guard, incoming(line), {
        principal: as('9'),
        origin: (request) => (request.target === '/users/7' && request.method === 'GET' ? read : json(200, SECRET)),
        lookup: () => ({ answers: { '7': answer, '9': answer } }),
      });
      expect(answered).toBe(404);
      expect(released).not.toContain('secret');
      expect(sent.filter((each) => !each.isPreRead)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

test('a readable pre-read admits whom the contract admits', () => {
  const { guard } = stage({ contract: CONTRACT });
  const statusFor = (id: string, body: string, isFollower: boolean) =>
    runRequest(guard, incoming('GET /users/7/followers'), {
      principal: as(id),
      origin: (request) => (request.target === '/users/7' ? json(200, body) : json(200, SECRET)),
      lookup: (asked) => ({ answers: { '7': asked.includes('"follower"') ? isFollower : body === PRIVATE } }),
    }).status;
  const open = PRIVATE.replace('true', 'false');
  expect([
    statusFor('9', PRIVATE, false),
    statusFor('8', PRIVATE, true),
    statusFor('7', PRIVATE, false),
    statusFor('6', open, false),
  ]).toEqual([404, 200, 200, 200]);
});
