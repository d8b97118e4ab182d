import type { Budget, EpochMs } from '@leakproof/core';
import { refuses } from './budget-level.ts';
import { OwnerWindow } from './owner-window.ts';

/** One budget of the contract with one window. */
interface BudgetState {
  readonly budget: Budget;
  readonly window: OwnerWindow;
  readonly refuses: boolean;
}

/** The windows of one principal, or of several that share them, one for each budget of the contract. */
export interface Standing {
  readonly states: readonly BudgetState[];
  /** It is in a table; what is counted in one that is not would be forgotten. */
  isHeld: boolean;
}

export function newStanding(budgets: readonly Budget[]): Standing {
  return {
    states: budgets.map((budget) => ({
      budget,
      window: new OwnerWindow(budget.withinMs, budget.max),
      refuses: refuses(budget),
    })),
    isHeld: false,
  };
}

/** So many standings are looked at for an idle one, each time that there is no room. */
const LOOKED_AT = 8;

/**
 * Standings by key, at most `max`. None that holds an owner or a refusal is ever dropped for another (pitfall L5,
 * docs/pitfalls.md): room comes only from those whose windows have passed.
 */
export class StandingTable {
  readonly #max: number;
  /** In the order in which they were held last, but for those that were looked at since. */
  readonly #standings = new Map<string, Standing>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#standings.size;
  }

  get(key: string): Standing | undefined {
    return this.#standings.get(key);
  }

  hasRoom(nowMs: EpochMs): boolean {
    if (this.#standings.size >= this.#max) this.#dropIdle(nowMs);
    return this.#standings.size < this.#max;
  }

  /** Adds a standing, or marks it as used. */
  hold(key: string, standing: Standing): void {
    this.#standings.delete(key);
    this.#standings.set(key, standing);
    standing.isHeld = true;
  }

  #dropIdle(nowMs: EpochMs): void {
    let left = LOOKED_AT;
    for (const [key, standing] of this.#standings) {
      if (left-- === 0) return;
      this.#standings.delete(key);
      if (standing.states.every(({ window }) => window.isIdle(nowMs))) standing.isHeld = false;
      else this.#standings.set(key, standing);
    }
  }
}
