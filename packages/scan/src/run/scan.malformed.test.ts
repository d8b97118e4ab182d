import { expect, test } from 'vitest';
import { type Answer, PEOPLE } from '../testing/tiny-api.ts';
import { scanTiny } from '../testing/scan-tiny.ts';

const answers: readonly (readonly [title: string, answer: Answer, reason: string])[] = [
  ['says JSON and is not', { body: '{"id": ' }, 'its answer says JSON and is not'],
  ['names a key twice', { body: '{"id":"1","id":"2"}' }, 'its answer says JSON and is not'],
  ['nests without end', { body: '['.repeat(100) + ']'.repeat(100) }, 'its answer says JSON and is not'],
  ['is a page', { type: 'text/html', body: '<h1>Welcome</h1>' }, 'it answered text/html, which is not read'],
  ['is an error of the server', { status: 503, body: {} }, 'it answered 503'],
  ['is a limit', { status: 429, body: {} }, 'it answered 429'],
];
test.each(answers)('an answer that %s is inconclusive', async (_title, answer, reason) => {
  const result = await scanTiny({
    user: ({ caller, owner }) => (caller === 'cato' && owner !== PEOPLE.cato ? answer : undefined),
  });
  const cell = result.cells.find(
    ({ attacker, owner, field }) => attacker === 'cato' && owner === 'bo' && field === 'city',
  );
  expect([cell?.verdict, cell?.reason]).toEqual(['inconclusive', reason]);
});

test('an operation that never answers its owner in JSON is not tested, and says so', async () => {
  const result = await scanTiny({ user: () => ({ body: '{' }) });
  expect(result.notTested).toContainEqual(
    expect.objectContaining({ operation: 'GET /user/{id}', reason: 'for any identity: no value was found for: id' }),
  );
});
