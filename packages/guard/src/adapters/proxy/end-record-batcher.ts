import { type EndRecord, encodeRecord } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';

/** Longest time that an `end` waits for others, and the most requests in one batch. */
const MAX_DELAY_MS = 20;
const MAX_BATCH = 256;

/**
 * Writes how responses ended, many in one record; nothing waits for it. An `end` that is lost with the process, or refused by
 * the log, leaves a response that counts as unfinished, never as complete.
 */
export class EndRecordBatcher {
  readonly #log: Pick<FactLog, 'append'>;
  #pending: Record<EndRecord['ended'], string[]> = { complete: [], 'cut-off': [] };
  #count = 0;
  #timeMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Pick<FactLog, 'append'>) {
    this.#log = log;
  }

  add({ requests, ended, time }: EndRecord): void {
    this.#pending[ended].push(...requests);
    this.#count += requests.length;
    this.#timeMs = time;
    if (this.#count >= MAX_BATCH) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), MAX_DELAY_MS);
  }

  /** Writes everything pending; resolves when the log has taken or refused it. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = { complete: [], 'cut-off': [] };
    this.#count = 0;
    await Promise.all([this.#write('complete', pending.complete), this.#write('cut-off', pending['cut-off'])]);
  }

  async #write(ended: EndRecord['ended'], requests: readonly string[]): Promise<void> {
    if (requests.length === 0) return;
    const payload = encodeRecord({ type: 'end', time: this.#timeMs, requests, ended });
    try {
      await this.#log.append({ count: 0, payload });
    } catch {
      // A log that fails also refuses access records, which is where a failure counts.
    }
  }
}
