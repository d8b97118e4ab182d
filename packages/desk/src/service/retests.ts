import type { RetestTrigger } from '../cases/event.ts';
import { SEEN, UNSEEN } from '../retest/replay-proof.ts';
import { changeCase, loadCase } from './change-case.ts';
import type { DeskContext } from './context.ts';

/** Triggers that no person waits for. */
const QUIET: ReadonlySet<RetestTrigger> = new Set(['deploy', 'contract', 'schedule']);

interface Job {
  readonly caseId: string;
  readonly proof: string;
  readonly trigger: RetestTrigger;
}

/** Runs proofs, one at a time. What a crash interrupts is found again: proofs without a result, and the next trigger. */
export class Retests {
  readonly #context: DeskContext;
  readonly #queue: Job[] = [];
  #running: Promise<void> | undefined;
  constructor(context: DeskContext) {
    this.#context = context;
  }

  /** Queues the runnable proofs of a case that have never run. */
  async enqueueNew(caseId: string): Promise<void> {
    const { desk } = await loadCase(this.#context.store.rows, caseId, this.#context);
    for (const proof of desk.runnableProofs)
      if (!desk.retests.has(proof)) this.#add({ caseId, proof, trigger: 'arrival' });
  }

  /** Queues every runnable proof of a case and of the cases with the same finding. */
  async enqueueCase(caseId: string, trigger: RetestTrigger): Promise<number> {
    const { desk } = await loadCase(this.#context.store.rows, caseId, this.#context);
    const siblings = await this.#context.store.rows.byFindings([...desk.findings]);
    const ids = new Set([caseId, ...siblings.map(({ id }) => id)]);
    const proofs = (await this.#context.store.rows.runnableProofs()).filter((each) => ids.has(each.caseId));
    for (const { caseId: of, id: proof } of proofs) this.#add({ caseId: of, proof, trigger });
    return proofs.length;
  }

  /** Queues every proof there is, of closed cases too: they are regression tests for ever. */
  async enqueueAll(trigger: RetestTrigger): Promise<number> {
    const proofs = await this.#context.store.rows.runnableProofs();
    for (const { caseId, id: proof } of proofs) this.#add({ caseId, proof, trigger });
    return proofs.length;
  }

  /** Queues what a crash interrupted. */
  async recover(): Promise<void> {
    for (const { caseId } of await this.#context.store.rows.runnableProofs()) await this.enqueueNew(caseId);
  }

  /** Resolves when nothing is queued or running. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #add(job: Job): void {
    if (this.#queue.some((each) => each.proof === job.proof && each.trigger === job.trigger)) return;
    this.#queue.push(job);
    this.#running ??= this.#drain().finally(() => (this.#running = undefined));
  }

  async #drain(): Promise<void> {
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      try {
        await this.#run(job);
      } catch (error) {
        await this.#note(job, error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #run({ caseId, proof, trigger }: Job): Promise<void> {
    const { replayProof, store } = this.#context;
    const row = (await store.rows.proofsOf(caseId)).find(({ id }) => id === proof);
    if (!row) return;
    if (!replayProof) {
      await this.#noteOnce(caseId, 'A proof can be run, but no contract and identities are configured.');
      return;
    }
    const isSeen = trigger !== 'arrival';
    const result = await replayProof(row.body, isSeen ? SEEN : UNSEEN);
    if ('needsPerson' in result) {
      await this.#noteOnce(caseId, `A proof was not run by itself: ${result.needsPerson} A person can start it.`);
      return;
    }
    const { verdict, why, requests } = result;
    await changeCase(
      caseId,
      ({ desk }) => {
        const last = desk.retests.get(proof);
        // What runs by itself is written, and told to the reporter, when it has something new to say.
        const isSame =
          last?.verdict === verdict && last.why === why && last.trigger !== 'arrival' && QUIET.has(trigger);
        return isSame ? [] : [{ actor: 'desk', body: { kind: 'retest', proof, trigger, verdict, why, requests } }];
      },
      this.#context,
    );
  }

  async #noteOnce(caseId: string, text: string): Promise<void> {
    await changeCase(
      caseId,
      ({ events }) =>
        events.some(({ body }) => body.kind === 'note' && body.text === text)
          ? []
          : [{ actor: 'desk', body: { kind: 'note', text } }],
      this.#context,
    );
  }

  async #note({ caseId }: Job, detail: string): Promise<void> {
    await this.#noteOnce(caseId, `A retest failed: ${detail}`).catch(() => undefined);
  }
}
