import {
  type Budget,
  type CompiledContract,
  type EpochMs,
  type FactGroup,
  isKnown,
  type LogRecord,
  type OwnerRef,
  type Principal,
  type Tokenize,
} from '@leakproof/core';
import type { Limits } from '../limits.ts';
import { type BudgetLevel, levelOf, refuses } from './budget-level.ts';
import { OwnerWindow } from './owner-window.ts';

/** What all budgets of the contract leave one principal, for one request. */
export interface Allowance {
  readonly level: BudgetLevel;
  /** Counts the owners of an object that is about to be released; false if it must be withheld. `owners` is not kept. */
  readonly admits: (owners: readonly OwnerRef[], nowMs: EpochMs) => boolean;
  /** Counts the owners of what was released without asking (`monitor`). */
  readonly count: (groups: readonly FactGroup[]) => void;
  readonly countRefusal: () => void;
  /** For `Retry-After`. */
  readonly retryAfterSeconds: () => number;
}

/** One budget of the contract with the window of one principal. */
interface BudgetState {
  readonly budget: Budget;
  readonly window: OwnerWindow;
  readonly refuses: boolean;
}

/**
 * Counts of how many other owners' data each principal was given: one window for each principal and budget, where an anonymous
 * principal is an IP address. Memory: at most `maxPrincipals` × `max` owners for each budget.
 */
export class Budgets {
  readonly #contract: CompiledContract;
  readonly #limits: Limits;
  readonly #tokenize: Tokenize;
  readonly #single = [''];
  /** In the order of last use. */
  readonly #states = new Map<string, readonly BudgetState[]>();
  /** Principals whose states were dropped before their windows were empty: their counts begin at zero again. */
  evicted = 0;

  constructor(contract: CompiledContract, limits: Limits, tokenize: Tokenize) {
    this.#contract = contract;
    this.#limits = limits;
    this.#tokenize = tokenize;
  }

  /** Counts what the log says was released. Anonymous principals begin at zero: the log contains no addresses. */
  restore(records: Iterable<LogRecord>, nowMs: EpochMs): void {
    const longestMs = Math.max(0, ...this.#contract.budgets.map((budget) => budget.withinMs));
    for (const record of records) {
      if (record.type !== 'access' || record.principal.token === undefined || record.time <= nowMs - longestMs)
        continue;
      const { kind, token } = record.principal;
      const owners = record.facts
        .filter((facts) => isReleased(facts) && this.#isPerson(facts.owner))
        .flatMap((facts) => facts.tokens)
        .filter((owner) => owner !== token);
      for (const { window } of this.#statesOf(knownKey(kind, token), nowMs)) window.add(owners, record.time);
    }
  }

  allowance(principal: Principal, peer: string, now: () => EpochMs): Allowance {
    const startMs = now();
    const states = this.#statesOf(this.#keyOf(principal, peer), startMs);
    const levels = states.map(({ budget, window }) => {
      const use = { count: window.count(startMs), refusals: window.refusalCount(startMs) };
      return levelOf(budget, use, this.#limits.freezeAfter);
    });
    return {
      level: strictest(levels),
      admits: (owners, nowMs) => this.#admits(states, this.#countedTokens(owners, principal), nowMs),
      count: (groups) => {
        const nowMs = now();
        for (const { owner, ids, ...sets } of groups) {
          if (!isReleased(sets)) continue;
          const tokens = this.#countedTokens(
            ids.map((id) => ({ ...owner, id })),
            principal,
          );
          for (const { window } of states) window.add(tokens, nowMs);
        }
      },
      countRefusal: () => {
        for (const { window } of states) window.addRefusal(now(), this.#limits.freezeAfter);
      },
      retryAfterSeconds: () => {
        const at = states.map(({ budget, window }, index) => {
          if (levels[index]?.step === 'freeze') return window.unfreezesAtMs(now());
          return window.count(now()) >= budget.max ? window.nextExpiryMs(now()) : now();
        });
        return Math.max(1, Math.ceil((Math.max(now(), ...at) - now()) / 1000));
      },
    };
  }

  get principals(): number {
    return this.#states.size;
  }

  #keyOf(principal: Principal, peer: string): string {
    if (!isKnown(principal)) return JSON.stringify(['anonymous', peer]);
    const { kind, ids, space, id } = principal;
    return knownKey(kind, this.#tokenize({ kind: ids, space, id }));
  }

  /** All budgets that refuse must have room before any of them counts. */
  #admits(states: readonly BudgetState[], tokens: readonly string[], nowMs: EpochMs): boolean {
    if (tokens.length === 0) return true;
    for (const each of states) if (each.refuses && !each.window.hasRoomFor(tokens, nowMs)) return false;
    for (const { window } of states) window.add(tokens, nowMs);
    return true;
  }

  /** Tokens of the owners that count: people other than the principal. The array is reused by the next call. */
  #countedTokens(owners: readonly OwnerRef[], principal: Principal): readonly string[] {
    const [only] = owners;
    if (only && owners.length === 1) {
      if (!this.#isCounted(only, principal)) return NO_OWNERS;
      this.#single[0] = this.#tokenize(only);
      return this.#single;
    }
    return owners.filter((owner) => this.#isCounted(owner, principal)).map(this.#tokenize);
  }

  #isCounted(owner: OwnerRef, principal: Principal): boolean {
    return this.#isPerson(owner.kind) && !isSelf(owner, principal);
  }

  #isPerson(kind: string): boolean {
    return this.#contract.owners[kind]?.subject === true;
  }

  #statesOf(key: string, nowMs: EpochMs): readonly BudgetState[] {
    let states = this.#states.get(key);
    if (states) this.#states.delete(key);
    else states = this.#contract.budgets.map(newState);
    this.#states.set(key, states);
    if (this.#states.size > this.#limits.maxPrincipals) this.#evict(nowMs);
    return states;
  }

  #evict(nowMs: EpochMs): void {
    for (const [oldest, states] of this.#states) {
      if (this.#states.size <= this.#limits.maxPrincipals) break;
      if (!states.every(({ window }) => window.isIdle(nowMs))) this.evicted++;
      this.#states.delete(oldest);
    }
  }
}

const NO_OWNERS: readonly string[] = [];

function newState(budget: Budget): BudgetState {
  return { budget, window: new OwnerWindow(budget.withinMs, budget.max), refuses: refuses(budget) };
}

function knownKey(kind: string, token: string): string {
  return JSON.stringify([kind, token]);
}

function isReleased(sets: Pick<FactGroup, 'seen' | 'exposed'>): boolean {
  return sets.seen.length + sets.exposed.length > 0;
}

function isSelf(owner: OwnerRef, principal: Principal): boolean {
  return (
    isKnown(principal) && owner.id === principal.id && owner.kind === principal.ids && owner.space === principal.space
  );
}

const STEPS = ['free', 'observe', 'delay', 'public-only', '429', 'freeze'] as const;

function strictest(levels: readonly BudgetLevel[]): BudgetLevel {
  return {
    step: STEPS[Math.max(0, ...levels.map((level) => STEPS.indexOf(level.step)))] ?? 'free',
    publicOnly: levels.some((level) => level.publicOnly),
    delayed: levels.some((level) => level.delayed),
  };
}
