import { describe, expect, test } from 'vitest';
import { textReport } from '../report/text-report.ts';
import type { SmallAnswer, SmallRequest } from '../testing/small-server.ts';
import { startSmallServer } from '../testing/small-server.ts';
import { planSmall, proveSmall } from '../testing/prove-server.ts';
import { proveFiles } from './prove-files.ts';
import { exitOfProven, proveJson, proveReport } from './prove-report.ts';
import { planText } from './prove-plan.ts';

const USERS = {
  alice: {
    id: '5f0a1b2c-0001-4a7e-9d10-aaaaaaaaaaaa',
    email: 'alice.zq7k@example.test',
    password_hash: 'hash-of-alice-9f2e',
  },
  bob: {
    id: '5f0a1b2c-0002-4a7e-9d10-bbbbbbbbbbbb',
    email: 'bob.yr4t@example.test',
    password_hash: 'hash-of-bob-71cc',
  },
} as const;
const userOf = (id: string | undefined) => Object.values(USERS).find((each) => each.id === id);
const NOTES = Object.entries(USERS).flatMap(([name, { id }], index) =>
  [1, 2].map((number) => ({
    id: `7c1e0000-000${index}-4000-8000-00000000000${number}`,
    user_id: id,
    text: `zq7k note ${number} of ${name} ${index}f8a1`,
  })),
);

/** Notes by id for everybody who is logged in (a leak), the own account, and the own list. */
function notesApi({ path, caller }: SmallRequest): SmallAnswer {
  const me = USERS[caller as keyof typeof USERS];
  if (!me) return { status: 401 };
  if (path === '/me') return { body: me };
  if (path === '/notes') return { body: NOTES.filter(({ user_id }) => user_id === me.id) };
  const note = NOTES.find(({ id }) => path === `/notes/${id}`);
  if (note) return { body: note };
  const user = userOf(/^\/users\/(.+)$/.exec(path)?.[1]);
  return user && user === me ? { body: user } : { status: user ? 403 : 404 };
}

const ANSWERS = 'Note: self\nUser.contact: self\nUser: self\n';

describe('from one copied request and a second credential', () => {
  test('objects of a list are read by their id, and what reaches a stranger is proven once it was answered', async () => {
    const { origin } = await startSmallServer(notesApi);
    const proven = await proveSmall({ origin, targets: ['/notes', '/me'], answers: ANSWERS });
    const leaks = proven.scan?.findings.filter(({ verdict }) => verdict === 'proven') ?? [];
    expect(
      leaks.map(({ operation, fields }) => [operation, fields.some((each) => each.endsWith('.text'))]),
    ).toContainEqual(['GET /notes/{id}', true]);
    expect(exitOfProven(proven)).toBe(1);
  });

  test('without an answer it is undecided and asked, never proven and never clean', async () => {
    const { origin } = await startSmallServer(notesApi);
    const proven = await proveSmall({ origin, targets: ['/notes', '/me'] });
    const cells = proven.scan?.cells.filter(
      ({ resource, attacker, owner }) => resource === 'Note' && attacker !== owner,
    );
    expect(cells?.length).toBeGreaterThan(4);
    expect(cells?.filter(({ verdict }) => verdict === 'proven' || verdict === 'by-design')).toEqual([]);
    expect(proven.draft.questions.map(({ about }) => about)).toContain('Note');
  });

  test('what no answer is needed for is proven without one: a password hash that its owner reads', async () => {
    const { origin } = await startSmallServer(notesApi);
    const { scan } = await proveSmall({ origin, targets: ['/notes', '/me'] });
    expect(scan?.cells.filter(({ verdict }) => verdict === 'proven').map(({ field }) => field)).toContain(
      'password_hash',
    );
  });

  test('only GET is sent, and nothing else', async () => {
    const { origin, log } = await startSmallServer(notesApi);
    await proveSmall({ origin, targets: ['/notes', '/me'] });
    expect(log.length).toBeGreaterThan(20);
    expect(log.filter((each) => !each.startsWith('GET '))).toEqual([]);
  });

  test('three runs have the same findings', async () => {
    const { origin } = await startSmallServer(notesApi);
    const runs = [];
    for (let run = 0; run < 3; run++)
      runs.push((await proveSmall({ origin, targets: ['/notes', '/me'], answers: ANSWERS })).scan?.findings);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });

  test('no secret and no personal value is in a file or a report, but the ids of the own accounts', async () => {
    const { origin } = await startSmallServer(notesApi);
    const proven = await proveSmall({ origin, targets: ['/notes', '/me'], answers: ANSWERS });
    const files = proveFiles(proven, { file: 'contract.yaml', lineOf: () => 1 });
    const plain = (_style: unknown, text: string): string => text;
    const written = [
      ...files.map(({ text }) => text),
      proveReport(proven, { paint: plain, next: [] }),
      JSON.stringify(proveJson(proven)),
      proven.scan ? textReport(proven.scan, plain) : '',
    ].join('\n');
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['contract.yaml', 'identities.yaml', 'report.json']),
    );
    expect(written).toContain('env: bob');
    for (const value of ['token-of-', 'zq7k', 'hash-of-', '@example.test']) expect(written).not.toContain(value);
  });
});

test('the plan tells before anything is sent what will be sent, and what never will', async () => {
  const { origin, log } = await startSmallServer(notesApi);
  const plan = await planSmall({ origin, targets: ['/notes', '/users/delete-all', '/account/logout'] });
  const text = planText(plan);
  expect(text).toContain('GET /notes');
  expect(text).toMatch(/delete-all: its name has the word "delete"/);
  expect(text).toMatch(/logout: its name has the word "logout"/);
  expect(log).toEqual([]);
});
