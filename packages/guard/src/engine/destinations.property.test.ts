import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mode } from '@leakproof/core';
import { as, stage } from '../testing/play.ts';
import { incoming, json, runRequest } from '../testing/run-request.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

const SEVERAL = SMALL_CONTRACT;
const ONLY_ONE = SMALL_CONTRACT.replace(", graphql: 'http://gql.test/graphql'", '')
  .replace('  schema: schema.graphql\n', '')
  .replace('  Query.user: { by: anyone }\n', '');
const ENDPOINTS: ReadonlyMap<string, readonly string[]> = new Map([
  [SEVERAL, ['api.test', 'gql.test']],
  [ONLY_ONE, ['api.test']],
]);

const host = fc.oneof(
  { weight: 4, arbitrary: fc.constant('api.test') },
  fc.constantFrom(
    'api.test',
    'gql.test',
    'internal.test',
    'API.test',
    'api.test:80',
    'api.test:7002',
    'localhost:6001',
  ),
  fc.constantFrom(
    '127.0.0.1',
    '[::1]:80',
    '169.254.169.254',
    'evil.example',
    'api.test.evil.example',
    '',
    'user@api.test',
  ),
  fc.domain(),
  fc.string({ maxLength: 12 }),
);
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constant('/rides') },
  fc.constantFrom('/follows', '/users/7', '/rides', '/graphql', '//internal.test/follows', '*'),
  host.map((name) => `http://${name}/follows`),
  host.map((name) => `HTTP://${name}?a`),
  host.map((name) => `//${name}/x`),
);

test.each(['monitor', 'enforce'] as const satisfies readonly Mode[])(
  'in %s no host and no target leads anywhere but to an endpoint',
  (mode) => {
    const counts = { sent: 0, refused: 0 };
    const guards = new Map([SEVERAL, ONLY_ONE].map((contract) => [contract, stage({ contract, mode }).guard]));
    fc.assert(
      fc.property(
        fc.constantFrom(SEVERAL, ONLY_ONE),
        host,
        target,
        fc.constantFrom('GET', 'GET', 'POST', 'DELETE'),
        (contract, authority, path, method) => {
          const guard = guards.get(contract);
          if (!guard) return;
          const request = { ...incoming(`${method} /`, { authority }), target: path };
          const ran = runRequest(guard, request, { principal: as('7'), origin: () => json(200, '{}') });
          for (const each of ran.sent) {
            expect(ENDPOINTS.get(contract)).toContain(each.authority);
            expect(each.target).toMatch(/^[/*?]/);
            counts.sent++;
          }
          if (mode === 'monitor' && contract === ONLY_ONE) expect(ran.sent).toHaveLength(1);
          if (ran.sent.length > 0) return;
          counts.refused++;
          if (mode === 'monitor') expect(ran.status).toBe(421);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(counts.sent).toBeGreaterThan(300);
    expect(counts.refused).toBeGreaterThan(100);
  },
);

test('in monitor an unknown host goes to the only endpoint, and is a gap and a notice', () => {
  const { guard } = stage({ contract: ONLY_ONE, mode: 'monitor' });
  const ran = runRequest(guard, incoming('GET /rides', { authority: 'other.example' }));
  expect(ran.passedTo.map(({ authority }) => authority)).toEqual(['api.test']);
  expect(ran.records).toMatchObject([{ type: 'gap', code: 'LP-HOST-UNKNOWN' }]);
});

test('internal addresses and issuers are in tables of their own', () => {
  const { authorities } = stage({ contract: SEVERAL }).guard.engine;
  expect(authorities).toEqual({
    endpoints: new Set(['api.test', 'gql.test']),
    internals: new Set(['internal.test']),
    issuers: new Set(),
  });
});
