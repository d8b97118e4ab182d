import type { Page } from './people-origin.ts';

/** What one client asked for and received. */
export interface ClientLog {
  /** Owners of the pages asked for. */
  readonly asked: Set<string>;
  /** By field: the owners whose value was received. */
  readonly received: Map<string, Set<string>>;
  requests: number;
  /** Complete responses with status 200. */
  complete: number;
  /** Other responses by status; 0: none. */
  readonly refused: Map<number, number>;
  /** Values in responses with another status than 200. */
  readonly inRefusals: string[];
}

export interface Received {
  /** 0 if there was no response. */
  readonly status: number;
  readonly text: string;
  readonly isComplete: boolean;
}

/** The logs of all clients, to be compared with the guard's log. */
export class ClientLogs {
  readonly clients = new Map<string, ClientLog>();

  addRequest(sub: string, { from, count }: Page): void {
    const log = this.#of(sub);
    log.requests++;
    for (let id = from; id < from + count; id++) log.asked.add(String(id));
  }

  addResponse(sub: string, { status, text, isComplete }: Received): void {
    const log = this.#of(sub);
    const values = [...text.matchAll(/"(id|email|password|city)":"(?:\w+-of-)?(\d+)(?: x*)?"/g)];
    if (status !== 200) {
      log.refused.set(status, (log.refused.get(status) ?? 0) + 1);
      log.inRefusals.push(...values.map(([value]) => value));
      return;
    }
    if (isComplete) log.complete++;
    for (const [, field = '', owner = ''] of values) {
      const owners = log.received.get(field) ?? new Set();
      log.received.set(field, owners.add(owner));
    }
  }

  #of(sub: string): ClientLog {
    let log = this.clients.get(sub);
    if (!log) {
      log = { asked: new Set(), received: new Map(), requests: 0, complete: 0, refused: new Map(), inRefusals: [] };
      this.clients.set(sub, log);
    }
    return log;
  }
}
