import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMethodParameter, isOverrideHeader } from '@leakproof/core';
import { as, stage } from '../testing/play.ts';
import { incoming, json, runRequest } from '../testing/run-request.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

const CONTRACT = `${SMALL_CONTRACT.replace(
  'GET /rides: {',
  `GET /mine: { by: member, query: [viewer, sort], principal: [query.viewer], returns: [ User ] }
  GET /tenanted: { by: anyone, headers: [x-tenant], returns: [ Ride ] }
  GET /rides: {`,
)}headers: [x-region]\n`;
const MINE = json(200, '{"id":"1","author":"7","text":"t"}');
/** Sent on whatever the contract says; the README of the guard names them. */
const DEFAULT = [
  'accept',
  'accept-charset',
  'accept-language',
  'authorization',
  'content-digest',
  'content-disposition',
  'content-language',
  'content-md5',
  'content-range',
  'content-type',
  'cookie',
  'idempotency-key',
  'origin',
  'referer',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-jwt-payload',
  'x-region',
  'x-request-id',
  'x-requested-with',
];
const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];
/** Set by the guard itself. */
const OWN = new Set(['host', 'accept-encoding', 'x-forwarded-for', 'x-forwarded-host']);

const word = fc.constantFrom(
  'x',
  'user',
  'id',
  'original',
  'url',
  'http',
  'method',
  'if',
  'match',
  'forwarded',
  'for',
  'real',
  'ip',
  'path',
  'override',
  'rewrite',
  'tenant',
  'api',
  'key',
  'accept',
  'content',
  'type',
  'request',
  'remote',
  'dry',
  'run',
);
const madeUp = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom('-', '_'))
  .map(([words, dash]) => words.join(dash));
const headerName = fc.oneof(madeUp, fc.constantFrom(...DEFAULT, ...CONDITIONS, 'x-tenant', 'range', 'te', 'via'));
const value = fc.constantFrom('1', 'a', '"v1"', '*', 'Öl', 'a, b', '7');
const SINGLE = new Set(['authorization', 'content-type', 'x-jwt-payload', 'cookie', 'host', 'transfer-encoding']);

const headerList = fc
  .array(fc.tuple(headerName, value), { maxLength: 6 })
  .map((list) => list.filter(([name]) => !SINGLE.has(name)));

const requests = fc.constantFrom(
  'GET /rides',
  'GET /tenanted',
  'GET /users/7',
  'GET /users?page=2',
  'PUT /users/7',
  'DELETE /notes/1',
);

describe('of a request with any headers', () => {
  const { guard } = stage({ contract: CONTRACT });

  test('those that are declared are sent as they came, no other is, and an override is refused and not taken off', () => {
    const counts = { sent: 0, refused: 0 };
    fc.assert(
      fc.property(requests, headerList, (line, headers) => {
        const body = line.startsWith('PUT') ? '{"city":"Oslo"}' : '';
        const type = body === '' ? [] : [['content-type', 'application/json'] as const];
        const request = incoming(line, { headers: [...type, ...headers] });
        const { status, sent, records } = runRequest(guard, request, {
          principal: as('7'),
          body,
          origin: () => MINE,
        });
        const isWrite = !line.startsWith('GET');
        const declared = line === 'GET /tenanted' ? ['x-tenant'] : [];
        const allowed = new Set([...DEFAULT, ...declared, ...(isWrite ? CONDITIONS : [])]);
        const final = sent.filter((each) => !each.isPreRead);
        if (headers.some(([name]) => isOverrideHeader(name))) {
          expect([status, sent.length]).toEqual([400, 0]);
          counts.refused++;
          return;
        }
        for (const each of final) {
          const own = each.headers.filter(([name]) => !OWN.has(name));
          expect(own).toEqual([...type, ...headers].filter(([name]) => allowed.has(name)));
          expect([each.method, each.target]).toEqual(line.split(' '));
          expect(Buffer.from(each.body ?? '').toString()).toBe(body);
          counts.sent++;
        }
        // A write is made with all of its conditions, or not at all.
        if (final.length === 0) expect([status, records.length]).toEqual([400, 1]);
      }),
      { numRuns: 4_000 },
    );
    expect(counts.sent).toBeGreaterThan(1_000);
    expect(counts.refused).toBeGreaterThan(200);
  });

  test('none can be taken off by Connection that would have been sent', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        requests,
        fc.array(headerName, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (line, nominated, upper) => {
          const tokens = nominated.map((name) => (upper ? name.toUpperCase() : name));
          const headers = nominated.map((name) => [name, '1'] as const).filter(([name]) => !SINGLE.has(name));
          const request = incoming(line, { headers: [['connection', tokens.join(' ,')], ...headers] });
          const { status, sent } = runRequest(guard, request, { principal: as('7') });
          const deciding = new Set([...DEFAULT, ...CONDITIONS, 'x-tenant']);
          if (!nominated.some((name) => deciding.has(name) || isOverrideHeader(name))) return;
          expect([status, sent.length]).toEqual([400, 0]);
          refused++;
        },
      ),
      { numRuns: 1_000 },
    );
    expect(refused).toBeGreaterThan(200);
  });
});

