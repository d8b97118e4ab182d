import {
  type AccessFact,
  type Budget,
  type CompiledContract,
  type EpochMs,
  isKnown,
  type OwnerRef,
  ownerKey,
  type Principal,
  type Sighting,
} from '@leakproof/core';
import type { Limits } from '../limits.ts';
import { refuses, type Rung, rungOf } from './ladder.ts';
import { OwnerWindow } from './window.ts';

/** One principal's standing with all budgets of the contract, for one request. */
export interface Allowance {
  readonly rung: Rung;
  /** Reserves the owners of an object that is about to be released; false withholds it. */
  readonly admits: (sighting: Sighting) => boolean;
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
  readonly #windows = new Map<string, readonly OwnerWindow[]>();
  /** Principals forgotten while their window was still running: each may begin anew. */
  evicted = 0;

  constructor(contract: CompiledContract, limits: Limits) {
    this.#contract = contract;
    this.#limits = limits;
  }

  allowance(principal: Principal, peer: string, now: () => EpochMs): Allowance {
    const windows = this.#windowsOf(principalKey(principal, peer), now());
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
        const given = facts.filter((fact) => fact.seen.length + fact.exposed.length > 0).map((fact) => fact.owner);
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

  /** People besides the principal. */
  #counted(owners: readonly OwnerRef[], principal: Principal): string[] {
    return owners
      .filter((owner) => this.#contract.owners[owner.kind]?.subject === true && !isSelf(owner, principal))
      .map(ownerKey);
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

function principalKey(principal: Principal, peer: string): string {
  return isKnown(principal)
    ? JSON.stringify([principal.kind, principal.space, principal.id])
    : JSON.stringify(['anonymous', peer]);
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
