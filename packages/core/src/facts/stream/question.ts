import type { CompiledContract, RelationRule, StateRule } from '../../contract/compiled.ts';
import { own } from '../../own.ts';

/** One thing a ruling may depend on, answered by yes or no for one object. */
export interface Question {
  /** Small and dense: answers are kept in arrays. */
  readonly number: number;
  readonly ask: Asked;
  /** The answer for one owner is the same whatever object names it. */
  readonly perOwner: boolean;
}

export type Asked =
  | { readonly is: 'self'; readonly role: string | undefined }
  | {
      readonly is: 'relation';
      readonly name: string;
      readonly role: string | undefined;
      readonly rule: RelationRule | undefined;
    }
  | { readonly is: 'state'; readonly name: string; readonly rule: StateRule | undefined };

/** The questions that rulings under one contract have turned on so far. */
export interface Questions {
  readonly relation: (name: string, role: string | undefined) => Question;
  readonly state: (name: string) => Question;
}

export function questionsFor(contract: CompiledContract): Questions {
  const known = new Map<string, Question>();
  const question = (key: string, ask: Asked, perOwner: boolean): Question => {
    let found = known.get(key);
    if (!found) known.set(key, (found = { number: known.size, ask, perOwner }));
    return found;
  };
  return {
    relation(name, role) {
      const key = `relation ${JSON.stringify([name, role])}`;
      if (name === 'self') return question(key, { is: 'self', role }, false);
      const rule = own(contract.relations, name);
      const perOwner = rule !== undefined && !rule.object && (rule.when?.reads.length ?? 0) === 0;
      return question(key, { is: 'relation', name, role, rule }, perOwner);
    },
    state(name) {
      const rule = own(contract.states, name);
      return question(`state ${name}`, { is: 'state', name, rule }, rule !== undefined && !rule.object);
    },
  };
}
