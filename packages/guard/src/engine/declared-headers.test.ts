import { expect, test } from 'vitest';
import { request } from 'node:http';
import { startTestGuard, token } from '../testing/test-guard.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';
import { startOrigin } from '../testing/test-origin.ts';

/** The headers of the guard's answer to a request, of which the origin sends these. */
async function headersFor(contract: string, path: string, status = 200): Promise<NodeJS.Dict<string | string[]>> {
  const origin = await startOrigin((_, response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-total-count': '120',
      'x-weight': '82',
      link: '</rides?page=2>; rel="next"',
      'access-control-expose-headers': 'X-Total-Count, X-Weight',
    });
    response.end('[]');
  });
  const guard = await startTestGuard({ origin, contract });
  const authorization = `Bearer ${await token('9')}`;
  const options = { host: '127.0.0.1', port: guard.port, path, headers: { host: 'api.test', authorization } };
  return new Promise((resolve, reject) => {
    request(options, (response) => {
      response.resume().on('end', () => resolve(response.headers));
    })
      .on('error', reject)
      .end();
  });
}

const DECLARED = SMALL_CONTRACT.replace(
  'GET /rides: { by: anyone, returns: [ Ride ] }',
  'GET /rides: { by: anyone, returns: [ Ride ], response-headers: [X-Total-Count, link] }',
);

test('a header with a total reaches the client where the operation declares it', async () => {
  expect(await headersFor(DECLARED, '/rides')).toMatchObject({
    'x-total-count': '120',
    link: '</rides?page=2>; rel="next"',
    'access-control-expose-headers': 'x-total-count',
  });
});

test('where it is not declared, or the response is no success, it does not', async () => {
  const names = ['x-total-count', 'link', 'x-weight'];
  const undeclared = await headersFor(SMALL_CONTRACT, '/rides');
  const failed = await headersFor(DECLARED, '/rides', 404);
  expect(names.filter((name) => name in undeclared || name in failed)).toEqual([]);
});
