import { describe, expect, test } from 'vitest';
import type { Sink } from '@leakproof/alert';
import type { Replayed } from '../retest/replay-proof.ts';
import { courtOf } from '../clocks/clocks.ts';
import { threadOf } from '../words/reporter-text.ts';
import { proofOf, testDesk } from '../testing/test-desk.ts';
import { channelOpened } from './pass-time.ts';
import { deliverDue } from './deliver.ts';
import { Desk } from './desk.ts';
import type { OutgoingBody } from './outgoing.ts';

const START = '2021-01-20T15:00:00Z';
const report = {
  title: 'Any caller reads any profile',
  text: 'GET /api/user/7 without a login',
  contact: 'rs@example.org',
};
const file = (name: string, text: string) => ({ name, content: Buffer.from(text) });
const replays =
  (...results: readonly Partial<Replayed>[]) =>
  async (): Promise<Replayed> => {
    const next = results[Math.min(calls++, results.length - 1)];
    return Promise.resolve({ verdict: 'reproduced', why: '', requests: 1, ...next });
  };
let calls = 0;

async function subjects(desk: Desk, id: string): Promise<string[]> {
  return (await desk.context.store.rows.messages(id)).map(
    ({ target, body }) => `${target}: ${(JSON.parse(body) as OutgoingBody).text.split('\n')[0]}`,
  );
}

describe('a report', () => {
  test('is found by its return key, however it is typed, and its key is not kept', async () => {
    const { desk } = await testDesk(START);
    const { id, key } = await desk.submit({ report, channel: 'form' });
    expect((await desk.byKey(key.toLowerCase().replaceAll('-', ' '))).row.id).toBe(id);
    await expect(desk.byKey(`${key}0`)).rejects.toThrow(
      expect.objectContaining({ code: 'LP-DESK-CASE-UNKNOWN' }) as Error,
    );
    expect(JSON.stringify(await desk.context.store.rows.all())).not.toContain(key);
  });

  test('by hand starts its clocks when it arrived', async () => {
    const { desk } = await testDesk(START);
    const { id } = await desk.submit({ report, channel: 'added', arrivedMs: Date.parse('2021-01-18T15:00:00Z') });
    expect((await desk.load(id)).row.dueMs).toBe(Date.parse('2021-01-21T15:00:00Z'));
  });

  test('with a contact is acknowledged by mail at once, which meets no clock', async () => {
    const { desk } = await testDesk(START);
    const { id } = await desk.submit({ report, channel: 'form' });
    expect(await subjects(desk, id)).toEqual([`rs@example.org: We have received your report. Its case is ${id}.`]);
    expect((await desk.load(id)).row.party).toBe('us');
  });
});

test('the silence of 2021: the reporter hears of each missed step by mail, and so does the staff of each step', async () => {
  calls = 0;
  const replayProof = replays({ verdict: 'reproduced' }, { verdict: 'half', why: 'signed-in callers still succeed.' });
  const { desk, at } = await testDesk(START, { replayProof });
  for (const role of ['assignee', 'lead', 'executive'])
    await desk.context.store.rows.putStaff({ name: role, role, keyHash: role, mail: `${role}@example.org` });
  const { id } = await desk.submit({ report, channel: 'form', files: [file('p.json', proofOf('f'))] });
  await desk.retests.idle();
  await desk.staffDoes(id, 'assignee', { do: 'write', text: 'Thank you.' });
  at('2021-01-22T15:00:00Z');
  await desk.reporterWrites(id, 'Any news? I can help.');
  for (const day of ['23', '25', '27', '28', '29']) {
    at(`2021-01-${day}T15:30:00Z`);
    await desk.passTime();
  }
  at('2021-02-01T16:00:00Z');
  await desk.passTime();
  at('2021-02-02T10:00:00Z');
  expect(await desk.retests.enqueueAll('deploy')).toBe(1);
  await desk.retests.idle();
  for (const day of ['03-01', '04-13', '04-20', '05-05']) {
    at(`2021-${day}T16:00:00Z`);
    await desk.passTime();
  }
  const all = await subjects(desk, id);
  const to = (who: string): string => all.filter((each) => each.startsWith(who)).join('\n');
  expect(to('rs@')).toContain('is reproduced');
  expect(to('rs@')).toContain(
    '"A person answers" was due on 2021-01-27 15:00 (UTC). The person in charge has been alerted.',
  );
  expect(to('rs@')).toContain('Their lead has been alerted');
  expect(to('rs@')).toContain('An executive has been alerted');
  expect(to('rs@')).toContain('the leak is half fixed');
  expect(to('rs@')).toContain('The embargo ends on 2021-04-20');
  expect(to('rs@')).toContain('You are free to publish');
  expect(to('rs@')).not.toContain('GDPR');
  expect(to('executive@')).toContain('missed: A person answers (step 3, executive)');
  expect(to('executive@')).not.toContain('(step 1,');
  const { desk: state, events } = await desk.load(id);
  expect([state.embargo, courtOf(state, desk.context.policy)?.party]).toEqual(['exited', 'us']);
  expect(
    threadOf(events, desk.context.policy.calendar)
      .map(({ text }) => text)
      .join('\n'),
  ).not.toContain('GDPR');
});

