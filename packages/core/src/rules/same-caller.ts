import type { CompiledContract } from '../contract/compiled.ts';
import { principalPathsOf } from '../contract/condition.ts';
import { conditionsOf } from './condition-reads.ts';
import type { Principal } from './principal.ts';

/**
 * True if the contract judges both principals alike: they have one kind, id and id space, and no condition reads a claim in which
 * they differ. Other claims may change, such as the time of the last visit. O(conditions).
 */
export function isSameCaller(contract: CompiledContract, one: Principal, other: Principal): boolean {
  const read = [['kind'], ['id'], ['ids'], ['space'], ...conditionsOf(contract).flatMap(principalPathsOf)];
  return read.every((path) => valueAt(one, path) === valueAt(other, path));
}

/** As JSON; undefined if there is none. */
function valueAt(principal: Principal, path: readonly string[]): string | undefined {
  let value: unknown = principal;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return JSON.stringify(value);
}
