import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@leakproof/cli';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { CONTRACT, type Cadence, startCadence } from '../support/cadence.ts';
import { identitiesFor } from '../support/identities.ts';

const HOSTS = ['api.us', 'api.uk', 'gql.us', 'gql.uk'];
const PEOPLE = ['pia', 'sam', 'fay'];

let cadence: Cadence;
let folder: string;
beforeAll(async () => {
  cadence = await startCadence({ members: 100 });
  folder = mkdtempSync(join(tmpdir(), 'leakproof-scan-'));
  const { identities } = identitiesFor(cadence.lab, PEOPLE, new Set(Object.keys(cadence.file.contract.states)));
  const here = identities.filter(({ server }) => server === 'us');
  writeFileSync(join(folder, 'identities.yaml'), JSON.stringify({ leakproof: 1, identities: here }));
});
afterAll(async () => {
  await cadence.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function leakproof(...argv: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  const exit = await run(argv);
  vi.restoreAllMocks();
  return { exit, out, err };
}

const files = (): string[] => ['--contract', CONTRACT, '--identities', join(folder, 'identities.yaml')];
const resolve = (port: number): string[] =>
  HOSTS.flatMap((host) => ['--resolve', `${host}.lab.test:80:127.0.0.1:${port}`]);

test(
  'a leak is proven, and its proof contains no personal data; replays follow it until it is closed',
  { timeout: 90_000 },
  async () => {
    const { lab } = cadence;
    lab.setStage('open');
    const scanned = await leakproof('scan', ...files(), ...resolve(lab.port), '--out', join(folder, 'out'));
    expect(scanned.exit).toBe(1);
    expect(scanned.out.indexOf('Not tested')).toBeLessThan(scanned.out.indexOf('Proven'));
    expect(scanned.err).toContain('3 identities are logged in and distinct');

    const proofs = readdirSync(join(folder, 'out', 'proofs'));
    const proof = proofs.find((name) => name.includes('stats-workouts-details-anyone')) ?? '';
    const written = [...proofs.map((name) => join('proofs', name)), 'report.json'].map((name) =>
      readFileSync(join(folder, 'out', name), 'utf8'),
    );
    const people = lab.identities.filter(({ name }) => PEOPLE.includes(name));
    const values = people.flatMap(({ userId, password }) => [userId, password]);
    for (const text of [...written, scanned.out, scanned.err]) {
      for (const value of [...values, 'Town-', '@mail.', 'eyJhbGciOi']) expect(text).not.toContain(value);
    }

    const again = (): Promise<Ran> =>
      leakproof('replay', join(folder, 'out', 'proofs', proof), ...files(), ...resolve(lab.port));
    const stages: readonly (readonly [stage: string, verdict: string, exit: number])[] = [
      ['open', '✗ open', 1],
      ['members', '◐ half fixed', 1],
      ['sealed', '✓ closed', 0],
    ];
    for (const [stage, verdict, exit] of stages) {
      lab.setStage(stage);
      const replayed = await again();
      expect([stage, replayed.exit, replayed.out.split('\n')[0]]).toEqual([stage, exit, verdict]);
    }
    const down = await leakproof('replay', join(folder, 'out', 'proofs', proof), ...files(), ...resolve(1));
    expect([down.exit, down.out]).toEqual([3, expect.stringContaining('? cannot tell')]);
  },
);

test.each<[string, number, () => string[]]>([
  ['LP-USAGE', 2, () => ['scan', ...files(), '--resolve', 'nonsense']],
  ['argument missing', 2, () => ['scan', ...files(), '--resolve']],
  ['LP-FILE-UNREADABLE', 2, () => ['scan', '--contract', CONTRACT, '--identities', join(folder, 'absent.yaml')]],
  ['LP-IDENTITIES-INVALID', 2, () => ['scan', '--contract', CONTRACT, '--identities', CONTRACT]],
  [
    'LP-TARGET-REFUSED',
    2,
    () => ['scan', ...files(), ...resolve(1).map((each) => each.replace('127.0.0.1', '192.0.2.1'))],
  ],
  ['LP-TARGET-UNREACHABLE', 3, () => ['scan', ...files(), ...resolve(1)]],
  ['LP-PROOF-INVALID', 2, () => ['replay', join(folder, 'identities.yaml'), ...files(), ...resolve(1)]],
])('a command that cannot run as requested fails with %s and exits with %i', async (code, exit, argv) => {
  const ran = await leakproof(...argv());
  expect([ran.exit, ran.err, ran.out]).toEqual([exit, expect.stringContaining(code), '']);
});