describe('proofs', () => {
  test('equal findings join as duplicates; each reporter keeps a thread and hears each result, and no other name', async () => {
    calls = 0;
    const { desk } = await testDesk(START, { replayProof: replays({ verdict: 'reproduced' }) });
    const one = await desk.submit({
      report: { ...report, name: 'First Name' },
      channel: 'form',
      files: [file('p', proofOf('f'))],
    });
    const two = await desk.submit({
      report: { ...report, contact: 'two@example.org' },
      channel: 'api',
      files: [file('p', proofOf('f'))],
    });
    await desk.retests.idle();
    const { desk: state, events } = await desk.load(two.id);
    expect(state.duplicateOf).toBe(one.id);
    const thread = threadOf(events, desk.context.policy.calendar)
      .map(({ text }) => text)
      .join('\n');
    expect(thread).toContain('Somebody else has reported the same');
    expect(thread).not.toMatch(new RegExp(`${one.id}|First Name`));
    expect(await desk.retests.enqueueCase(one.id, 'person')).toBe(2);
    await desk.retests.idle();
    expect((await desk.load(two.id)).events.filter(({ body }) => body.kind === 'retest')).toHaveLength(2);
  });

  test('one that needs a person is not run by itself, and a person is told once', async () => {
    const { desk } = await testDesk(START, {
      replayProof: () => Promise.resolve({ needsPerson: 'It may need 90 requests.' }),
    });
    const { id } = await desk.submit({ report, channel: 'form', files: [file('p', proofOf('f'))] });
    await desk.retests.idle();
    await desk.retests.recover();
    await desk.retests.idle();
    const notes = (await desk.load(id)).events.flatMap(({ body }) => (body.kind === 'note' ? [body.text] : []));
    expect(notes).toEqual(['A proof was not run by itself: It may need 90 requests. A person can start it.']);
  });

  test('reproduced cases are listed before others that are due at the same time', async () => {
    calls = 0;
    const { desk } = await testDesk(START, {
      replayProof: replays({ verdict: 'reproduced' }),
      policy: { ...(await testDesk(START)).desk.context.policy, regimes: [] },
    });
    await desk.submit({ report, channel: 'form' });
    const { id } = await desk.submit({ report, channel: 'form', files: [file('p', proofOf('f'))] });
    await desk.retests.idle();
    expect((await desk.context.store.rows.open())[0]?.id).toBe(id);
  });

  test('a proof of a closed case is run for ever; the leak that comes back opens the case, and nothing new is nothing written', async () => {
    calls = 0;
    const replayProof = replays(
      { verdict: 'not reproduced' },
      { verdict: 'not reproduced' },
      { verdict: 'not reproduced' },
      { verdict: 'reproduced' },
    );
    const { desk } = await testDesk(START, { replayProof });
    const { id } = await desk.submit({ report, channel: 'form', files: [file('p', proofOf('f'))] });
    await desk.retests.idle();
    await desk.staffDoes(id, 'ann', { do: 'write', text: 'Hello' });
    await desk.staffDoes(id, 'ann', { do: 'judge', to: 'valid', reason: '' });
    await desk.staffDoes(id, 'ann', { do: 'judge', to: 'accepted', reason: '' });
    await desk.staffDoes(id, 'ann', { do: 'fact', fact: 'fix-ready', reason: '' });
    await desk.staffDoes(id, 'ann', { do: 'fact', fact: 'fix-deployed', reason: '' });
    await desk.retests.idle();
    await desk.staffDoes(id, 'ann', { do: 'close', resolution: 'fixed', reason: '' });
    const before = (await desk.load(id)).events.length;
    await desk.retests.enqueueAll('schedule');
    await desk.retests.idle();
    expect((await desk.load(id)).events.length).toBe(before);
    await desk.retests.enqueueAll('deploy');
    await desk.retests.idle();
    expect((await desk.load(id)).row.party).toBe('us');
  });
});

