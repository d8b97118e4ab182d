import {
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
import { type BudgetLevel, levelOf } from './budget-level.ts';
import { knownKey } from './caller-key.ts';
import { networkOf, networksOf } from './network-of.ts';
import { newStanding, type Standing, StandingTable } from './standing-table.ts';

/** What all budgets of the contract leave one principal, for one request. */
export interface Allowance {
  readonly level: BudgetLevel;
  /** The principal, or the network of an anonymous caller; unique. */
  readonly caller: string;
  /** Counts the owners of an object that is about to be released; false if it must be withheld. `owners` is not kept. */
  readonly admits: (owners: readonly OwnerRef[], nowMs: EpochMs) => boolean;
  /** Counts the owners of what was released without asking (`monitor`). */
  readonly count: (groups: readonly FactGroup[]) => void;
  readonly countRefusal: () => void;
  /** For `Retry-After`. */
  readonly retryAfterSeconds: () => number;
}

/**
 * Counts of how many other owners' data each principal was given: one window for each principal and budget, where an anonymous
 * principal is an IPv4 address or an IPv6 /64. A principal is remembered only from the first owner or refusal on, and until its
 * windows have passed. When the table is full, principals that are new share one budget for each network, instead of a place that
 * somebody else holds; known and anonymous principals have tables of their own. Memory: at most `maxPrincipals` × `max` owners
 * for each budget and table.
 */
export class Budgets {
  readonly #contract: CompiledContract;
  readonly #limits: Limits;
  readonly #tokenize: Tokenize;
  readonly #single = [''];
  readonly #known: StandingTable;
  readonly #anonymous: StandingTable;
  /** By network: principals that found no room. */
  readonly #shared: StandingTable;
  /** By the widest networks, of which there are few enough to have no bound. */
  readonly #widest = new StandingTable(Infinity);
  /** Requests that were counted in a shared budget, because there was no room for one of their own. */
  shared = 0;

  constructor(contract: CompiledContract, limits: Limits, tokenize: Tokenize) {
    this.#contract = contract;
    this.#limits = limits;
    this.#tokenize = tokenize;
    this.#known = new StandingTable(limits.maxPrincipals);
    this.#anonymous = new StandingTable(limits.maxPrincipals);
    this.#shared = new StandingTable(limits.maxPrincipals);
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
      const key = knownKey(kind, token);
      if (owners.length === 0 || (!this.#known.get(key) && !this.#known.hasRoom(nowMs))) continue;
      const standing = this.#known.get(key) ?? newStanding(this.#contract.budgets);
      this.#known.hold(key, standing);
      for (const { window } of standing.states) window.add(owners, record.time);
    }
  }

  allowance(principal: Principal, peer: string, now: () => EpochMs): Allowance {
    const startMs = now();
    const caller = this.#keyOf(principal, peer);
    if (this.#contract.budgets.length === 0) return { ...UNLIMITED, caller };
    const place = this.#placeOf({ principal, peer, caller }, startMs);
    const used = place.table.get(place.key);
    const levels = (used?.states ?? []).map(({ budget, window }) => {
      const use = { count: window.count(startMs), refusals: window.refusalCount(startMs) };
      return levelOf(budget, use, this.#limits.freezeAfter);
    });
    let held: Standing | undefined;
    /** Counts in the standing of the caller. It is put into its table when something was counted, never before. */
    const countIn = (nowMs: EpochMs, count: (standing: Standing) => boolean): boolean => {
      const at = this.#placeOf({ principal, peer, caller }, nowMs);
      const standing = at.table.get(at.key) ?? this.#newStanding(at, { principal, peer }, nowMs);
      if (!count(standing)) return false;
      this.#hold(at, standing);
      held = standing;
      return true;
    };
    return {
      level: used ? strictest(levels) : FREE,
      caller,
      admits: (owners, nowMs) => {
        const tokens = this.#countedTokens(owners, principal);
        if (tokens.length === 0) return true;
        if (held?.isHeld) return admits(held, tokens, nowMs);
        return countIn(nowMs, (standing) => admits(standing, tokens, nowMs));
      },
      count: (groups) => {
        const nowMs = now();
        for (const { owner, ids, ...sets } of groups) {
          if (!isReleased(sets)) continue;
          const refs = ids.map((id) => ({ ...owner, id }));
          const tokens = this.#countedTokens(refs, principal);
          if (tokens.length > 0) countIn(nowMs, (standing) => add(standing, tokens, nowMs));
        }
      },
      countRefusal: () => {
        const nowMs = now();
        countIn(nowMs, ({ states }) => {
          for (const { window } of states) window.addRefusal(nowMs, this.#limits.freezeAfter);
          return true;
        });
      },
      retryAfterSeconds: () => {
        const nowMs = now();
        const at = (place.table.get(place.key)?.states ?? []).map(({ budget, window }, index) => {
          if (levels[index]?.step === 'freeze') return window.unfreezesAtMs(nowMs);
          return window.count(nowMs) >= budget.max ? window.nextExpiryMs(nowMs) : nowMs;
        });
        return Math.max(1, Math.ceil((Math.max(nowMs, ...at) - nowMs) / 1000));
      },
    };
  }

  /** Principals and networks that hold a budget of their own. */
  get principals(): number {
    return this.#known.size + this.#anonymous.size;
  }

  #keyOf(principal: Principal, peer: string): string {
    if (!isKnown(principal)) return networkOf(peer);
    const { kind, ids, space, id } = principal;
    return knownKey(kind, this.#tokenize({ kind: ids, space, id }));
  }

  /** Where a caller is counted: in its own standing, or without room for it in that of the finest network that has one. */
  #placeOf({ principal, peer, caller }: Caller, nowMs: EpochMs): Place {
    const table = isKnown(principal) ? this.#known : this.#anonymous;
    if (table.get(caller) || table.hasRoom(nowMs)) return { table, key: caller };
    const networks = sharedKeys(principal, peer);
    for (const key of networks.slice(0, -1))
      if (this.#shared.get(key) || this.#shared.hasRoom(nowMs)) return { table: this.#shared, key };
    return { table: this.#widest, key: networks.at(-1) ?? '' };
  }

  /** A standing that begins with what the wider networks of the caller were given: it may have been one of those who shared theirs. */
  #newStanding(place: Place, { principal, peer }: Omit<Caller, 'caller'>, nowMs: EpochMs): Standing {
    const standing = newStanding(this.#contract.budgets);
    const keys = sharedKeys(principal, peer);
    for (const [index, key] of keys.entries()) {
      const table = index < keys.length - 1 ? this.#shared : this.#widest;
      const shared = table === place.table && key === place.key ? undefined : table.get(key);
      for (const [at, { window }] of (shared?.states ?? []).entries())
        standing.states[at]?.window.inherit(window, nowMs);
    }
    return standing;
  }

  #hold({ table, key }: Place, standing: Standing): void {
    table.hold(key, standing);
    if (table === this.#shared || table === this.#widest) this.shared++;
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
}

interface Caller {
  readonly principal: Principal;
  readonly peer: string;
  readonly caller: string;
}

/** A key in one of the tables; there need not be a standing yet. */
interface Place {
  readonly table: StandingTable;
  readonly key: string;
}

/** The keys of the budgets that callers without room share, finest network first. Anonymous callers share with each other alone. */
function sharedKeys(principal: Principal, peer: string): readonly string[] {
  const networks = networksOf(peer);
  return isKnown(principal) ? networks.map((network) => `known ${network}`) : networks;
}

const NO_OWNERS: readonly string[] = [];
const FREE: BudgetLevel = { step: 'free', publicOnly: false, delayed: false };
/** What a contract without budgets leaves everybody. */
const UNLIMITED: Omit<Allowance, 'caller'> = {
  level: FREE,
  admits: () => true,
  count: () => undefined,
  countRefusal: () => undefined,
  retryAfterSeconds: () => 1,
};

/** All budgets that refuse must have room before any of them counts. */
function admits(standing: Standing, tokens: readonly string[], nowMs: EpochMs): boolean {
  for (const each of standing.states) if (each.refuses && !each.window.hasRoomFor(tokens, nowMs)) return false;
  return add(standing, tokens, nowMs);
}

function add({ states }: Standing, tokens: readonly string[], nowMs: EpochMs): true {
  for (const { window } of states) window.add(tokens, nowMs);
  return true;
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
