import type { CompiledContract, Principal, RelationRule, StateRule, Truth } from '@leakproof/core';
import type { SeenObject } from '../reading/seen-object.ts';
import { isOwnerItself, readsObject, readsResource, relationInObject, stateInObject } from './object-conditions.ts';

/** The answers of the contract's conditions to one object as its owner reads it, by condition: public or private, shared or not. */
export type ConditionAnswers = ReadonlyMap<string, Truth>;

/**
 * Undefined if no condition reads such objects. `others`: the principals whom a relation may concern, such as those that a document
 * is shared with.
 */
export function conditionAnswers(
  contract: CompiledContract,
  { sighting }: SeenObject,
  others: readonly Principal[],
): ConditionAnswers | undefined {
  const { resource } = sighting;
  if (isOwnerItself(contract, resource)) return undefined;
  const answers = new Map<string, Truth>();
  const add = (name: string, rule: StateRule | RelationRule, truth: Truth): void => {
    // What an object does not tell of its owner, the back end does.
    if (truth !== 'unknown' || !rule.lookup) answers.set(name, truth);
  };
  for (const [state, rule] of Object.entries(contract.states))
    if (readsResource(rule, resource)) add(state, rule, stateInObject(contract, state, sighting));
  for (const [relation, rule] of Object.entries(contract.relations)) {
    if (!readsResource(rule, resource) || !isAboutAnybody(rule)) continue;
    others.forEach((principal, index) =>
      add(`${relation} ${index}`, rule, relationInObject(contract, { relation, principal, readBy: 'owner' }, sighting)),
    );
  }
  return answers.size > 0 ? answers : undefined;
}

/** Whether the owner's response tells the relation of others, and not only that of its caller. */
function isAboutAnybody({ when, object = {} }: RelationRule): boolean {
  return readsObject(when) || Object.values(object).some(({ cel }) => /\bprincipal\b/.test(cel));
}

/** Known answers replace unknown ones: a list may not have the field that a condition reads. */
export function mergeAnswers(before: ConditionAnswers, more: ConditionAnswers): ConditionAnswers {
  const known = [...more].filter(([name, truth]) => truth !== 'unknown' || !before.has(name));
  return new Map([...before, ...known]);
}

/** Equal for objects with the same answers; undefined while one of them is unknown. */
export function answersKey(answers: ConditionAnswers): string | undefined {
  const truths = [...answers].map(([name, truth]) => `${name}=${truth}`);
  return [...answers.values()].includes('unknown') ? undefined : truths.join(' ');
}
