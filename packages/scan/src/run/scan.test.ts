import { describe, expect, test } from 'vitest';
import { PEOPLE, SOUND, type TinyOptions } from '../testing/tiny-api.ts';
import { scanTiny, tinyIdentities } from '../testing/scan-tiny.ts';
import { exitOf } from './conclusion.ts';

const ALL = [...SOUND.self, 'secret'];

test('a sound API is clean: nothing is proven, likely or lost, and every attempt has a cell', async () => {
  const result = await scanTiny();
  expect(new Set(result.cells.map(({ verdict }) => verdict))).toEqual(new Set(['by-design', 'enforced']));
  expect([result.findings, exitOf(result)]).toEqual([[], 0]);
  expect(result.verdict('anonymous', 'alba', 'name')).toBe('enforced');
  expect(result.verdict('cato', 'bo', 'city')).toBe('enforced');
  expect(result.verdict('dina', 'bo', 'city')).toBe('by-design');
  expect(result.verdict('alba', 'alba', 'weight')).toBe('by-design');
});

describe('the value of an owner in a response', () => {
  const leaks: readonly (readonly [title: string, options: TinyOptions, cell: readonly [string, string, string]])[] = [
    ['anonymous callers read every person', { releases: { anonymous: ALL } }, ['anonymous', 'alba', 'name']],
    ['a member reads a field that only its owner may see', { releases: { member: ALL } }, ['cato', 'alba', 'weight']],
    ['a private profile is returned', { releases: { 'member:private': SOUND.member } }, ['cato', 'bo', 'city']],
    ['a field that nobody may see is returned to its owner', { releases: { self: ALL } }, ['alba', 'alba', 'secret']],
    [
      'the data is in an error response',
      { user: ({ owner, caller }) => (caller === 'cato' && owner ? { status: 403, body: owner } : undefined) },
      ['cato', 'alba', 'weight'],
    ],
    [
      'the data is in an undeclared envelope',
      {
        user: ({ owner, caller }) =>
          caller ? undefined : { status: 302, body: { error: 'log in', debug: { was: owner } } },
      },
      ['anonymous', 'alba', 'city'],
    ],
  ];
  test.each(leaks)('proves a leak where %s', async (_title, options, [attacker, owner, field]) => {
    const result = await scanTiny(options);
    expect(result.verdict(attacker, owner, field)).toBe('proven');
    expect(exitOf(result)).toBe(1);
  });

  const sound: readonly (readonly [title: string, options: TinyOptions, verdict: string])[] = [
    [
      'the id is ignored and the caller gets its own',
      { user: ({ caller }) => (caller ? { body: PEOPLE[caller] } : undefined), releases: { self: ALL } },
      'enforced',
    ],
    [
      'an error is returned with status 200',
      {
        user: ({ caller, owner, released }) =>
          caller && PEOPLE[caller] !== owner ? { body: { error: 'forbidden', requested: released['id'] } } : undefined,
      },
      'enforced',
    ],
    [
      'an empty object is returned',
      { user: ({ caller, owner }) => (caller && PEOPLE[caller] !== owner ? { body: {} } : undefined) },
      'enforced',
    ],
    [
      'a redirect to a page is returned',
      {
        user: ({ caller, owner }) =>
          caller && PEOPLE[caller] !== owner ? { status: 302, type: 'text/html', body: '<a>log in</a>' } : undefined,
      },
      'enforced',
    ],
  ];
  test.each(sound)('proves nothing where %s', async (_title, options, verdict) => {
    const result = await scanTiny(options);
    expect(result.verdict('cato', 'alba', 'weight')).toBe(verdict);
    expect(result.cells.filter((cell) => cell.verdict === 'proven' && cell.owner !== cell.attacker)).toEqual([]);
  });

  test('proves nothing where the requested id is only echoed beside the caller’s own data', async () => {
    const echo: TinyOptions = {
      user: ({ caller, id }) => (caller ? { body: { ...PEOPLE[caller], id } } : { status: 401, body: {} }),
    };
    const result = await scanTiny(echo);
    expect(result.cells.filter(({ verdict, attacker, owner }) => verdict === 'proven' && attacker !== owner)).toEqual(
      [],
    );
  });

  test('is likely at most where it differs from what the owner reads', async () => {
    const redacted: TinyOptions = {
      user: ({ caller, owner, released }) =>
        caller === 'cato' && owner === PEOPLE.bo ? { body: { ...released, city: 'somewhere' } } : undefined,
    };
    const result = await scanTiny(redacted);
    expect(result.verdict('cato', 'bo', 'city')).toBe('likely');
    expect(exitOf(result)).toBe(3);
  });

  test('is not received where it is the literal of `instead`', async () => {
    const { tinyContract } = await import('../testing/tiny-contract.ts');
    const contract = tinyContract((text) => text.replace('class: body.weight', 'class: body.weight, instead: 0'));
    const result = await scanTiny(
      {
        user: ({ caller, owner, released }) =>
          caller && owner !== PEOPLE[caller] ? { body: { ...released, weight: 0 } } : undefined,
      },
      { contract },
    );
    expect(result.verdict('cato', 'alba', 'weight')).toBe('enforced');
  });
});

