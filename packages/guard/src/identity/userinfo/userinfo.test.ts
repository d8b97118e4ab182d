import { type ErrorCode, isKnown } from '@leakproof/core';
import type { FullResponse, OutboundRequest } from '@leakproof/http';
import { describe, expect, test } from 'vitest';
import { incoming, json } from '../../testing/run-request.ts';
import { testIdentifier } from '../../testing/test-identifier.ts';
import { userinfoContract } from '../../testing/userinfo-contract.ts';

type Answer = FullResponse | ErrorCode;
type Header = readonly [string, string];

/** An origin that names the caller of each credential, and the identifier that asks it. */
function setUp(change?: (text: string) => string) {
  const clock = { nowMs: 1_000_000 };
  const asked: OutboundRequest[] = [];
  const callers: string[] = [];
  const origin = { answer: (request: OutboundRequest): Answer | Promise<Answer> => named(credentialOf(request)) };
  const identify = testIdentifier({
    contract: userinfoContract(change),
    now: () => clock.nowMs,
    askOrigin: (request, { caller }) => {
      asked.push(request);
      callers.push(caller);
      return Promise.resolve(origin.answer(request));
    },
  });
  /** The caller's id, or why there is none. */
  const who = async (headers: readonly Header[], more: { line?: string; peer?: string } = {}): Promise<string> => {
    const { line = 'GET /rides', peer = '10.0.0.1' } = more;
    const found = await identify(incoming(line, { headers, peer }));
    if (!('principal' in found)) return 'invalid' in found ? found.invalid : found.unavailable;
    return isKnown(found.principal) ? found.principal.id : 'anonymous';
  };
  return { clock, asked, callers, origin, identify, who };
}

const named = (username: string): FullResponse => json(200, JSON.stringify({ data: { username } }));
const cookie = (value: string): Header[] => [['cookie', value]];
const token = (value: string): Header[] => [['authorization', value]];

function credentialOf({ headers }: OutboundRequest): string {
  const found = headers.find(([name]) => ['authorization', 'cookie', 'x-api-key'].includes(name));
  return found?.[1].replace(/^(Bearer |sid=)/, '') ?? '';
}

describe('the origin names the caller', () => {
  test.each([
    ['an opaque token', token('Bearer alice')],
    ['Basic', token('Basic alice')],
    ['a session cookie', cookie('theme=dark; sid=alice; lang=de')],
    ['an API key', [['x-api-key', 'alice']] as Header[]],
  ])('of %s', async (_, headers) => {
    const { who } = setUp();
    expect(await who(headers)).toMatch(/^(Basic )?alice$/);
  });

  test('and is asked once for a credential, however many requests come, until its answer no longer holds', async () => {
    const { who, asked, clock } = setUp();
    const many = await Promise.all(Array.from({ length: 20 }, () => who(cookie('sid=alice'))));
    expect([...new Set(many)]).toEqual(['alice']);
    clock.nowMs += 4_999;
    expect(await who(cookie('sid=alice'))).toBe('alice');
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    expect(await who(cookie('sid=alice'))).toBe('alice');
    expect(asked).toHaveLength(2);
  });

  test('and gets the credential, the user agent, the address and the allowed cookies, and nothing else', async () => {
    const { who, asked } = setUp((text) => text.replace('operations:', 'cookies: [lang]\noperations:'));
    const headers: Header[] = [
      ['cookie', 'session=bob; sid=alice; lang=de'],
      ['user-agent', 'Browser/1'],
      ['x-forwarded-for', '1.2.3.4'],
      ['referer', 'http://api.test/?token=secret'],
    ];
    await who(headers, { line: 'GET /users/7?page=1', peer: '10.0.0.9' });
    expect(asked).toEqual([
      {
        scheme: 'http',
        authority: 'api.test',
        method: 'GET',
        target: '/me',
        headers: [
          ['host', 'api.test'],
          ['cookie', 'sid=alice; lang=de'],
          ['user-agent', 'Browser/1'],
          ['accept', 'application/json'],
          ['accept-encoding', 'identity'],
          ['cache-control', 'no-cache'],
          ['x-forwarded-for', '10.0.0.9'],
          ['x-forwarded-host', 'api.test'],
        ],
        body: undefined,
      },
    ]);
  });

  test('and one answer is never used for another credential, place or server', async () => {
    const { who, asked } = setUp();
    await who(token('alice'));
    await who([['x-api-key', 'alice']]);
    await who(cookie('sid=alice'));
    await who(cookie('sid=alice '));
    expect(asked).toHaveLength(3);
    expect(await who(cookie('sid=Alice'))).toBe('Alice');
  });

  test('and is not asked for a request without a credential', async () => {
    const { who, asked } = setUp();
    expect(await who(cookie('theme=dark; %73id=alice; sid='))).toBe('anonymous');
    expect(asked).toEqual([]);
  });

  test.each([
    [[...token('Bearer alice'), ...cookie('sid=alice')]],
    [[...token('Bearer alice'), ['x-api-key', 'alice']] as Header[]],
    [[['x-api-key', 'alice'] as Header, ['x-api-key', 'bob'] as Header]],
  ])('and is not asked about two credentials: they are invalid (%j)', async (headers) => {
    const { who, asked } = setUp();
    expect(await who(headers)).toBe('LP-CREDENTIAL-INVALID');
    expect(asked).toEqual([]);
  });
});

