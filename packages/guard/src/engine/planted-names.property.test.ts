import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRecord, type Mode } from '@leakproof/core';
import { as, stage } from '../testing/play.ts';
import { incoming, json, runRequest } from '../testing/run-request.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';

const CONTRACT = SMALL_CONTRACT.replace(
  'GET /rides: {',
  `GET /by-name: { by: anyone, returns: { map: User, key: username } }
  GET /rides: {`,
);
const PATHS = ['/users/7', '/users', '/by-name', '/notes/1', '/rides', '/anything', '/undeclared'];
/** Text of people, in each of the forms that a key has had. */
const planted = fc
  .tuple(
    fc.constantFrom(
      'PLANTED',
      'planted-key',
      'PLANTED.pia@secret.example',
      'planted key',
      'PLANTED\\u0041',
      '__planted__',
    ),
    fc.nat(9),
    fc.constantFrom('', 'é', '"'.replace('"', '\\"'), 'x'.repeat(3_000)),
  )
  .map(([name, at, tail]) => `${name}${at}${tail}`);

/** A body of one of the shapes of the contract or of none, with planted keys and texts at any place. */
function bodyOf(keys: readonly string[], shape: number): string {
  const [one = 'PLANTED', two = one, three = one] = keys;
  const owned = `{"id":"7","username":"PLANTED-text","${one}":1,"author":"7","is_private":false,"${two}":{"${three}":["${one}"]},"city":{"${two}":1}}`;
  const shapes = [
    owned,
    `[${owned},{"${one}":${owned}}]`,
    `{"data":[${owned}],"${one}":[${owned}],"total":"${two}"}`,
    `{"${one}":${owned},"${two}":${owned}}`,
    `{"${one}":"${two}"}`,
    `{"id":"${one}","author":{"${two}":1},"text":"${three}"}`,
    `{"id":"7","${one}":`,
    `"${one}"`,
  ];
  return shapes[shape % shapes.length] ?? owned;
}

test.each(['enforce', 'monitor'] as const satisfies readonly Mode[])(
  'in %s no key and no text of a body, a query, a header or a token claim is in a record or a notice',
  (mode) => {
    const notices: string[] = [];
    const { guard } = stage({ contract: CONTRACT, mode, onNotice: ({ text }) => notices.push(text) });
    let records = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...PATHS),
        fc.array(planted, { minLength: 1, maxLength: 3 }),
        fc.nat(7),
        fc.constantFrom(200, 200, 200, 403, 500),
        (path, keys, shape, status) => {
          const body = bodyOf(keys, shape);
          const { records: written } = runRequest(
            guard,
            incoming(`GET ${path}${shape === 3 ? '?planted-query=PLANTED' : ''}`, {
              headers: [
                ['x-note', 'PLANTED-value'],
                ['x-planted', '1'],
                ['x_planted_7', '1'],
              ],
            }),
            { principal: as('9'), origin: () => json(status, body) },
          );
          // The id of an owner is its token in these tests; a log has a keyed digest.
          for (const record of written) {
            const text = Buffer.from(encodeRecord(record))
              .toString('latin1')
              .replaceAll(/person:[^"]*/g, '');
            expect(text).not.toMatch(/planted/i);
            expect(text.length).toBeLessThan(4_000);
            records++;
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(records).toBeGreaterThan(2_000);
    expect(notices.join('\n')).not.toMatch(/PLANTED-value|PLANTED-text/);
  },
);

test('undeclared keys are counted', () => {
  const { guard } = stage();
  const { records } = runRequest(guard, incoming('GET /users/7'), {
    principal: as('7'),
    origin: () => json(200, '{"id":"7","PLANTED":1,"planted":2}'),
  });
  expect(records[0]).toMatchObject({ facts: [{ seen: ['id'], withheld: [], undeclared: 2 }] });
});
