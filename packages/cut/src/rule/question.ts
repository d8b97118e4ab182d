import type { CompiledContract, RelationRule, StateRule } from '@leakproof/core';
import { own } from '@leakproof/core/rules';

/** One thing a ruling may depend on, answered by yes or no for one object. */
export interface Question {
  /** Small and dense: answers are kept in arrays. */
  readonly number: number;
  readonly ask: Asked;
  /**
   * What the answer for one owner hangs on. `object`: on what the object holds. `owner`: on a condition on the owner and what is
   * known of it, so that it is worth remembering. `lookup`: on what is known of the owner alone.
   */
  readonly hangsOn: 'object' | 'owner' | 'lookup';
}

export type Asked =
  | { readonly type: 'self'; readonly role: string | undefined }
  | {
      readonly type: 'relation';
      readonly name: string;
      readonly role: string | undefined;
      readonly rule: RelationRule | undefined;
    }
  | { readonly type: 'state'; readonly name: string; readonly rule: StateRule | undefined };

/** The questions that rulings under one contract have turned on so far. */
export interface Questions {
  readonly relation: (name: string, role: string | undefined) => Question;
  readonly state: (name: string) => Question;
}

export function questionsFor(contract: CompiledContract): Questions {
  const known = new Map<string, Question>();
  const question = (key: string, ask: Asked, hangsOn: Question['hangsOn']): Question => {
    let found = known.get(key);
    if (!found) known.set(key, (found = { number: known.size, ask, hangsOn }));
    return found;
  };
  return {
    relation(name, role) {
      const key = `relation ${JSON.stringify([name, role])}`;
      if (name === 'self') return question(key, { type: 'self', role }, 'object');
      const rule = own(contract.relations, name);
      const readsObject = rule?.object !== undefined || (rule?.when?.reads.length ?? 0) > 0;
      const hangsOn = readsObject ? 'object' : rule?.when ? 'owner' : 'lookup';
      return question(key, { type: 'relation', name, role, rule }, hangsOn);
    },
    state(name) {
      const rule = own(contract.states, name);
      return question(`state ${name}`, { type: 'state', name, rule }, rule?.object ? 'object' : 'lookup');
    },
  };
}
