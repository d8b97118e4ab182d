import type { CompiledContract, Grant } from '../contract/compiled.ts';
import { own } from '../own.ts';
import { isKnown, type Principal } from './principal.ts';
import type { Because } from './because.ts';
import type { Relate } from './relate.ts';

/** Whether a principal is in a relation by its kind alone, to every owner. */
export function relatesByKind(principal: Principal, relation: string): boolean {
  if (relation === 'anyone') return true;
  return relation !== 'nobody' && isKnown(principal) && (relation === 'member' || relation === principal.kind);
}

/** One principal's relations to the owners of one object, and their states: each is decided once, when needed. */
export class Standing {
  readonly #contract: CompiledContract;
  readonly #principal: Principal;
  readonly #relate: Relate;
  readonly #relations = new Map<string, boolean>();
  readonly #states = new Map<string, boolean>();

  constructor(contract: CompiledContract, principal: Principal, relate: Relate) {
    this.#contract = contract;
    this.#principal = principal;
    this.#relate = relate;
  }

  /** Undefined if the grant allows the principal; else the first reason against it. */
  whyNot(grant: Grant): Because | undefined {
    if (!this.#standsInAny(grant.see, grant.of)) return 'relation';
    for (const [state, relations] of Object.entries(grant.narrow)) {
      if (this.#standsInAnyUnasked(relations, grant.of)) continue;
      if (this.#stateCounts(state) && !this.#standsInAny(relations, grant.of)) return `state:${state}`;
    }
    return undefined;
  }

  /** Relations that were found to hold, and those that need no lookup. */
  relations(): string[] {
    for (const name of ['anyone', 'member', 'self', this.#principal.kind]) this.#standsIn(name, undefined);
    const found = [...this.#relations]
      .filter(([, holding]) => holding)
      .map(([key]) => key.split('\u0000', 1)[0] ?? key);
    return [...new Set(found)].sort();
  }

  states(): string[] {
    return [...this.#states]
      .filter(([, counts]) => counts)
      .map(([state]) => state)
      .sort();
  }

  /** Relations without lookup are tried first: an owner's own view never waits for one. */
  #standsInAny(relations: readonly string[], role: string | undefined): boolean {
    return this.#standsInAnyUnasked(relations, role) || relations.some((relation) => this.#standsIn(relation, role));
  }

  #standsInAnyUnasked(relations: readonly string[], role: string | undefined): boolean {
    return relations.some(
      (relation) => !own(this.#contract.relations, relation)?.lookup && this.#standsIn(relation, role),
    );
  }

  #standsIn(relation: string, role: string | undefined): boolean {
    const key = role === undefined ? relation : `${relation}\u0000${role}`;
    let result = this.#relations.get(key);
    if (result === undefined) this.#relations.set(key, (result = this.#workOut(relation, role)));
    return result;
  }

  #workOut(relation: string, role: string | undefined): boolean {
    if (relatesByKind(this.#principal, relation)) return true;
    if (relation === 'nobody' || !isKnown(this.#principal)) return false;
    return this.#relate.standsIn(relation, role);
  }

  #stateCounts(state: string): boolean {
    let result = this.#states.get(state);
    if (result === undefined) this.#states.set(state, (result = this.#relate.counts(state)));
    return result;
  }
}
