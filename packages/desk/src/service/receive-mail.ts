import type { EpochMs } from '@leakproof/core';
import { readMail } from '../intake/read-mail.ts';
import { readMessage, readReport } from '../intake/report-input.ts';
import type { Desk } from './desk.ts';

/** Mails of one address that are answered by the program within a day: more would feed a loop. */
const MAX_ANSWERED = 5;
const DAY_MS = 86_400_000;

/**
 * Takes in one mail and returns its case. A mail that was read before is not taken twice. An answer of the reporter's own address that
 * names its case joins its thread; every other mail opens a case, also one of a program, which is never answered.
 */
export async function receiveMail(bytes: Uint8Array, fallbackMs: EpochMs, desk: Desk): Promise<string> {
  const { store } = desk.context;
  const mail = await readMail(bytes);
  const setting = `mail:${mail.digest}`;
  const known = await store.rows.setting(setting);
  if (known !== undefined) return known;
  const id = (await joinThread(mail, desk)) ?? (await openByMail());
  await store.rows.set(setting, id);
  return id;

  async function openByMail(): Promise<string> {
    const isAnswered = !mail.isAutomatic && mail.from !== undefined && (await mayAnswer(mail.from, desk));
    const report = readReport({
      title: mail.subject,
      text: mail.text,
      ...(mail.name === undefined ? {} : { name: mail.name.slice(0, 200) }),
      ...(mail.from === undefined ? {} : { contact: mail.from }),
    });
    const arrivedMs = mail.arrivedMs ?? fallbackMs;
    const opened = await desk.submit({
      report,
      channel: 'mail',
      arrivedMs,
      files: mail.files,
      isUnanswered: !isAnswered,
    });
    return opened.id;
  }
}

async function joinThread(
  { caseId, from, text, files }: Awaited<ReturnType<typeof readMail>>,
  desk: Desk,
): Promise<string | undefined> {
  if (caseId === undefined || from === undefined) return undefined;
  if (!(await desk.context.store.rows.get(caseId))) return undefined;
  const { desk: state } = await desk.load(caseId);
  if (state.original.contact?.toLowerCase() !== from.toLowerCase()) return undefined;
  await desk.reporterWrites(caseId, readMessage({ text }), files);
  return caseId;
}

/** Whether an address may have another automatic answer today. */
async function mayAnswer(from: string, desk: Desk): Promise<boolean> {
  const { store, now } = desk.context;
  const name = `answered:${from.toLowerCase()}`;
  const times = JSON.parse((await store.rows.setting(name)) ?? '[]') as number[];
  const recent = times.filter((ms) => ms > now() - DAY_MS);
  if (recent.length >= MAX_ANSWERED) return false;
  await store.rows.set(name, JSON.stringify([...recent, now()]));
  return true;
}
