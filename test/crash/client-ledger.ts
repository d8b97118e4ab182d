import type { Page } from './people-origin.ts';

/** What the clients know: what they asked for, and what reached them, whole or broken off. */
export interface Told {
  readonly asked: Set<string>;
  /** Field to owners whose value arrived in full. */
  readonly received: Map<string, Set<string>>;
  sent: number;
  /** Successful answers that arrived to their end. */
  whole: number;
  /** Answers that were none or a refusal, by status. */
  readonly refused: Map<number, number>;
  /** Values in answers that were no success. */
  readonly inRefusals: string[];
}

export class Ledger {
  readonly clients = new Map<string, Told>();

  asks(sub: string, { from, count }: Page): void {
    const told = this.#of(sub);
    told.sent++;
    for (let id = from; id < from + count; id++) told.asked.add(String(id));
  }

  receives(sub: string, { status, text, whole }: { status: number; text: string; whole: boolean }): void {
    const told = this.#of(sub);
    const values = [...text.matchAll(/"(id|email|password|city)":"(?:\w+-of-)?(\d+)(?: x*)?"/g)];
    if (status !== 200) {
      told.refused.set(status, (told.refused.get(status) ?? 0) + 1);
      told.inRefusals.push(...values.map(([value]) => value));
      return;
    }
    if (whole) told.whole++;
    for (const [, field = '', owner = ''] of values) {
      const owners = told.received.get(field) ?? new Set();
      told.received.set(field, owners.add(owner));
    }
  }

  #of(sub: string): Told {
    let told = this.clients.get(sub);
    if (!told) {
      told = { asked: new Set(), received: new Map(), sent: 0, whole: 0, refused: new Map(), inRefusals: [] };
      this.clients.set(sub, told);
    }
    return told;
  }
}
