import { account, type FieldAccount, isAnswer, isComplete } from '@leakproof/ledger';
import type { CountExposed } from './count-exposed.ts';

export interface LedgerOptions {
  /** Directory of the guard's fact log. */
  readonly directory: string;
  /** Tokens of our own identities, which are left out: as owners and as callers. */
  readonly ownTokens: ReadonlySet<string>;
  /** `Resource.field` → data class. */
  readonly classes: Readonly<Record<string, string>>;
}

/** The guard's ledger: `observed`, since a record is written before data is released. A person is counted
 * once, a record for each field and caller. A log without any record of an operation makes the count a lower bound. */
export function ledgerAccount({ directory, ownTokens, classes }: LedgerOptions): CountExposed {
  return async ({ fields, operations, sinceMs, untilMs }) => {
    const people = new Set<string>();
    const found = new Set<string>();
    let records = 0;
    let complete = true;
    for (const operation of operations.length > 0 ? operations : [undefined]) {
      const result = account(directory, { operation, sinceMs, untilMs });
      complete &&= isComplete(result) && isAnswer(result);
      for (const { principal, fields: seen } of result.principals) {
        if (ownTokens.has(principal.token ?? '')) continue;
        for (const each of seen) {
          if (fields.length > 0 && !fields.includes(nameOf(each))) continue;
          const exposed = [...each.exposed].filter((token) => !ownTokens.has(token.slice(token.indexOf(':') + 1)));
          if (exposed.length === 0) continue;
          records += exposed.length;
          found.add(classes[nameOf(each)] ?? nameOf(each));
          for (const token of exposed) people.add(token);
        }
      }
    }
    return {
      people: people.size,
      records,
      classes: [...found].sort(),
      grade: 'observed',
      isComplete: complete,
      tokens: [...people].sort(),
    };
  };
}

const nameOf = ({ resource, field }: FieldAccount): string => `${resource}.${field}`;
