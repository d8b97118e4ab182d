import type { CompiledContract, Lookup } from '@leakproof/core';

const ASKED: Lookup = { method: 'POST', path: '/', cacheMs: 0 };

/**
 * The same contract with every relation and state asked of the scan's own knowledge, and none believed from the answer under
 * test: what a leaking answer says of itself is no ground for calling it meant. `when` conditions stay, they read claims.
 */
export function askEverything(contract: CompiledContract): CompiledContract {
  const relations = Object.entries(contract.relations).map(([name, { object, ...rule }]) => [
    name,
    object || rule.lookup ? { ...rule, lookup: ASKED } : rule,
  ]);
  const states = Object.entries(contract.states).map(([name, { of, unknown }]) => [
    name,
    { of, unknown, lookup: ASKED },
  ]);
  return {
    ...contract,
    relations: Object.fromEntries(relations) as CompiledContract['relations'],
    states: Object.fromEntries(states) as CompiledContract['states'],
  };
}
