import { expect, test } from 'vitest';
import { PEOPLE, type TinyResponse } from '../testing/tiny-api.ts';
import { scanTiny } from '../testing/scan-tiny.ts';

const responses: readonly (readonly [title: string, response: TinyResponse, reason: string])[] = [
  ['is not valid JSON', { body: '{"id": ' }, 'the response is not valid JSON'],
  ['has a duplicate key', { body: '{"id":"1","id":"2"}' }, 'the response is not valid JSON'],
  ['is nested too deeply', { body: '['.repeat(100) + ']'.repeat(100) }, 'the response is not valid JSON'],
  [
    'is an HTML page',
    { type: 'text/html', body: '<h1>Welcome</h1>' },
    'the response has text/html, which is not supported',
  ],
  ['is a server error', { status: 503, body: {} }, 'the response status was 503'],
  ['is a rate limit', { status: 429, body: {} }, 'the response status was 429'],
];
test.each(responses)('a response that %s is inconclusive', async (_title, response, reason) => {
  const result = await scanTiny({
    user: ({ caller, owner }) => (caller === 'cato' && owner !== PEOPLE.cato ? response : undefined),
  });
  const cell = result.cells.find(
    ({ attacker, owner, field }) => attacker === 'cato' && owner === 'bo' && field === 'city',
  );
  expect([cell?.verdict, cell?.reason]).toEqual(['inconclusive', reason]);
});

test('an operation that never returns valid JSON to an owner is not tested, with the reason', async () => {
  const result = await scanTiny({ user: () => ({ body: '{' }) });
  expect(result.notTested).toContainEqual(
    expect.objectContaining({ operation: 'GET /user/{id}', reason: 'for any identity: no value was found for: id' }),
  );
});