test('a field that is withheld from a friend who is allowed it is lost', async () => {
  const result = await scanTiny({ releases: { friend: SOUND['member:private'] } });
  expect(result.verdict('dina', 'bo', 'city')).toBe('lost');
  expect(exitOf(result)).toBe(3);
});

test('a field that depends on an unknown relation is inconclusive, never proven', async () => {
  const result = await scanTiny(
    { releases: { 'member:private': SOUND.member } },
    { identities: tinyIdentities(['bo', 'cato'], false) },
  );
  const cell = result.cells.find(
    ({ attacker, owner, field }) => attacker === 'cato' && owner === 'bo' && field === 'city',
  );
  expect([cell?.verdict, cell?.reason]).toEqual(['inconclusive', 'unknown: friend']);
});

test('a state on which the identities file and the API disagree is unknown', async () => {
  const identities = tinyIdentities(['alba', 'bo', 'cato']);
  const changed = identities.identities.map((each) => (each.name === 'alba' ? { ...each, states: ['private'] } : each));
  const result = await scanTiny({}, { identities: { ...identities, identities: changed } });
  expect(result.conflicts).toEqual(['alba is private']);
  expect(result.verdict('cato', 'alba', 'city')).toBe('inconclusive');
});

test('a leak that does not happen again when the request is repeated is only likely', async () => {
  let leaks = 1;
  const once: TinyOptions = {
    user: ({ caller, owner }) =>
      caller === 'cato' && owner === PEOPLE.alba && leaks-- > 0 ? { body: owner } : undefined,
  };
  const result = await scanTiny(once);
  expect(result.verdict('cato', 'alba', 'weight')).toBe('likely');
});

test('a value that changes each time its owner reads it proves nothing', async () => {
  let count = 0;
  const noisy: TinyOptions = {
    releases: { member: ALL },
    user: ({ released }) =>
      Object.keys(released).length > 0 ? { body: { ...released, weight: 50 + (count += 1) } } : undefined,
    me: ({ caller, released }) => (caller ? { body: { ...released, weight: 50 + (count += 1) } } : undefined),
  };
  const result = await scanTiny(noisy);
  expect(result.verdict('cato', 'alba', 'weight')).toBe('likely');
});

test('two scans of the same API have the same cells and findings', async () => {
  const options = { releases: { anonymous: SOUND.member, member: ALL } };
  const [first, second] = [await scanTiny(options), await scanTiny(options)];
  expect(second.cells).toEqual(first.cells);
  expect(second.findings).toEqual(first.findings);
});

test('a request that may change data is never sent, and is listed as not tested', async () => {
  const result = await scanTiny();
  expect(result.api.log.filter((line) => !line.startsWith('GET') && !line.startsWith('POST /login'))).toEqual([]);
  expect(result.notTested.map(({ operation }) => operation)).toEqual(['POST /login', 'POST /users/remove']);
  expect(result.nobodys).toBe(1);
});

test('at most seven requests are sent per object, caller and operation', async () => {
  const { api } = await scanTiny({ releases: { anonymous: ALL, member: ALL } });
  const counts = new Map<string, number>();
  for (const line of api.log.filter((each) => each.includes('/user/'))) counts.set(line, (counts.get(line) ?? 0) + 1);
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(7);
  expect(counts.size).toBeGreaterThan(10);
});

test('an interrupted scan has the results so far, and proves nothing', async () => {
  const interrupt = new AbortController();
  const result = await scanTiny(
    { releases: { anonymous: ALL, member: ALL } },
    {
      signal: interrupt.signal,
      onEvent: (event) => {
        if (event.type === 'tried' && event.done === 2) interrupt.abort();
      },
    },
  );
  expect([result.interrupted, exitOf(result)]).toEqual([true, 130]);
  expect(result.cells.filter(({ verdict }) => verdict === 'proven')).toEqual([]);
});
