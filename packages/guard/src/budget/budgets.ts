import {
  type Budget,
  type CompiledContract,
  type EpochMs,
  type FactGroup,
  isKnown,
  type OwnerRef,
  type LogRecord,
  type Principal,
  type Tokenize,
} from '@leakproof/core';
import type { Limits } from '../limits.ts';
import { refuses, type BudgetLevel, levelOf } from './budget-level.ts';
import { OwnerWindow } from './window.ts';

/** One principal's standing with all budgets of the contract, for one request. */
export interface Allowance {
  readonly level: BudgetLevel;
  /** Reserves the owners of an object that is about to be released; false withholds it. They are not kept. */
  readonly admits: (owners: readonly OwnerRef[], nowMs: EpochMs) => boolean;
  /** Counts what was given without asking. */
  readonly note: (groups: readonly FactGroup[]) => void;
  readonly noteRefusal: () => void;
  /** When asking again may help. */
  readonly retryAfterSeconds: () => number;
}

/** One budget of the contract, as it stands for one principal. */
interface Standing {
  readonly budget: Budget;
  readonly window: OwnerWindow;
  readonly refuses: boolean;
}

/**
 * Who was given the data of how many others. One window for each principal and budget; anonymous callers by their address.
 * Memory: at most `maxPrincipals` × `max` owners.
 */
export class Budgets {
  readonly #contract: CompiledContract;
  readonly #limits: Limits;
  readonly #tokenize: Tokenize;
  readonly #one = [''];
  readonly #standings = new Map<string, readonly Standing[]>();
  /** Principals forgotten while their window was still running: each may begin anew. */
  evicted = 0;

  constructor(contract: CompiledContract, limits: Limits, tokenize: Tokenize) {
    this.#contract = contract;
    this.#limits = limits;
    this.#tokenize = tokenize;
  }

  /** Counts on from what the log says was given lately. Anonymous callers begin anew: the log does not know addresses. */
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
      for (const { window } of this.#standingsOf(knownKey(kind, token), nowMs)) window.note(owners, record.time);
    }
  }

  allowance(principal: Principal, peer: string, now: () => EpochMs): Allowance {
    const startMs = now();
    const standings = this.#standingsOf(this.#keyOf(principal, peer), startMs);
    const rungs = standings.map(({ budget, window }) =>
      levelOf(budget, window.count(startMs), window.refusals(startMs), this.#limits.freezeAfter),
    );
    return {
      level: strictest(rungs),
      admits: (owners, nowMs) => this.#admits(standings, this.#counted(owners, principal), nowMs),
      note: (groups) => {
        const nowMs = now();
        for (const { owner, ids, ...sets } of groups) {
          if (!isReleased(sets)) continue;
          const owners = this.#counted(
            ids.map((id) => ({ ...owner, id })),
            principal,
          );
          for (const { window } of standings) window.note(owners, nowMs);
        }
      },
      noteRefusal: () => {
        for (const { window } of standings) window.noteRefusal(now(), this.#limits.freezeAfter);
      },
      retryAfterSeconds: () => {
        const at = standings.map(({ budget, window }, index) => {
          if (rungs[index]?.step === 'freeze') return window.thawsAtMs(now());
          return window.count(now()) >= budget.max ? window.freeAtMs(now()) : now();
        });
        return Math.max(1, Math.ceil((Math.max(now(), ...at) - now()) / 1000));
      },
    };
  }

  get principals(): number {
    return this.#standings.size;
  }

  #keyOf(principal: Principal, peer: string): string {
    if (!isKnown(principal)) return JSON.stringify(['anonymous', peer]);
    const { kind, ids, space, id } = principal;
    return knownKey(kind, this.#tokenize({ kind: ids, space, id }));
  }

  /** Every budget that refuses must agree before any of them counts. */
  #admits(standings: readonly Standing[], owners: readonly string[], nowMs: EpochMs): boolean {
    if (owners.length === 0) return true;
    for (const each of standings) if (each.refuses && !each.window.hasRoomFor(owners, nowMs)) return false;
    for (const { window } of standings) window.note(owners, nowMs);
    return true;
  }

  /** Tokens of people besides the principal; used again with the next call. */
  #counted(owners: readonly OwnerRef[], principal: Principal): readonly string[] {
    const [only] = owners;
    if (only && owners.length === 1) {
      if (!this.#counts(only, principal)) return NOBODY;
      this.#one[0] = this.#tokenize(only);
      return this.#one;
    }
    return owners.filter((owner) => this.#counts(owner, principal)).map(this.#tokenize);
  }

  #counts(owner: OwnerRef, principal: Principal): boolean {
    return this.#isPerson(owner.kind) && !isSelf(owner, principal);
  }

  #isPerson(kind: string): boolean {
    return this.#contract.owners[kind]?.subject === true;
  }

  #standingsOf(key: string, nowMs: EpochMs): readonly Standing[] {
    let standings = this.#standings.get(key);
    if (standings) this.#standings.delete(key);
    else standings = this.#contract.budgets.map(standingFor);
    this.#standings.set(key, standings);
    if (this.#standings.size > this.#limits.maxPrincipals) this.#evict(nowMs);
    return standings;
  }

  #evict(nowMs: EpochMs): void {
    for (const [oldest, idle] of this.#standings) {
      if (this.#standings.size <= this.#limits.maxPrincipals) break;
      if (!idle.every(({ window }) => window.isIdle(nowMs))) this.evicted++;
      this.#standings.delete(oldest);
    }
  }
}

const NOBODY: readonly string[] = [];

function standingFor(budget: Budget): Standing {
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

const ORDER = ['free', 'observe', 'delay', 'public-only', '429', 'freeze'] as const;

function strictest(rungs: readonly BudgetLevel[]): BudgetLevel {
  return {
    step: ORDER[Math.max(0, ...rungs.map((level) => ORDER.indexOf(level.step)))] ?? 'free',
    publicOnly: rungs.some((level) => level.publicOnly),
    delayed: rungs.some((level) => level.delayed),
  };
}
