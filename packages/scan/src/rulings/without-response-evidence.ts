import type { CompiledContract, Lookup } from '@leakproof/core';
import { readsObject } from './object-conditions.ts';

const LOOKUP: Lookup = { method: 'POST', path: '/', cacheMs: 0 };

/**
 * The same contract with a lookup in place of every condition on objects of the response, so that relations and states are
 * asked of what the scan knows: a leaking response must not justify itself. Conditions that only read claims are kept.
 */
export function withoutResponseEvidence(contract: CompiledContract): CompiledContract {
  const relations = Object.entries(contract.relations).map(([name, { object, when, ...rule }]) => {
    const ofClaims = when && !readsObject(when) ? { when } : {};
    const isAsked = object !== undefined || readsObject(when) || rule.lookup !== undefined;
    return [name, { ...rule, ...ofClaims, ...(isAsked ? { lookup: LOOKUP } : {}) }];
  });
  const states = Object.entries(contract.states).map(([name, { of, unknown }]) => [
    name,
    { of, unknown, lookup: LOOKUP },
  ]);
  return {
    ...contract,
    relations: Object.fromEntries(relations) as CompiledContract['relations'],
    states: Object.fromEntries(states) as CompiledContract['states'],
  };
}
