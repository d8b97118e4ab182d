import { describe, expect, test } from 'vitest';
import { PEOPLE, SOUND, type TinyOptions } from '../testing/tiny-api.ts';
import { scanTiny, tinyIdentities } from '../testing/scan-tiny.ts';
import { exitOf } from './scan-result.ts';

const ALL = [...SOUND.self, 'secret'];

test('a sound API is clean: nothing proven, nothing likely, nothing lost, and every try of it told', async () => {
  const result = await scanTiny();
  expect(new Set(result.cells.map(({ verdict }) => verdict))).toEqual(new Set(['by-design', 'enforced']));
  expect([result.findings, exitOf(result)]).toEqual([[], 0]);
  expect(result.verdict('anonymous', 'alba', 'name')).toBe('enforced');
  expect(result.verdict('cato', 'bo', 'city')).toBe('enforced');
  expect(result.verdict('dina', 'bo', 'city')).toBe('by-design');
  expect(result.verdict('alba', 'alba', 'weight')).toBe('by-design');
});

describe('whose value reached whom', () => {
  const leaks: readonly (readonly [title: string, options: TinyOptions, cell: readonly [string, string, string]])[] = [
    ['anybody reads everybody', { releases: { anonymous: ALL } }, ['anonymous', 'alba', 'name']],
    ['a member reads what is its owner’s alone', { releases: { member: ALL } }, ['cato', 'alba', 'weight']],
    ['a private profile is not obeyed', { releases: { 'member:private': SOUND.member } }, ['cato', 'bo', 'city']],
    ['what nobody may see is told its owner', { releases: { self: ALL } }, ['alba', 'alba', 'secret']],
    [
      'the data stands in a refusal',
      { user: ({ owner, caller }) => (caller === 'cato' && owner ? { status: 403, body: owner } : undefined) },
      ['cato', 'alba', 'weight'],
    ],
    [
      'the data stands in an envelope nobody declared',
      {
        user: ({ owner, caller }) =>
          caller ? undefined : { status: 302, body: { error: 'log in', debug: { was: owner } } },
      },
      ['anonymous', 'alba', 'city'],
    ],
  ];
  test.each(leaks)('it is proven that %s', async (_title, options, [attacker, owner, field]) => {
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
      'a refusal comes as 200 with an error in it',
      {
        user: ({ caller, owner, released }) =>
          caller && PEOPLE[caller] !== owner ? { body: { error: 'not yours', asked: released['id'] } } : undefined,
      },
      'enforced',
    ],
    [
      'an empty object comes',
      { user: ({ caller, owner }) => (caller && PEOPLE[caller] !== owner ? { body: {} } : undefined) },
      'enforced',
    ],
    [
      'a redirect to a page comes',
      {
        user: ({ caller, owner }) =>
          caller && PEOPLE[caller] !== owner ? { status: 302, type: 'text/html', body: '<a>log in</a>' } : undefined,
      },
      'enforced',
    ],
  ];
  test.each(sound)('nothing is proven where %s', async (_title, options, verdict) => {
    const result = await scanTiny(options);
    expect(result.verdict('cato', 'alba', 'weight')).toBe(verdict);
    expect(result.cells.filter((cell) => cell.verdict === 'proven' && cell.owner !== cell.attacker)).toEqual([]);
  });

  test('an id that is only echoed beside the caller’s own data is not the owner’s object', async () => {
    const echo: TinyOptions = {
      user: ({ caller, id }) => (caller ? { body: { ...PEOPLE[caller], id } } : { status: 401, body: {} }),
    };
    const result = await scanTiny(echo);
    expect(result.cells.filter(({ verdict, attacker, owner }) => verdict === 'proven' && attacker !== owner)).toEqual(
      [],
    );
  });

  test('what only differs from what the owner reads is likely at most', async () => {
    const redacted: TinyOptions = {
      user: ({ caller, owner, released }) =>
        caller === 'cato' && owner === PEOPLE.bo ? { body: { ...released, city: 'somewhere' } } : undefined,
    };
    const result = await scanTiny(redacted);
    expect(result.verdict('cato', 'bo', 'city')).toBe('likely');
    expect(exitOf(result)).toBe(3);
  });

  test('the literal that takes the place of a withheld value is nothing received', async () => {
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

test('a seal that takes from a friend what is meant for a friend is told as lost', async () => {
  const result = await scanTiny({ releases: { friend: SOUND['member:private'] } });
  expect(result.verdict('dina', 'bo', 'city')).toBe('lost');
  expect(exitOf(result)).toBe(3);
});

test('a relation that nobody knows makes it inconclusive, and never proven', async () => {
  const result = await scanTiny(
    { releases: { 'member:private': SOUND.member } },
    { identities: tinyIdentities(['bo', 'cato'], false) },
  );
  const cell = result.cells.find(
    ({ attacker, owner, field }) => attacker === 'cato' && owner === 'bo' && field === 'city',
  );
  expect([cell?.verdict, cell?.reason]).toEqual(['inconclusive', 'not known: friend']);
});

test('what the file and the API say differently of a state is taken as not known', async () => {
  const identities = tinyIdentities(['alba', 'bo', 'cato']);
  const says = identities.identities.map((each) => (each.name === 'alba' ? { ...each, states: ['private'] } : each));
  const result = await scanTiny({}, { identities: { ...identities, identities: says } });
  expect(result.conflicts).toEqual(['alba is private']);
  expect(result.verdict('cato', 'alba', 'city')).toBe('inconclusive');
});

test('a proven cell that does not come again when it is replayed is only likely', async () => {
  let leaks = 1;
  const once: TinyOptions = {
    user: ({ caller, owner }) =>
      caller === 'cato' && owner === PEOPLE.alba && leaks-- > 0 ? { body: owner } : undefined,
  };
  const result = await scanTiny(once);
  expect(result.verdict('cato', 'alba', 'weight')).toBe('likely');
});

test('a value that its owner never reads the same twice proves nothing', async () => {
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

test('two scans of the same API tell the same cells and findings', async () => {
  const options = { releases: { anonymous: SOUND.member, member: ALL } };
  const [first, second] = [await scanTiny(options), await scanTiny(options)];
  expect(second.cells).toEqual(first.cells);
  expect(second.findings).toEqual(first.findings);
});

test('what may change something is never sent, and said before anything else', async () => {
  const result = await scanTiny();
  expect(result.api.log.filter((line) => !line.startsWith('GET') && !line.startsWith('POST /login'))).toEqual([]);
  expect(result.notTested.map(({ operation }) => operation)).toEqual(['POST /users/remove']);
  expect(result.nobodys).toBe(2);
});

test('an object, a caller and a door take at most seven requests', async () => {
  const { api } = await scanTiny({ releases: { anonymous: ALL, member: ALL } });
  const counts = new Map<string, number>();
  for (const line of api.log.filter((each) => each.includes('/user/'))) counts.set(line, (counts.get(line) ?? 0) + 1);
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(7);
  expect(counts.size).toBeGreaterThan(10);
});

test('a scan that is interrupted says what it did until then, and proves nothing', async () => {
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
