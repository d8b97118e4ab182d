import {
  type AccessFact,
  type Budget,
  type CompiledContract,
  type EpochMs,
  isKnown,
  type OwnerRef,
  type LogRecord,
  type Principal,
  type Sighting,
  type Tokenize,
} from '@leakproof/core';
import type { Limits } from '../limits.ts';
import { refuses, type Rung, rungOf } from './ladder.ts';
import { OwnerWindow } from './window.ts';

/** One principal's standing with all budgets of the contract, for one request. */
export interface Allowance {
  readonly rung: Rung;
  /** Reserves the owners of an object that is about to be released; false withholds it. */
  readonly admits: (object: Pick<Sighting, 'owners'>) => boolean;
  /** Counts what was given without asking. */
  readonly note: (facts: readonly AccessFact[]) => void;
  readonly noteRefusal: () => void;
  /** When asking again may help. */
  readonly retryAfterSeconds: () => number;
}

/**
 * Who was given the data of how many others. One window for each principal and budget; anonymous callers by their address.
 * Memory: at most `maxPrincipals` × `max` owners.
 */
export class Budgets {
  readonly #contract: CompiledContract;
  readonly #limits: Limits;
  readonly #tokenize: Tokenize;
  readonly #windows = new Map<string, readonly OwnerWindow[]>();
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
      if (record.is !== 'access' || record.principal.token === undefined || record.time <= nowMs - longestMs) continue;
      const { kind, token } = record.principal;
      const owners = record.facts
        .filter((fact) => isReleased(fact) && this.#contract.owners[fact.owner.kind]?.subject === true)
        .map((fact) => fact.owner.token)
        .filter((owner) => owner !== token);
      for (const window of this.#windowsOf(JSON.stringify([kind, token]), nowMs)) window.note(owners, record.time);
    }
  }

  allowance(principal: Principal, peer: string, now: () => EpochMs): Allowance {
    const windows = this.#windowsOf(this.#keyOf(principal, peer), now());
    const each = this.#contract.budgets.flatMap((budget, index) => {
      const window = windows[index];
      return window ? [{ budget, window }] : [];
    });
    const rungs = each.map(({ budget, window }) =>
      rungOf(budget, window.count(now()), window.refusals(now()), this.#limits.freezeAfter),
    );
    return {
      rung: strictest(rungs),
      admits: (sighting) => {
        const owners = this.#counted(
          sighting.owners.map((owner) => owner.owner),
          principal,
        );
        // Every budget that refuses must agree before any of them counts.
        const hard = each.filter(({ budget }) => refuses(budget));
        if (!hard.every(({ window }) => window.hasRoomFor(owners, now()))) return false;
        for (const { window } of each) window.note(owners, now());
        return true;
      },
      note: (facts) => {
        const given = facts.filter(isReleased).map((fact) => fact.owner);
        for (const { window } of each) window.note(this.#counted(given, principal), now());
      },
      noteRefusal: () => {
        for (const { window } of each) window.noteRefusal(now(), this.#limits.freezeAfter);
      },
      retryAfterSeconds: () => {
        const at = each.map(({ budget, window }, index) => {
          if (rungs[index]?.step === 'freeze') return window.thawsAtMs(now());
          return window.count(now()) >= budget.max ? window.freeAtMs(now()) : now();
        });
        return Math.max(1, Math.ceil((Math.max(now(), ...at) - now()) / 1000));
      },
    };
  }

  get principals(): number {
    return this.#windows.size;
  }

  #keyOf(principal: Principal, peer: string): string {
    if (!isKnown(principal)) return JSON.stringify(['anonymous', peer]);
    const { kind, ids, space, id } = principal;
    return JSON.stringify([kind, this.#tokenize({ kind: ids, space, id })]);
  }

  /** Tokens of people besides the principal. */
  #counted(owners: readonly OwnerRef[], principal: Principal): string[] {
    return owners
      .filter((owner) => this.#contract.owners[owner.kind]?.subject === true && !isSelf(owner, principal))
      .map(this.#tokenize);
  }

  #windowsOf(key: string, nowMs: EpochMs): readonly OwnerWindow[] {
    let windows = this.#windows.get(key);
    if (windows) this.#windows.delete(key);
    else windows = this.#contract.budgets.map(windowFor);
    this.#windows.set(key, windows);
    for (const [oldest, idle] of this.#windows) {
      if (this.#windows.size <= this.#limits.maxPrincipals) break;
      if (!idle.every((window) => window.isIdle(nowMs))) this.evicted++;
      this.#windows.delete(oldest);
    }
    return windows;
  }
}

function windowFor(budget: Budget): OwnerWindow {
  return new OwnerWindow(budget.withinMs, budget.max);
}

function isReleased(fact: Pick<AccessFact, 'seen' | 'exposed'>): boolean {
  return fact.seen.length + fact.exposed.length > 0;
}

function isSelf(owner: OwnerRef, principal: Principal): boolean {
  return (
    isKnown(principal) && owner.kind === principal.ids && owner.space === principal.space && owner.id === principal.id
  );
}

const ORDER = ['free', 'observe', 'delay', 'public-only', '429', 'freeze'] as const;

function strictest(rungs: readonly Rung[]): Rung {
  return {
    step: ORDER[Math.max(0, ...rungs.map((rung) => ORDER.indexOf(rung.step)))] ?? 'free',
    publicOnly: rungs.some((rung) => rung.publicOnly),
    delayed: rungs.some((rung) => rung.delayed),
  };
}
