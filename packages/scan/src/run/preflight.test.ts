import { expect, test } from 'vitest';
import { PEOPLE, SOUND, type TinyOptions } from '../testing/tiny-api.ts';
import { scanTiny, tinyIdentities, tinyOptions } from '../testing/scan-tiny.ts';
import { exitOf } from './scan-result.ts';
import { scan } from './scan.ts';

const stops: readonly (readonly [title: string, code: string, names: string, options: TinyOptions])[] = [
  [
    'is told nothing about itself',
    'LP-IDENTITY-DEAD',
    'bo',
    { me: ({ caller }) => (caller === 'bo' ? { status: 401, body: {} } : undefined) },
  ],
  [
    'is told about somebody else',
    'LP-IDENTITY-DEAD',
    'bo',
    { me: ({ caller }) => (caller === 'bo' ? { body: PEOPLE.alba } : undefined) },
  ],
  ['logs in as another identity does', 'LP-IDENTITY-DOUBLED', '"bo" and "cato"', { loginAs: { cato: 'bo' } }],
  ['is told no more than nobody is', 'LP-IDENTITY-DOUBLED', 'alba', { me: () => ({ body: PEOPLE.alba }) }],
  ['is told about itself only now and then', 'LP-IDENTITY-DEAD', 'alba', { lasts: { alba: 1 } }],
];
test.each(stops)('an identity that %s stops the run by %s, naming %s', async (_title, code, names, options) => {
  await expect(scanTiny(options)).rejects.toMatchObject({ code, message: expect.stringContaining(names) as string });
});

test('an identity whose login is refused stops the run', async () => {
  const identities = tinyIdentities();
  const wrong = identities.identities.map((each) =>
    each.login ? { ...each, login: { ...each.login, pointer: '/nothing' } } : each,
  );
  await expect(scanTiny({}, { identities: { ...identities, identities: wrong } })).rejects.toMatchObject({
    code: 'LP-IDENTITY-DEAD',
  });
});

test('a server that does not answer stops the run, and is not called sound', async () => {
  await expect(scan(tinyOptions(1))).rejects.toMatchObject({ code: 'LP-TARGET-UNREACHABLE' });
});

test('a token that expires is renewed once, and the tries it spoiled are made again', async () => {
  const result = await scanTiny({ lasts: { cato: 9 }, releases: { member: [...SOUND.self] } });
  expect(result.verdict('cato', 'alba', 'weight')).toBe('proven');
  expect(result.api.log.filter((line) => line.startsWith('POST /login')).length).toBeGreaterThan(4);
});

test('what a dead token is refused is inconclusive, never enforced', async () => {
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

test('an identity that says it cannot be shown to be alive may prove a leak, and nothing by being refused', async () => {
  const identities = tinyIdentities();
  const blind = identities.identities.map((each) => (each.name === 'cato' ? { ...each, probe: 'none' } : each));
  const result = await scanTiny(
    { releases: { 'member:private': SOUND.member } },
    { identities: { ...identities, identities: blind } },
  );
  expect(result.verdict('cato', 'bo', 'city')).toBe('proven');
  expect(result.verdict('cato', 'alba', 'weight')).toBe('inconclusive');
});
