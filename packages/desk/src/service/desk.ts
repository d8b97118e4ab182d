import { type EpochMs, LeakproofError } from '@leakproof/core';
import { type Command, decide, decideReporter, type ReporterAnswer } from '../cases/decide.ts';
import type { IncomingFile } from '../intake/incoming-file.ts';
import { redactText } from '../intake/redact-text.ts';
import { changeCase, loadCase, type LoadedCase } from './change-case.ts';
import type { DeskContext } from './context.ts';
import { keyHash } from './keys.ts';
import {
  duplicatesAndProofs,
  keepFiles,
  type Opened,
  keepProofs,
  type Submission,
  submitReport,
  takeFiles,
} from './open-case.ts';
import { countCase } from './count-case.ts';
import { receiveMail } from './receive-mail.ts';
import { passTime } from './pass-time.ts';
import { Retests } from './retests.ts';

/** The program: every change to a case goes through here. */
export class Desk {
  readonly context: DeskContext;
  readonly retests: Retests;
  constructor(context: DeskContext) {
    this.context = context;
    this.retests = new Retests(context);
  }

  /** Opens a case. Acknowledged is committed: when it resolves, the report is on disk. */
  async submit(submission: Submission): Promise<Opened> {
    const opened = await submitReport(submission, this.context);
    await this.retests.enqueueNew(opened.id);
    return opened;
  }

  load(id: string): Promise<LoadedCase> {
    return loadCase(this.context.store.rows, id, this.context);
  }

  /** The case of a return key. Throws LP-DESK-CASE-UNKNOWN. */
  async byKey(key: string): Promise<LoadedCase> {
    const row = await this.context.store.rows.byKeyHash(keyHash(key));
    if (!row) throw new LeakproofError('LP-DESK-CASE-UNKNOWN', 'No case has this return key.');
    return this.load(row.id);
  }

  /** A message of the reporter, with files. It reopens a closed case. */
  async reporterWrites(id: string, text: string, files: readonly IncomingFile[] = []): Promise<LoadedCase> {
    const taken = await takeFiles(files);
    const loaded = await changeCase(
      id,
      async (_before, rows) => {
        const proofs = await duplicatesAndProofs(taken, { rows, id });
        await keepProofs(proofs.rows, { rows, caseId: id, nowMs: this.context.now() });
        await keepFiles(taken, { rows, caseId: id });
        return [
          { actor: 'reporter', body: { kind: 'reporter-message', text: redactText(text) } },
          ...proofs.events.map((body) => ({ actor: 'desk', body }) as const),
        ];
      },
      this.context,
    );
    await this.retests.enqueueNew(id);
    return loaded;
  }

  reporterAnswers(id: string, answer: ReporterAnswer): Promise<LoadedCase> {
    return changeCase(id, ({ desk }) => [{ actor: 'reporter', body: decideReporter(desk, answer) }], this.context);
  }

  /** What a person of the staff does. Throws LP-DESK-REFUSED. */
  async staffDoes(id: string, staff: string, command: Command): Promise<LoadedCase> {
    const loaded = await changeCase(
      id,
      ({ desk }) => [{ actor: `staff:${staff}`, body: decide(desk, command, this.context.policy) }],
      this.context,
    );
    if (command.do === 'fact' && command.fact === 'fix-deployed') await this.retests.enqueueCase(id, 'fixed');
    return loaded;
  }

  /** Joins a case to an older one by hand. Throws LP-DESK-CASE-UNKNOWN, LP-DESK-REFUSED. */
  async join(id: string, staff: string, of: string): Promise<LoadedCase> {
    if (id === of) throw new LeakproofError('LP-DESK-REFUSED', 'A case is no duplicate of itself.');
    await this.load(of);
    return changeCase(id, () => [{ actor: `staff:${staff}`, body: { kind: 'duplicate', of } }], this.context);
  }

  /** Counts the exposed people of a case by the ledger, and adds who is owed a notice. */
  count(id: string, period: { readonly sinceMs?: EpochMs; readonly untilMs?: EpochMs } = {}): Promise<LoadedCase> {
    return countCase(id, period, this.context);
  }

  /** Takes in one mail: an answer in a thread, or a new case. */
  async mail(bytes: Uint8Array, fallbackMs: EpochMs): Promise<string> {
    const id = await receiveMail(bytes, fallbackMs, this);
    return id;
  }

  /** Takes every step that time has caused, in all cases and channels. */
  passTime(): Promise<number> {
    return passTime(this.context);
  }
}
