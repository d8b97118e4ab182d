import { createHash } from 'node:crypto';
import { type EpochMs, LeakproofError } from '@leakproof/core';
import type { Rows } from '@leakproof/store';
import { applyEvent, openCase } from '../cases/apply-event.ts';
import type { CaseEvent, Channel, EventBody, Report } from '../cases/event.ts';
import { type IncomingFile, safeFileName } from '../intake/incoming-file.ts';
import { INTAKE_LIMITS } from '../intake/limits.ts';
import { readProofFile, type TakenProof } from '../intake/read-proof-file.ts';
import type { DeskContext } from './context.ts';
import { queueMessages, rowOf, rowState } from './change-case.ts';
import { keyHash, newCaseId, newId, newKey } from './keys.ts';

export interface Submission {
  readonly report: Report;
  readonly channel: Channel;
  /** When it arrived at the program, which may be before now: the clocks start then. */
  readonly arrivedMs?: EpochMs | undefined;
  readonly files?: readonly IncomingFile[] | undefined;
  /** Programs write no mail to the reporter; persons may. */
  readonly isUnanswered?: boolean | undefined;
}

export interface Opened {
  readonly id: string;
  /** The reporter's way back; it is shown once and not kept. */
  readonly key: string;
}

/** Opens a case. When it resolves, everything of it is on disk. Throws LP-DESK-INPUT-INVALID, LP-DESK-TOO-LARGE. */
export async function submitReport(submission: Submission, context: DeskContext): Promise<Opened> {
  const taken = await takeFiles(submission.files ?? []);
  const nowMs = context.now();
  const arrivedMs = Math.min(submission.arrivedMs ?? nowMs, nowMs);
  const [id, key] = [newCaseId(), newKey()];
  const { report, channel } = submission;
  const quiet = submission.isUnanswered ? { isWithoutAutomaticMail: true } : {};
  const received = { kind: 'received', channel, arrivedMs, ...quiet, ...report } as const;
  await context.store.transact(async (rows) => {
    const proofs = await duplicatesAndProofs(taken, { rows, id });
    const added: CaseEvent[] = [
      { atMs: nowMs, actor: 'reporter', body: received },
      ...proofs.events.map((body): CaseEvent => ({ atMs: nowMs, actor: 'desk', body })),
    ];
    const desk = added
      .slice(1)
      .reduce((each, event) => applyEvent(each, event, context.policy), openCase(received, context.policy));
    await rows.insert({
      id,
      keyHash: keyHash(key),
      openedMs: arrivedMs,
      title: report.title,
      ...rowState(desk, context),
      events: added.length,
    });
    await rows.append(added.map((event, at) => rowOf(id, at + 1, event)));
    await keepProofs(proofs.rows, { rows, caseId: id, nowMs });
    await keepFiles(taken, { rows, caseId: id });
    await queueMessages({ id, desk, added }, rows, context);
    if (!submission.isUnanswered) await acknowledge({ id, key, report }, rows, context);
  });
  return { id, key };
}

export interface TakenFile extends IncomingFile {
  readonly proof: TakenProof | undefined;
}

/** Reads files that came in, proofs among them. Throws LP-DESK-TOO-LARGE, LP-DESK-INPUT-INVALID. */
export async function takeFiles(files: readonly IncomingFile[]): Promise<readonly TakenFile[]> {
  if (files.length > INTAKE_LIMITS.files)
    throw new LeakproofError('LP-DESK-TOO-LARGE', `More than ${INTAKE_LIMITS.files} files.`);
  const taken: TakenFile[] = [];
  for (const file of files) {
    if (file.content.length > INTAKE_LIMITS.fileBytes)
      throw new LeakproofError('LP-DESK-TOO-LARGE', `A file is larger than ${INTAKE_LIMITS.fileBytes} bytes.`);
    taken.push({ ...file, proof: await readProofFile(file.name, file.content) });
  }
  return taken;
}

/** The events of proofs, and of the older case with the same finding. */
export async function duplicatesAndProofs(
  taken: readonly TakenFile[],
  { rows, id }: { readonly rows: Rows; readonly id: string },
): Promise<{
  readonly events: readonly EventBody[];
  readonly rows: readonly { readonly id: string; readonly taken: TakenProof }[];
}> {
  const events: EventBody[] = [];
  const proofs: { id: string; taken: TakenProof }[] = [];
  for (const { proof } of taken) {
    if (!proof) continue;
    const proofId = newId();
    const { format, isRunnable, findings, note } = proof;
    proofs.push({ id: proofId, taken: proof });
    events.push({
      kind: 'proof',
      proof: proofId,
      format,
      isRunnable,
      note,
      findings,
    });
    if (events.some(({ kind }) => kind === 'duplicate')) continue;
    const older = (await rows.byFindings(findings)).find((each) => each.id !== id);
    if (older) events.push({ kind: 'duplicate', of: older.id });
  }
  return { events, rows: proofs };
}

/** Keeps proofs, and which findings the case is about. */
export async function keepProofs(
  proofs: readonly { readonly id: string; readonly taken: TakenProof }[],
  { rows, caseId, nowMs }: { readonly rows: Rows; readonly caseId: string; readonly nowMs: EpochMs },
): Promise<void> {
  for (const { id, taken } of proofs) {
    const { format, body, isRunnable, findings } = taken;
    await rows.addProof({ id, caseId, format, body, runnable: isRunnable ? 1 : 0, addedMs: nowMs });
    await rows.addFindings(findings.map((finding) => ({ caseId, finding })));
  }
}

/** Keeps files that are no proofs, as they came. Of a proof only its redacted form is kept. */
export async function keepFiles(
  taken: readonly TakenFile[],
  { rows, caseId }: { readonly rows: Rows; readonly caseId: string },
): Promise<void> {
  for (const { name, content, proof } of taken) {
    if (proof) continue;
    const sha256 = createHash('sha256').update(content).digest('hex');
    await rows.addFile({ id: newId(), caseId, name: safeFileName(name), sha256, sizeBytes: content.length, content });
  }
}

/** The acknowledgement that a program sends at once. It meets no clock. */
async function acknowledge(
  { id, key, report }: { readonly id: string; readonly key: string; readonly report: Report },
  rows: Rows,
  { program, policy, now }: DeskContext,
): Promise<void> {
  if (!program.hasMail || report.contact === undefined) return;
  const text = [
    `We have received your report. Its case is ${id}.`,
    `Your return key, which is shown only here: ${key}`,
    `With it you can read and write at ${program.reporterUrl}/case.`,
    `A person answers within ${policy.answerBusinessDays} business days. The policy is at ${program.reporterUrl}/policy.`,
    `${program.name} (a program wrote this)`,
  ].join('\n\n');
  const body = {
    subject: `[${id}] We have received your report`,
    text: `${text}\n`,
    thread: id,
    isAutomatic: true,
    data: {},
  };
  const nowMs = now();
  await rows.queue({
    id: newId(),
    caseId: id,
    sink: 'mail',
    target: report.contact,
    body: JSON.stringify(body),
    madeMs: nowMs,
    nextMs: nowMs,
    attempts: 0,
    state: 'queued',
    error: null,
  });
}