describe('a refused credential', () => {
  test('is invalid, but for a cookie: browsers send old ones, and ones of nobody', async () => {
    const { who, origin } = setUp();
    origin.answer = () => json(401, '{}');
    expect(await who(token('Bearer old'))).toBe('LP-CREDENTIAL-INVALID');
    expect(await who([['x-api-key', 'old']])).toBe('LP-CREDENTIAL-INVALID');
    expect(await who(cookie('sid=old'))).toBe('anonymous');
  });

  test('is remembered for five seconds', async () => {
    const { who, asked, origin, clock } = setUp();
    origin.answer = () => json(403, '{}');
    for (let times = 0; times < 5; times++) await who(cookie('sid=old'));
    clock.nowMs += 4_999;
    await who(cookie('sid=old'));
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    await who(cookie('sid=old'));
    expect(asked).toHaveLength(2);
  });

  test('is asked about again after a login with it', async () => {
    const { who, origin } = setUp();
    origin.answer = () => json(401, '{}');
    expect(await who(cookie('sid=new'))).toBe('anonymous');
    expect(await who(cookie('sid=new'), { line: 'POST /login' })).toBe('anonymous');
    origin.answer = () => named('alice');
    expect(await who(cookie('sid=new'))).toBe('alice');
  });

  test('has the statuses of the contract', async () => {
    const { who, origin } = setUp((text) => text.replace('id: data.username', 'id: data.username, refused: [302]'));
    origin.answer = () => ({ ...json(302, ''), headers: [['location', '/login']] });
    expect(await who(cookie('sid=old'))).toBe('anonymous');
    origin.answer = () => json(401, '{}');
    expect(await who(cookie('sid=other'))).toBe('LP-USERINFO-INVALID');
  });
});

describe('what does not name a caller as the contract describes fails closed', () => {
  const html: FullResponse = { status: 200, headers: [['content-type', 'text/html']], body: Buffer.from('<p>alice') };
  test.each<[string, Answer, string]>([
    ['no answer in time', 'LP-ORIGIN-CUT-OFF', 'LP-USERINFO-UNAVAILABLE'],
    ['no connection', 'LP-ORIGIN-UNREACHABLE', 'LP-USERINFO-UNAVAILABLE'],
    ['more than the limit', 'LP-RESPONSE-TOO-LARGE', 'LP-USERINFO-UNAVAILABLE'],
    ['500', json(500, '{"data":{"username":"alice"}}'), 'LP-USERINFO-UNAVAILABLE'],
    ['HTML', html, 'LP-USERINFO-INVALID'],
    ['a redirect', { ...json(302, ''), headers: [['location', '/login']] }, 'LP-USERINFO-INVALID'],
    ['404', json(404, '{"data":{"username":"alice"}}'), 'LP-USERINFO-INVALID'],
    ['no id', json(200, '{"data":{}}'), 'LP-USERINFO-INVALID'],
    ['an empty id', json(200, '{"data":{"username":""}}'), 'LP-USERINFO-INVALID'],
    ['an id that is no scalar', json(200, '{"data":{"username":["alice"]}}'), 'LP-USERINFO-INVALID'],
    ['two ids', json(200, '{"data":{"username":"alice","username":"bob"}}'), 'LP-USERINFO-INVALID'],
    ['null', json(200, 'null'), 'LP-USERINFO-INVALID'],
    ['a list', json(200, '[{"data":{"username":"alice"}}]'), 'LP-USERINFO-INVALID'],
    ['truncated JSON', json(200, '{"data":{"username":"alice"'), 'LP-USERINFO-INVALID'],
  ])('%s', async (_, answer, code) => {
    const { who, asked, origin, clock } = setUp();
    origin.answer = () => answer;
    expect(await who(cookie('sid=alice'))).toBe(code);
    expect(await who(cookie('sid=alice'))).toBe(code);
    expect(asked).toHaveLength(1);
    origin.answer = () => named('alice');
    clock.nowMs += 1_000;
    expect(await who(cookie('sid=alice'))).toBe('alice');
  });

  test('another person for the same credential, once', async () => {
    const { who, origin, clock } = setUp();
    expect(await who(cookie('sid=alice'))).toBe('alice');
    clock.nowMs += 5_000;
    origin.answer = () => named('bob');
    expect(await who(cookie('sid=alice'))).toBe('LP-USERINFO-CHANGED');
    expect(await who(cookie('sid=alice'))).toBe('bob');
  });

  test('an answer from a time that has not come yet, after the clock was set back', async () => {
    const { who, asked, clock } = setUp();
    await who(cookie('sid=alice'));
    clock.nowMs -= 3_600_000;
    await who(cookie('sid=alice'));
    expect(asked).toHaveLength(2);
  });
});

