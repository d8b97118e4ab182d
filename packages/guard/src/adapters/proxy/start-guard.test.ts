import { expect, test } from 'vitest';
import { ask } from '../../testing/raw-client.ts';
import { startTestGuard, token } from '../../testing/test-guard.ts';
import { startOrigin } from '../../testing/test-origin.ts';

const USERS: Readonly<Record<string, string>> = {
  '7': '{"id":"7","username":"alice","is_private":false,"city":"Oslo","email":"a@x.example","password":"p"}',
};

function api(): ReturnType<typeof startOrigin> {
  return startOrigin((message, response) => {
    const user = USERS[/^\/users\/(\w+)$/.exec(message.url ?? '')?.[1] ?? ''];
    response.writeHead(user ? 200 : 404, { 'content-type': 'application/json', server: 'secret/1.0' });
    response.end(user ?? '{"error":"no such user"}');
  });
}

test('a member gets of another member what the contract allows, and the log has the same', async () => {
  const origin = await api();
  const guard = await startTestGuard({ origin });
  const answer = await ask(guard.port, 'GET /users/7', { token: await token('9') });
  expect(answer.status).toBe(200);
  expect(answer.body).toBe('{"id":"7","username":"alice","is_private":false,"city":"Oslo"}');
  expect(answer.headers['server']).toBeUndefined();
  expect(await guard.records()).toMatchObject([
    {
      type: 'access',
      principal: { kind: 'member', token: 'person:9' },
      facts: [{ owner: 'person', tokens: ['person:7'], seen: ['city', 'id', 'is_private', 'username'] }],
    },
    { type: 'end', ended: 'complete' },
  ]);
});

test('a client may send the guard’s own port with a host of the contract', async () => {
  const guard = await startTestGuard({ origin: await api() });
  const { port } = guard;
  expect((await ask(port, 'GET /users/7', { host: `api.test:${port}` })).status).toBe(200);
  expect((await ask(port, 'GET /users/7', { host: 'API.test:80' })).status).toBe(200);
  expect((await ask(port, 'GET /users/7', { host: `api.test:${port + 1}` })).status).toBe(404);
});

test('two identical requests at the same time are two requests to the origin', async () => {
  const origin = await api();
  const guard = await startTestGuard({ origin });
  const bearer = await token('9');
  const responses = await Promise.all([1, 2].map(() => ask(guard.port, 'GET /users/7', { token: bearer })));
  expect(responses.map(({ status }) => status)).toEqual([200, 200]);
  expect(origin.received.map(({ line }) => line).filter((line) => line === 'GET /users/7')).toHaveLength(2);
});

test('an absent object, another owner’s object and an undeclared path get the same bytes', async () => {
  const guard = await startTestGuard({ origin: await api() });
  const paths = ['GET /users/8', 'GET /notes/7', 'GET /undeclared'];
  const answers = await Promise.all(paths.map(async (line) => ask(guard.port, line, { token: await token('9') })));
  const bytes = new Set(answers.map((answer) => answer.raw.replace(/date: .*\r\n/i, '')));
  expect([...bytes]).toHaveLength(1);
});
