import { type EndRecord, encodeRecord } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';

/** So long an end waits for others, and so many are written together. */
const WITHIN_MS = 20;
const MOST = 256;

/**
 * How responses ended, on its way to the log. Nobody waits for that: one record is made of many. What is lost with the
 * process, or refused by the log, leaves responses that count as unfinished: never as complete.
 */
export class Ends {
  readonly #log: Pick<FactLog, 'append'>;
  #waiting: Record<EndRecord['ended'], string[]> = { complete: [], 'cut-off': [] };
  #count = 0;
  #timeMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Pick<FactLog, 'append'>) {
    this.#log = log;
  }

  put({ requests, ended, time }: EndRecord): void {
    this.#waiting[ended].push(...requests);
    this.#count += requests.length;
    this.#timeMs = time;
    if (this.#count >= MOST) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), WITHIN_MS);
  }

  /** Writes what waits; resolves once the log has it, or has refused it. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = { complete: [], 'cut-off': [] };
    this.#count = 0;
    await Promise.all([this.#write('complete', waiting.complete), this.#write('cut-off', waiting['cut-off'])]);
  }

  async #write(ended: EndRecord['ended'], requests: readonly string[]): Promise<void> {
    if (requests.length === 0) return;
    const payload = encodeRecord({ type: 'end', time: this.#timeMs, requests, ended });
    try {
      await this.#log.append({ count: 0, payload });
    } catch {
      // A log that takes nothing any more says so where facts are recorded.
    }
  }
}