describe('unknown credentials', () => {
  const flood = (who: ReturnType<typeof setUp>['who'], count: number, peer: (index: number) => string) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => who(token(`Bearer x${index}-${peer(index)}`), { peer: peer(index) })),
    );

  test('of one network cost the origin 16 questions in a second, and of all networks 64', async () => {
    const { who, asked, clock } = setUp();
    const one = await flood(who, 200, () => '10.0.0.1');
    expect(asked).toHaveLength(16);
    expect(one.filter((each) => each === 'LP-USERINFO-BUSY')).toHaveLength(184);
    await flood(who, 400, (index) => `10.1.${index % 200}.1`);
    expect(asked).toHaveLength(64);
    clock.nowMs += 1_000;
    await flood(who, 400, (index) => `10.2.${index % 200}.1`);
    expect(asked).toHaveLength(128);
  });

  test('do not slow a caller that is known', async () => {
    const { who, asked, callers, clock } = setUp();
    await who(cookie('sid=alice'));
    clock.nowMs += 5_000;
    await flood(who, 400, (index) => `10.1.${index % 200}.1`);
    asked.length = 0;
    expect(await who(cookie('sid=alice'), { peer: '10.1.0.1' })).toBe('alice');
    expect(asked).toHaveLength(1);
    expect(callers[0]).toBe('10.0.0.1');
    expect(callers.at(-1)).toMatch(/^\["userinfo"/);
  });

  test('that the origin does not answer hold their places until it does', async () => {
    const { who, asked, origin, clock } = setUp();
    const waiting: ((answer: Answer) => void)[] = [];
    origin.answer = () => new Promise((resolve) => void waiting.push(resolve));
    const slow = flood(who, 16, () => '10.0.0.1');
    clock.nowMs += 60_000;
    expect(await who(token('Bearer y'))).toBe('LP-USERINFO-BUSY');
    expect(asked).toHaveLength(16);
    for (const resolve of waiting) resolve('LP-ORIGIN-CUT-OFF');
    await slow;
    origin.answer = () => named('y');
    expect(await who(token('Bearer y'))).toBe('y');
  });
});

test('the cookies of an answer are for the caller whose request asked, and for nobody else', async () => {
  const { identify, origin } = setUp();
  origin.answer = () => {
    const answer = named('alice');
    return { ...answer, headers: [...answer.headers, ['set-cookie', 'sid=next']] };
  };
  const requests = [1, 2, 3].map(async () => identify(incoming('GET /rides', { headers: cookie('sid=alice') })));
  const given = (await Promise.all(requests)).map((each) => ('setCookies' in each ? each.setCookies : undefined));
  expect(given).toEqual([['sid=next'], undefined, undefined]);
  expect(await identify(incoming('GET /rides', { headers: cookie('sid=alice') }))).not.toHaveProperty('setCookies');
});

test.each([
  ['by: GET /me', 'by: POST /me', 'Write GET and a path'],
  ['by: GET /me', 'by: GET /a/../me', 'could be read as another path'],
  ['from: [authorization', "from: ['query:token'", 'Write authorization, cookie:NAME or header:NAME.'],
  ['from: [authorization', "from: ['header:cookie'", 'can hold only this'],
  ["'cookie:sid'", "'cookie:s,d'", 'is no name of a cookie'],
  ['id: data.username', 'id: data.username, cache: 2m', 'known for long'],
  ['ids: person }', 'ids: person, id: claims.sub }', 'is said twice'],
  ["rest: 'http://api.test', ", '', 'has no rest address'],
])('a contract with %s changed to %s is refused', (from, to, message) => {
  expect(() => userinfoContract((text) => text.replace(from, to))).toThrow(message);
});
