import {
  type Truth,
  type Claim,
  type CompiledContract,
  isKnown,
  type Known,
  lookupsOf,
  type OwnerRef,
  type Principal,
  type SightedOwner,
} from '@leakproof/core';
import { ClaimMap, type Related, Relations } from '@leakproof/core/rules';
import type { Asked, Question } from './question.ts';

/** Owners of one response whose answers are remembered; beyond them they are worked out again. */
const MAX_KEPT = 50_000;

/** Claims of one response that are remembered to have been asked, and at most as many again. */
const MIN_ASKED = 25_000;

/** Lays out what relations of an object are worked out from, if that has to be known. */
export interface About<T> {
  relatedTo(object: T): Related;
}

/** What there is to an object where only its owner matters. */
const NO_OBJECT: Related = { resource: '', owners: [], evidence: Object.create(null) as Record<string, unknown> };

type RuleAsked = Exclude<Asked, { type: 'self' }>;

/**
 * Answers questions about the objects of one response for one principal. A condition on the owner alone is worked out
 * once for each. What is not known and was not asked yet is kept for asking, and marked by `isOpen`.
 */
export class Answers {
  /** An answer given since this was last set to false was not known, and may still be asked. */
  isOpen = false;
  readonly #contract: CompiledContract;
  readonly #principal: Principal;
  readonly #relations: Relations;
  #pending: Claim[] = [];
  /** In which round a claim was asked, or will be. Made when there is one. */
  #asked: ClaimMap<number> | undefined;
  #round = 1;
  #mostAsked = 0;
  #known: Known;
  readonly #isFinal: boolean;
  #perOwner: (Map<string, boolean> | undefined)[] = [];

  constructor(contract: CompiledContract, principal: Principal, known: Known, isFinal: boolean) {
    this.#contract = contract;
    this.#principal = principal;
    this.#known = known;
    this.#isFinal = isFinal;
    this.#relations = new Relations(contract, principal, { get: (claim) => this.#get(claim) });
  }

  /** What to ask; an answer that does not come is unknown for good. */
  takeAsks(): Claim[] {
    const asks = this.#pending;
    this.#pending = [];
    this.#round++;
    this.#mostAsked = Math.max(this.#mostAsked, asks.length);
    if (this.#asked && this.#asked.recent > MIN_ASKED) this.#forget(this.#asked);
    return asks;
  }

  get hasAsks(): boolean {
    return this.#pending.length > 0;
  }

  know(known: Known): void {
    this.#known = known;
    this.#perOwner = [];
  }

  /** Never what was asked for the objects in hand, which may take one round for each lookup: it would be asked for ever. */
  #forget(asked: ClaimMap<number>): void {
    if (asked.recent > lookupsOf(this.#contract) * this.#mostAsked) asked.turn();
  }

  #get(claim: Claim): Truth {
    const answer = this.#known.get(claim);
    if (answer === 'unknown' && !this.#isFinal) this.#ask(claim);
    return answer;
  }

  #ask(claim: Claim): void {
    this.#asked ??= new ClaimMap(Infinity);
    let round = this.#asked.get(claim);
    if (round === undefined) {
      this.#asked.set(claim, (round = this.#round));
      this.#pending.push({ ...claim, owner: { ...claim.owner } });
    }
    if (round === this.#round) this.isOpen = true;
  }

  // oxlint-disable-next-line max-params
  answer<T>(question: Question, owners: readonly SightedOwner[], object: T, from: About<T>): boolean {
    const { ask } = question;
    if (ask.type === 'self') return this.#isSelf(ask.role, owners);
    if (!ask.rule) return ask.type === 'state';
    let related: Related | undefined;
    for (const each of owners) {
      if (!concerns(ask, each)) continue;
      if (question.hangsOn === 'object') related ??= from.relatedTo(object);
      const holds =
        question.hangsOn === 'owner' ? this.#ofOwner(question, ask, each.owner) : this.#holds(ask, each.owner, related);
      if (holds) return true;
    }
    return false;
  }

  #isSelf(role: string | undefined, owners: readonly SightedOwner[]): boolean {
    const principal = this.#principal;
    if (!isKnown(principal)) return false;
    for (const each of owners) {
      const { owner } = each;
      if (owner.id !== principal.id || owner.kind !== principal.ids || owner.space !== principal.space) continue;
      if (isGround(each, role)) return true;
    }
    return false;
  }

  /** Worked out once for each owner, and again while it may still be asked. */
  #ofOwner({ number }: Question, ask: RuleAsked, owner: OwnerRef): boolean {
    const kept = (this.#perOwner[number] ??= new Map());
    const before = kept.get(owner.id);
    if (before !== undefined) return before;
    const wasOpen = this.isOpen;
    this.isOpen = false;
    const holds = this.#holds(ask, owner);
    if (!this.isOpen) {
      if (kept.size > MAX_KEPT) kept.clear();
      kept.set(owner.id, holds);
    }
    this.isOpen ||= wasOpen;
    return holds;
  }

  #holds(ask: RuleAsked, owner: OwnerRef, related = NO_OBJECT): boolean {
    if (!ask.rule) return ask.type === 'state';
    return ask.type === 'state'
      ? this.#relations.holds(ask.name, ask.rule, owner, related)
      : this.#relations.related(ask.name, ask.rule, owner, related);
  }
}

/** Whether a rule is about owners such as this one. */
function concerns(ask: RuleAsked, each: SightedOwner): boolean {
  return each.owner.kind === ask.rule?.of && (ask.type === 'state' || isGround(each, ask.role));
}

/** Whether an owner is one whose relations count, for a grant to those in this role. */
function isGround({ about, role }: SightedOwner, asked: string | undefined): boolean {
  return !about && (asked === undefined || role === asked);
}