describe('mail', () => {
  const mail = (id: number, more = '') =>
    Buffer.from(
      `Received: from a by b; Wed, 20 Jan 2021 14:00:00 +0000\nFrom: rs@example.org\nMessage-ID: <${id}@x>\n${more}\n\nText ${id}\n`,
    );

  test('opens a case once, whose clock started when it arrived; an answer joins its thread only from its own address', async () => {
    const { desk } = await testDesk(START);
    const id = await desk.mail(mail(1, 'Subject: A leak'), 0);
    expect(await desk.mail(mail(1, 'Subject: A leak'), 0)).toBe(id);
    expect((await desk.load(id)).desk.arrivedMs).toBe(Date.parse('2021-01-20T14:00:00Z'));
    expect(await desk.mail(mail(2, `Subject: Re: [${id}] A leak`), 0)).toBe(id);
    const forged = Buffer.from(mail(3, `Subject: Re: [${id}] A leak`).toString().replace('From: rs@', 'From: other@'));
    expect(await desk.mail(forged, 0)).not.toBe(id);
    expect((await desk.load(id)).events.filter(({ body }) => body.kind === 'reporter-message')).toHaveLength(1);
  });

  test('of a program opens a case and is not answered by one; nor is the sixth mail of an address within a day', async () => {
    const { desk } = await testDesk(START);
    const automatic = await desk.mail(mail(1, 'Subject: x\nAuto-Submitted: auto-replied'), 0);
    expect(await subjects(desk, automatic)).toEqual([]);
    const answered: number[] = [];
    for (let n = 2; n < 9; n++) answered.push((await subjects(desk, await desk.mail(mail(n, 'Subject: x'), 0))).length);
    expect(answered).toEqual([1, 1, 1, 1, 1, 0, 0]);
    await desk.staffDoes(automatic, 'ann', { do: 'write', text: 'A person may.' });
    expect(await subjects(desk, automatic)).toEqual(['rs@example.org: A person may.']);
  });
});

describe('the ledger', () => {
  test('counts exposed people, who are owed a notice; larger counts reopen a judgement of no breach', async () => {
    let tokens = ['person:a'];
    const counted: unknown[] = [];
    const { desk } = await testDesk(START, {
      countExposed: (query) => {
        counted.push(query);
        return Promise.resolve({
          people: tokens.length,
          records: tokens.length,
          classes: ['body.weight'],
          grade: 'observed',
          isComplete: true,
          tokens,
        });
      },
    });
    const { id } = await desk.submit({ report, channel: 'form', files: [file('p', proofOf('f'))] });
    await desk.count(id, { sinceMs: 5 });
    expect(counted).toEqual([{ operations: ['GET /api/user/{id}'], fields: ['User.weight'], sinceMs: 5 }]);
    await desk.staffDoes(id, 'ann', {
      do: 'breach',
      isBreach: false,
      reason: 'one test account',
      people: 1,
      records: 1,
    });
    tokens = ['person:a', 'person:b'];
    const { desk: state } = await desk.count(id);
    expect([state.breach, state.counts?.people]).toEqual([undefined, 2]);
    const { rows } = desk.context.store;
    await rows.setNotice({ caseId: id, person: 'person:a', state: 'told', atMs: 1, how: 'mail' });
    await desk.count(id);
    expect((await rows.noticesOf(id)).map((row) => row.state)).toEqual(['told', 'owed']);
    expect((await desk.load(id)).events.filter(({ body }) => body.kind === 'count')).toHaveLength(2);
  });

  test('is refused where there is none', async () => {
    const { desk } = await testDesk(START);
    const { id } = await desk.submit({ report, channel: 'form' });
    await expect(desk.count(id)).rejects.toThrow(expect.objectContaining({ code: 'LP-DESK-REFUSED' }) as Error);
  });
});

