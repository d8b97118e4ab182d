import type { CompiledContract, Lookup } from '@leakproof/core';

const LOOKUP: Lookup = { method: 'POST', path: '/', cacheMs: 0 };

/**
 * The same contract with a lookup in place of every condition on objects of the response, so that relations and states are
 * asked of what the scan knows: a leaking response must not justify itself. `when` conditions are kept; they read claims only.
 */
export function withoutResponseEvidence(contract: CompiledContract): CompiledContract {
  const relations = Object.entries(contract.relations).map(([name, { object, ...rule }]) => [
    name,
    object || rule.lookup ? { ...rule, lookup: LOOKUP } : rule,
  ]);
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
