import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@leakproof/desk';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../run.ts';

afterEach(() => vi.restoreAllMocks());

interface Run {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

const CONTRACT = `
leakproof: 1
api: { servers: { us: { rest: 'http://127.0.0.1:1' }, uk: { rest: 'http://127.0.0.1:2' } } }
owners: { person: { subject: true } }
resources: { Ride: { owner: none, see: anyone, fields: { id: anyone } } }
operations: { GET /rides: { by: anyone, returns: [ Ride ] } }
`;

/** Runs verbs of the desk on one database. */
function deskIn(): { folder: string; desk: (...argv: string[]) => Promise<Run> } {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'desk.yaml'),
    `database: ${join(folder, 'desk.db')}\nsecurityTxt: { hosts: [api.example.org], contact: ['mailto:s@example.org'] }\npublisher: { name: Cadence, namespace: https://cadence.example, contact: s@example.org, product: API }\n`,
  );
  writeFileSync(join(folder, 'report.txt'), 'Anyone reads any profile.');
  return {
    folder,
    desk: async (...argv) => {
      let [out, err] = ['', ''];
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
      vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
      const exit = await run([
        'desk',
        ...argv.map((each) => each.replace('FOLDER', folder)),
        '--config',
        join(folder, 'desk.yaml'),
      ]);
      vi.restoreAllMocks();
      return { exit, out, err };
    },
  };
}

test('a report that came in by hand is overdue by when it arrived, and its advisory can be printed', async () => {
  const { desk } = deskIn();
  const added = await desk(
    'add',
    'FOLDER/report.txt',
    '--title',
    'Any profile is open',
    '--arrived',
    '2021-01-20T15:00:00Z',
  );
  expect([added.exit, added.err]).toEqual([0, '']);
  const [id = ''] = added.out.split('\n');
  const listed = await desk('list');
  expect([listed.exit, listed.out]).toEqual([
    1,
    expect.stringMatching(new RegExp(`${id} +ours +2021-01-25 15:00`)) as string,
  ]);
  expect(JSON.parse((await desk('list', '--json')).out)).toEqual([
    expect.objectContaining({ case: id, isOverdue: true }),
  ]);
  expect((await desk('advisory', id)).out).toContain('API gave personal data');
  expect(JSON.parse((await desk('metrics')).out)).toMatchObject({ received: 1 });
  expect(JSON.parse((await desk('register')).out)).toHaveLength(1);
  expect((await desk('retest')).exit).toBe(0);
});

test('mails open cases, staff have keys, and a backup restores', async () => {
  const { desk, folder } = deskIn();
  writeFileSync(join(folder, 'a.eml'), 'From: rs@example.org\nSubject: A leak\n\nx\n');
  expect((await desk('mail', 'FOLDER/a.eml')).out).toMatch(/a\.eml: D-/);
  expect((await desk('staff', 'add', 'ann', '--role', 'lead')).out).toContain('Key of ann');
  expect((await desk('staff', 'list')).out).toBe('ann  lead  \n');
  expect((await desk('backup', 'FOLDER/b')).exit).toBe(0);
  expect((await desk('restore', 'FOLDER/b')).err).toContain('LP-STORE-NOT-EMPTY');
  writeFileSync(join(folder, 'desk.yaml'), `database: ${join(folder, 'other.db')}\n`);
  expect((await desk('restore', 'FOLDER/b')).exit).toBe(0);
  expect((await desk('staff', 'remove', 'ann')).exit).toBe(0);
  expect((await desk('list', '--json')).out).toContain('A leak');
});

test('security.txt is printed for the hosts of the configuration', async () => {
  const { desk, folder } = deskIn();
  expect((await desk('securitytxt', 'gen', 'api.example.org')).out).toContain(
    'Canonical: https://api.example.org/.well-known/security.txt',
  );
  expect((await desk('securitytxt', 'check', '127.0.0.1:1')).exit).toBe(1);
  writeFileSync(join(folder, 'contract.yaml'), CONTRACT);
  const checked = await desk('securitytxt', 'check', '--contract', 'FOLDER/contract.yaml');
  expect(checked.out.match(/^127.*: 1 errors$/gm)).toEqual(['127.0.0.1:1: 1 errors', '127.0.0.1:2: 1 errors']);
});

test.each([
  ['LP-SECURITY-TXT-INVALID', ['securitytxt', 'gen', 'other.example.org']],
  ['LP-USAGE', ['add', 'FOLDER/report.txt', '--title', 'x', '--arrived', 'tomorrow']],
  ['LP-USAGE', ['staff', 'add', 'ann', '--role', 'king']],
  ['LP-FILE-UNREADABLE', ['mail', 'FOLDER/none.eml']],
  ['LP-MAIL-UNREADABLE', ['mail', 'FOLDER/report.txt']],
  ['LP-DESK-CASE-UNKNOWN', ['advisory', 'D-0000000000']],
  ['LP-DESK-INPUT-INVALID', ['add', 'FOLDER/report.txt', '--title', ' ']],
])('what cannot be done fails with %s', async (code, argv) => {
  const { desk } = deskIn();
  const { exit, err } = await desk(...argv);
  expect([exit, err]).toEqual([2, expect.stringContaining(code) as string]);
});

test('`desk init` writes files that the desk reads, and never over others', async () => {
  const { folder } = deskIn();
  const before = readFileSync(join(folder, 'desk.yaml'), 'utf8');
  let err = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  expect(await run(['desk', 'init', '--out', folder])).toBe(2);
  expect([err, readFileSync(join(folder, 'desk.yaml'), 'utf8')]).toEqual([
    expect.stringContaining('exists already') as string,
    before,
  ]);
  const fresh = join(folder, 'fresh');
  expect(await run(['desk', 'init', '--out', fresh, '--name', 'Cadence: "security"'])).toBe(0);
  expect(readConfig(readFileSync(join(fresh, 'desk.yaml'), 'utf8'))).toMatchObject({
    name: 'Cadence: "security"',
    policy: 'policy.md',
  });
  const template = readFileSync(join(fresh, 'desk.yaml'), 'utf8');
  expect(readConfig(template.replaceAll(/^# /gm, ''))).toMatchObject({
    mail: {},
    webhooks: {},
    retest: {},
    ledger: {},
    publisher: {},
  });
  expect(readFileSync(join(fresh, 'policy.md'), 'utf8')).toContain('Safe harbor');
});