test('a channel that nobody opens alarms after its days, and again after as many', async () => {
  const { desk, at } = await testDesk(START, { channels: [{ name: 'mail', days: 3 }] });
  await desk.context.store.rows.putStaff({ name: 'lea', role: 'lead', keyHash: 'k', mail: 'lea@example.org' });
  const alarms = async (time: string): Promise<number> => {
    at(time);
    await desk.passTime();
    return (await desk.context.store.rows.allMessages()).length;
  };
  expect(await alarms('2021-01-21T00:00:00Z')).toBe(0);
  expect(await alarms('2021-01-24T00:00:00Z')).toBe(1);
  expect(await alarms('2021-01-25T00:00:00Z')).toBe(1);
  await channelOpened('mail', desk.context);
  expect(await alarms('2021-01-27T12:00:00Z')).toBe(1);
  expect(await alarms('2021-01-31T12:00:00Z')).toBe(2);
});

test('a message that cannot be delivered is tried again with growing waits; then the case says so, and the reporter does not', async () => {
  const { desk, at } = await testDesk(START);
  const { id } = await desk.submit({ report, channel: 'form' });
  const sent: string[] = [];
  let isUp = false;
  const mail: Sink = {
    deliver: ({ id: message }) => {
      sent.push(message);
      return isUp ? Promise.resolve() : Promise.reject(new Error('down'));
    },
  };
  for (let minute = 0; minute < 10 * 1440; minute += 30) {
    at(new Date(Date.parse(START) + minute * 60_000).toISOString());
    await deliverDue({ mail }, desk.context);
  }
  expect(new Set(sent.slice(0, 9)).size).toBe(1);
  const notes = (await desk.load(id)).events.flatMap(({ body }) => (body.kind === 'note' ? [body.text] : []));
  expect(notes).toEqual([expect.stringContaining('was given up: Error: down') as string]);
  isUp = true;
  await desk.staffDoes(id, 'ann', { do: 'write', text: 'Hello' });
  expect(await deliverDue({ mail }, desk.context)).toBeGreaterThan(0);
  expect(await deliverDue({ mail }, desk.context)).toBe(0);
});

test('a policy that becomes stricter holds for the cases that are open', async () => {
  const { desk, at } = await testDesk(START);
  const { id } = await desk.submit({ report, channel: 'form' });
  await desk.passTime();
  const { context } = desk;
  const strict = new Desk({ ...context, policy: { ...context.policy, answerBusinessDays: 1 } });
  at('2021-01-21T16:00:00Z');
  await strict.passTime();
  expect((await strict.load(id)).events.at(-1)?.body).toMatchObject({ kind: 'missed', level: 1 });
});

test('a retest that runs by itself and says the same again is not told again; one that a person starts is', async () => {
  const { desk } = await testDesk(START, {
    replayProof: () => Promise.resolve({ verdict: 'half', why: 'w', requests: 1 }),
  });
  const { id } = await desk.submit({ report, channel: 'form', files: [file('p', proofOf('f'))] });
  const retests = async (): Promise<number> => {
    await desk.retests.idle();
    return (await desk.load(id)).events.filter(({ body }) => body.kind === 'retest').length;
  };
  const counts = [await retests()];
  for (const trigger of ['deploy', 'schedule', 'contract', 'person'] as const) {
    await desk.retests.enqueueAll(trigger);
    counts.push(await retests());
  }
  expect(counts).toEqual([1, 2, 2, 2, 3]);
});
