import type { Because } from '../rules/because.ts';
import type { OwnerRef } from '../rules/principal.ts';

/**
 * One object of one owner in one response: the principal's relations, the owner's states, and the fields seen, exposed or
 * withheld. Names of the contract's fields only: no value, and no key of a body that the contract does not declare. The owner's id is replaced by a token before it is written.
 */
export interface AccessFact {
  readonly owner: OwnerRef;
  readonly role: string | undefined;
  readonly about: boolean;
  readonly resource: string;
  readonly relations: readonly string[];
  readonly states: readonly string[];
  /** Released, as the contract allows. */
  readonly seen: readonly string[];
  /** Released, though the contract forbids it (`monitor`). */
  readonly exposed: readonly string[];
  /** Sent by the origin, not released. */
  readonly withheld: readonly string[];
  /** Members of the object that the contract does not declare: withheld in `enforce`, exposed in `monitor`. */
  readonly undeclared: number;
}

/** Access facts that differ only in the owner's id: even a long list makes few groups. */
export type FactGroup = Omit<AccessFact, 'owner'> & {
  readonly owner: Omit<OwnerRef, 'id'>;
  /** One for each fact; an owner with two facts occurs twice. */
  readonly ids: readonly string[];
};

/** The same facts, group by group. */
export function groupFacts(facts: Iterable<AccessFact>): FactGroup[] {
  const groups = new Map<string, FactGroup & { readonly ids: string[] }>();
  for (const { owner, ...rest } of facts) {
    const { id, ...place } = owner;
    const key = JSON.stringify([place.kind, place.space, rest]);
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { ...rest, owner: place, ids: [id] });
  }
  return [...groups.values()];
}

/** How many facts there are in groups. */
export function countFacts(groups: readonly FactGroup[]): number {
  let count = 0;
  for (const { ids } of groups) count += ids.length;
  return count;
}

/** The facts of groups, one by one. */
export function ungroupFacts(groups: readonly FactGroup[]): AccessFact[] {
  return groups.flatMap(({ ids, owner, ...rest }) => ids.map((id) => ({ ...rest, owner: { ...owner, id } })));
}

/**
 * Which field was withheld (or exposed) where, and why: for explanations. Pointers and names may hold keys of
 * the body: never written to a log, a proof or a report.
 */
export interface Withheld {
  readonly pointer: string;
  /** Empty, like `field`, for a value of no resource: an element without its declared shape. */
  readonly resource: string;
  readonly field: string;
  readonly because: Because;
}