test('a query is sent as it came or refused; a parameter that names the method is never sent, in any spelling', () => {
  const name = fc.constantFrom(
    'page',
    'sort',
    'viewer',
    '_method',
    '_METHOD',
    '$httpMethod',
    'x-http-method',
    'method',
  );
  const encoded = fc.tuple(name, fc.nat(3)).map(([text, at]) => {
    const code = text.charCodeAt(at % text.length).toString(16);
    return at === 0 ? text : `${text.slice(0, at % text.length)}%${code}${text.slice((at % text.length) + 1)}`;
  });
  const declared = fc.constantFrom('page', 'sort', 'viewer');
  const pair = fc.tuple(
    fc.oneof({ weight: 4, arbitrary: declared }, name, encoded),
    fc.constantFrom('', '=', '=7', '=DELETE', '=a%2Bb', '=a+b', '[]=7'),
  );
  const query = fc.array(
    pair.map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  );
  const guards = ['', 'undeclared: { parameters: pass }\n'].map(
    (policy) => stage({ contract: CONTRACT + policy }).guard,
  );
  let sentCount = 0;
  fc.assert(
    fc.property(query, fc.constantFrom(...guards), fc.constantFrom('/users', '/mine'), (pairs, guard, path) => {
      const target = `${path}?${pairs.join('&')}`;
      const { sent } = runRequest(guard, incoming(`GET ${target}`), {
        principal: as('7'),
        origin: () => json(200, '[]'),
      });
      for (const each of sent) expect(each.target).toBe(target);
      sentCount += sent.length;
      const names = pairs.map((each) => decodeURIComponent(each.split('=', 1)[0] ?? ''));
      if (names.some((each) => isMethodParameter(each))) expect(sent).toEqual([]);
      if (path === '/mine' && !names.includes('viewer')) expect(sent).toEqual([]);
    }),
    { numRuns: 1_500 },
  );
  expect(sentCount).toBeGreaterThan(150);
});

test('a pre-read asks for the same path and query, byte for byte, as the write that follows', () => {
  const contract = CONTRACT.replace(
    "DELETE /notes/{id}: { by: self, owner: { of: 'GET /notes/{id}' } }",
    "DELETE /notes/{id}: { by: self, query: [tenant], owner: { of: 'GET /notes/{id}' } }",
  ).replace('GET /notes/{id}: { by: member, returns', 'GET /notes/{id}: { by: member, query: [tenant], returns');
  const segment = fc
    .array(
      fc.constantFrom('a', '7', '+', ',', ':', '@', '=', '&', '$', "'", '!', '*', '(', '~', '%20', '%2B', '%C3%A9'),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((parts) => parts.join(''));
  const tenant = fc.constantFrom('', '?tenant=2', '?tenant=a+b', '?tenant=a%2Bb', '?tenant=');
  const { guard } = stage({ contract });
  let written = 0;
  fc.assert(
    fc.property(segment, tenant, (id, query) => {
      const target = `/notes/${id}${query}`;
      const around = { principal: as('7'), origin: () => MINE };
      const { sent } = runRequest(guard, incoming(`DELETE ${target}`), around);
      if (sent.length === 0) return;
      expect(sent.map((each) => `${each.method} ${each.target}`)).toEqual([`GET ${target}`, `DELETE ${target}`]);
      written++;
    }),
    { numRuns: 1_000 },
  );
  expect(written).toBeGreaterThan(500);
});
