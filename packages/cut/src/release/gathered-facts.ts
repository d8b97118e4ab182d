import type { FactGroup, SightedOwner } from '@leakproof/core';
import type { SightedObject } from '../read/sighted-object.ts';
import type { FieldSets, Verdict } from '../rule/decision-tree.ts';

type Group = FactGroup & { readonly ids: string[] };

const NONE: readonly string[] = [];

/** Gathers the facts of one step, grouped by verdict and by kind, id space and role of the owner. */
export class GatheredFacts {
  #groups: Group[] = [];
  /** The field sets of each group, which identify the verdict. */
  #setsOf: FieldSets[] = [];
  readonly #monitor: boolean;

  constructor(monitor: boolean) {
    this.#monitor = monitor;
  }

  /** Adds the fact of one judged object for one of its owners. */
  add(object: SightedObject, sets: FieldSets, by: SightedOwner): void {
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
    const { relations, states } = object.verdict as Verdict;
    this.#setsOf.push(sets);
    this.#groups.push({
      owner: { kind: owner.kind, space: owner.space },
      role,
      about,
      resource: object.layout.plan.resource?.name ?? '',
      relations,
      states,
      seen: sets.released,
      exposed: this.#monitor ? sets.notReleased : NONE,
      withheld: this.#monitor ? NONE : sets.notReleased,
      undeclared: sets.undeclared,
      ids: [owner.id],
    });
  }

  /** Returns and removes all groups. */
  take(): readonly FactGroup[] {
    const groups = this.#groups;
    if (groups.length === 0) return groups;
    this.#groups = [];
    this.#setsOf = [];
    return groups;
  }
}
