import { expect, test } from 'vitest';
import { PEOPLE, SOUND, type TinyOptions } from '../testing/tiny-api.ts';
import { scanTiny, tinyIdentities, tinyOptions } from '../testing/scan-tiny.ts';
import { exitOf } from './conclusion.ts';
import { scan } from './scan.ts';

const stops: readonly (readonly [title: string, code: string, names: string, options: TinyOptions])[] = [
  [
    'does not get its own object',
    'LP-IDENTITY-DEAD',
    'bo',
    { me: ({ caller }) => (caller === 'bo' ? { status: 401, body: {} } : undefined) },
  ],
  [
    'gets the object of another person',
    'LP-IDENTITY-DEAD',
    'bo',
    { me: ({ caller }) => (caller === 'bo' ? { body: PEOPLE.alba } : undefined) },
  ],
  ['logs in as the same principal as another', 'LP-IDENTITY-DOUBLED', '"bo" and "cato"', { loginAs: { cato: 'bo' } }],
  [
    'gets nothing that an anonymous caller does not get',
    'LP-IDENTITY-DOUBLED',
    'alba',
    { me: () => ({ body: PEOPLE.alba }) },
  ],
  ['gets its own object only some of the time', 'LP-IDENTITY-DEAD', 'alba', { lasts: { alba: 1 } }],
];
test.each(stops)('an identity that %s stops the scan with %s, naming %s', async (...row) => {
  const [, code, names, options] = row;
  await expect(scanTiny(options)).rejects.toMatchObject({ code, message: expect.stringContaining(names) as string });
});

test('an identity whose login fails stops the scan', async () => {
  const identities = tinyIdentities();
  const wrong = identities.identities.map((each) =>
    each.login ? { ...each, login: { ...each.login, pointer: '/nothing' } } : each,
  );
  await expect(scanTiny({}, { identities: { ...identities, identities: wrong } })).rejects.toMatchObject({
    code: 'LP-IDENTITY-DEAD',
  });
});

test.each(['line\nbreak', 'ключ', ''])('a credential that no header can carry stops the scan: %j', async (secret) => {
  const { identities } = tinyIdentities(['alba', 'bo']);
  const withToken = identities.map(({ login: _login, ...each }) => ({
    ...each,
    token: { from: { env: 'TOKEN' }, send: 'bearer' as const },
  }));
  await expect(
    scanTiny({}, { identities: { leakproof: 1, identities: withToken }, readSecret: () => Promise.resolve(secret) }),
  ).rejects.toMatchObject({ code: 'LP-SECRET-MISSING' });
});

test('a server that does not respond stops the scan', async () => {
  await expect(scan(tinyOptions(1))).rejects.toMatchObject({ code: 'LP-TARGET-UNREACHABLE' });
});

test('a token that expires is renewed once, and the attempts made with it are repeated', async () => {
  const result = await scanTiny({ lasts: { cato: 9 }, releases: { member: [...SOUND.self] } });
  expect(result.verdict('cato', 'alba', 'weight')).toBe('proven');
  expect(result.api.log.filter((line) => line.startsWith('POST /login')).length).toBeGreaterThan(4);
});

test('a field that is not returned to a dead token is inconclusive, never enforced', async () => {
  const dies: TinyOptions = {
    user: ({ caller }) => (caller === 'cato' && deaths++ >= 0 ? { status: 401, body: {} } : undefined),
    me: ({ caller }) => (caller === 'cato' && deaths > 3 ? { status: 401, body: {} } : undefined),
  };
  let deaths = 0;
  const result = await scanTiny(dies);
  const cell = result.cells.find(
    ({ attacker, owner, field }) => attacker === 'cato' && owner === 'bo' && field === 'city',
  );
  expect([cell?.verdict, cell?.reason]).toEqual(['inconclusive', 'its credential stopped working']);
  expect(exitOf(result)).toBe(3);
});

test('an identity with `probe: none` can prove a leak, but its absence of data proves nothing', async () => {
  const identities = tinyIdentities();
  const blind = identities.identities.map((each) => (each.name === 'cato' ? { ...each, probe: 'none' } : each));
  const result = await scanTiny(
    { releases: { 'member:private': SOUND.member } },
    { identities: { ...identities, identities: blind } },
  );
  expect(result.verdict('cato', 'bo', 'city')).toBe('proven');
  expect(result.verdict('cato', 'alba', 'weight')).toBe('inconclusive');
});
