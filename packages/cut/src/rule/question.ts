import type { CompiledContract, RelationRule, StateRule } from '@leakproof/core';
import { own } from '@leakproof/core/rules';

/** A predicate on one object that a ruling may depend on. */
export interface Question {
  /** Small and dense: an index of arrays. */
  readonly number: number;
  readonly predicate: Predicate;
  /**
   * What the answer for one owner depends on. `object`: on values of the object. `owner`: on a condition on the owner and on what is
   * known of it, so that the answer is worth keeping. `lookup`: only on what is known of the owner.
   */
  readonly dependsOn: 'object' | 'owner' | 'lookup';
}

export type Predicate =
  | { readonly type: 'self'; readonly role: string | undefined }
  | {
      readonly type: 'relation';
      readonly name: string;
      readonly role: string | undefined;
      readonly rule: RelationRule | undefined;
    }
  | { readonly type: 'state'; readonly name: string; readonly rule: StateRule | undefined };

/** The questions of one contract, each made when a ruling first depends on it. */
export interface Questions {
  readonly relation: (name: string, role: string | undefined) => Question;
  readonly state: (name: string) => Question;
}

export function questionsFor(contract: CompiledContract): Questions {
  const known = new Map<string, Question>();
  const question = (key: string, predicate: Predicate, dependsOn: Question['dependsOn']): Question => {
    let found = known.get(key);
    if (!found) known.set(key, (found = { number: known.size, predicate, dependsOn }));
    return found;
  };
  return {
    relation(name, role) {
      const key = `relation ${JSON.stringify([name, role])}`;
      if (name === 'self') return question(key, { type: 'self', role }, 'object');
      const rule = own(contract.relations, name);
      const readsObject = rule?.object !== undefined || (rule?.when?.reads.length ?? 0) > 0;
      const dependsOn = readsObject ? 'object' : rule?.when ? 'owner' : 'lookup';
      return question(key, { type: 'relation', name, role, rule }, dependsOn);
    },
    state(name) {
      const rule = own(contract.states, name);
      return question(`state ${name}`, { type: 'state', name, rule }, rule?.object ? 'object' : 'lookup');
    },
  };
}
