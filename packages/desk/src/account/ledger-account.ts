import { answers, ask, isWhole, shownToken } from '@leakproof/ledger';
import type { EpochMs } from '@leakproof/core';
import type { CountExposed } from './count-exposed.ts';

export interface LedgerOptions {
  /** Directory of the guard's fact log. */
  readonly directory: string;
  /** Tokens of our own identities, which are left out: as owners and as callers. */
  readonly ownTokens: readonly string[];
  /** `Resource.field` → data class. */
  readonly classes: Readonly<Record<string, string>>;
  readonly now: () => EpochMs;
}

/**
 * The guard's ledger, columns and live log: `observed`, since a record is written before data is released. A person is counted once, a
 * record for each request × owner × set of fields. A ledger that is not whole, or has no record of an operation, makes the count a
 * lower bound.
 */
export function ledgerAccount({ directory, ownTokens, classes, now }: LedgerOptions): CountExposed {
  const own = new Set(ownTokens.map(shownToken));
  return async ({ fields, operations, sinceMs, untilMs }) => {
    const people = new Set<string>();
    const found = new Set<string>();
    let records = 0;
    let isComplete = true;
    for (const operation of operations.length > 0 ? operations : [undefined]) {
      const asked = { sinceMs, untilMs, without: ownTokens, nowMs: now(), ...(fields.length > 0 ? { fields } : {}) };
      const figures = await ask(directory, 'account', { ...asked, operation });
      isComplete &&= isWhole(figures) && answers(figures);
      const owners = await ask(directory, 'owners', { ...asked, operation });
      const exposed = owners.filter((owner) => owner.exposed > 0 && !own.has(owner.token));
      if (exposed.length === 0) continue;
      for (const owner of exposed) {
        people.add(`${owner.kind}:${owner.token}`);
        records += owner.exposed;
      }
      for (const { resource, field, exposed: count } of figures.fields) {
        const name = `${resource}.${field}`;
        if (count > 0 && (fields.length === 0 || fields.includes(name))) found.add(classes[name] ?? name);
      }
    }
    return {
      people: people.size,
      records,
      classes: [...found].sort(),
      grade: 'observed',
      isComplete,
      tokens: [...people].sort(),
    };
  };
}
