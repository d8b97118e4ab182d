import type { FactGroup, SightedOwner } from '@leakproof/core';
import type { FieldSets, Verdict } from '../layout/tables.ts';

type Group = FactGroup & { readonly ids: string[] };

const NONE: readonly string[] = [];

/** Gathers the facts of one step: those of one verdict, to the same kind of owner in the same role, are one group. */
export class GatheredFacts {
  #groups: Group[] = [];
  #setsOf: FieldSets[] = [];
  readonly #monitor: boolean;

  constructor(monitor: boolean) {
    this.#monitor = monitor;
  }

  add(verdict: Verdict, sets: FieldSets, resource: string, by: SightedOwner): void {
    const { owner, role, about } = by;
    for (let at = this.#groups.length - 1; at >= 0; at--) {
      const group = this.#groups[at] as Group;
      if (
        this.#setsOf[at] === sets &&
        group.owner.kind === owner.kind &&
        group.owner.space === owner.space &&
        group.role === role &&
        group.about === about
      ) {
        group.ids.push(owner.id);
        return;
      }
    }
    this.#setsOf.push(sets);
    this.#groups.push({
      owner: { kind: owner.kind, space: owner.space },
      role,
      about,
      resource,
      relations: verdict.relations,
      states: verdict.states,
      seen: sets.good,
      exposed: this.#monitor ? sets.rest : NONE,
      withheld: this.#monitor ? NONE : sets.rest,
      ids: [owner.id],
    });
  }

  /** What was gathered since it was last taken. */
  take(): readonly FactGroup[] {
    const groups = this.#groups;
    if (groups.length === 0) return groups;
    this.#groups = [];
    this.#setsOf = [];
    return groups;
  }
}
