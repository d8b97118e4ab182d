import { expect, test } from 'vitest';
import { load } from '../../testing/contract-from.ts';

/** What is wrong with these response headers of an operation, and what is compiled. */
function tried(headers: string, returns = '[ Ride ]', operation = 'GET /rides') {
  const { contract, problems } = load(`
leakproof: 1
api: { servers: { one: { rest: 'http://api.example' } } }
owners: { person: { subject: true } }
resources:
  Ride: { owner: none, see: anyone, fields: { id: anyone } }
  Offer: { owner: none, see: member, fields: { id: member } }
  Note: { owner: author, fields: { id: self, author: self } }
operations: { ${operation}: { by: anyone, returns: ${returns}, response-headers: [${headers}] } }
`);
  return {
    headers: contract?.operations[0]?.responseHeaders,
    problems: problems.map(({ severity, code }) => code ?? severity),
  };
}

test('a word within another is not taken for it', () => {
  expect(tried('x-author-count, x-agents').problems).toEqual([]);
});

test('totals and links are compiled to lower case, once each', () => {
  expect(tried('X-Total-Count, link, x-total-count, Content-Range')).toEqual({
    headers: ['x-total-count', 'link', 'content-range'],
    problems: [],
  });
});

test.each([
  'content-length',
  'transfer-encoding',
  'set-cookie',
  'etag',
  'location',
  'access-control-allow-origin',
  'www-authenticate',
  'x-auth-token',
  'x-session-id',
  'x-content-type-options',
  'strict-transport-security',
  'sunset',
  "'x total'",
  'x_total:',
])('%s is refused: it is not for a total or a link', (name) => {
  expect(tried(`'${name.replaceAll("'", '')}'`).problems).toEqual(['error']);
});

test.each([
  ['a list of objects with owners', '[ Note ]', ['count-header']],
  ['such a list in an envelope', '{ data: [ Note ], next: { see: anyone } }', ['count-header']],
  ['a list of objects that are not for everybody', '[ Offer ]', ['count-header']],
  ['a list of objects that nobody is refused', '[ Ride ]', []],
])('a count beside %s is a warning or not', (_, returns, problems) => {
  expect(tried('x-total-count', returns).problems).toEqual(problems);
  expect(tried('link', returns).problems).toEqual(problems);
});

test('GraphQL has none', () => {
  expect(tried('link', '[ Ride ]', 'Query.rides').problems).toContain('error');
});
