import {
  type Claim,
  type CompiledContract,
  isKnown,
  type Known,
  lookupsOf,
  type OwnerRef,
  type Principal,
  type SightedOwner,
  type Truth,
} from '@leakproof/core';
import { ClaimMap, type Related, Relations } from '@leakproof/core/rules';
import type { Predicate, Question } from './question.ts';

/** Owners of one response whose answers to one question are kept; with more, all are dropped and computed again. */
const MAX_REMEMBERED_OWNERS = 50_000;

/** So many claims of one response are kept as asked before the older ones are dropped. */
const MIN_REMEMBERED_CLAIMS = 25_000;

/** Collects the inputs of an object's relations and states, where an answer depends on them. */
export interface RelatedSource<T> {
  relatedTo(object: T): Related;
}

/** For answers that depend on the owner only. */
const NO_OBJECT: Related = { resource: '', owners: [], evidence: Object.create(null) as Record<string, unknown> };

type RulePredicate = Exclude<Predicate, { type: 'self' }>;

/**
 * Answers questions about the objects of one response for one principal. A condition on the owner alone is evaluated once for each
 * owner. Claims that are unknown and were not asked yet are collected for `takeAsks`, and `isPending` is set.
 */
export class QuestionResolver {
  /** An answer since this was last set to false depends on a claim that is about to be asked. */
  isPending = false;
  readonly #contract: CompiledContract;
  readonly #principal: Principal;
  readonly #relations: Relations;
  #toAsk: Claim[] = [];
  /** The round in which each claim was or will be asked. */
  #roundAsked: ClaimMap<number> | undefined;
  #round = 1;
  #mostInOneRound = 0;
  #known: Known;
  readonly #isFinal: boolean;
  #resolvedByOwner: (Map<string, boolean> | undefined)[] = [];

  constructor(
    contract: CompiledContract,
    principal: Principal,
    { known, isFinal }: { readonly known: Known; readonly isFinal: boolean },
  ) {
    this.#contract = contract;
    this.#principal = principal;
    this.#known = known;
    this.#isFinal = isFinal;
    this.#relations = new Relations(contract, principal, { get: (claim) => this.#get(claim) });
  }

  /** The claims to ask. One that is not answered counts as unknown from then on. */
  takeAsks(): Claim[] {
    const asks = this.#toAsk;
    this.#toAsk = [];
    this.#round++;
    this.#mostInOneRound = Math.max(this.#mostInOneRound, asks.length);
    if (this.#roundAsked && this.#roundAsked.recent > MIN_REMEMBERED_CLAIMS) this.#dropOlder(this.#roundAsked);
    return asks;
  }

  get hasAsks(): boolean {
    return this.#toAsk.length > 0;
  }

  useAnswers(known: Known): void {
    this.#known = known;
    this.#resolvedByOwner = [];
  }

  /** Keeps the claims of the pending objects, which may take one round for each lookup: dropped, they would be asked again forever. */
  #dropOlder(asked: ClaimMap<number>): void {
    if (asked.recent > lookupsOf(this.#contract) * this.#mostInOneRound) asked.turn();
  }

  #get(claim: Claim): Truth {
    const answer = this.#known.get(claim);
    if (answer === 'unknown' && !this.#isFinal) this.#ask(claim);
    return answer;
  }

  #ask(claim: Claim): void {
    this.#roundAsked ??= new ClaimMap(Infinity);
    let round = this.#roundAsked.get(claim);
    if (round === undefined) {
      this.#roundAsked.set(claim, (round = this.#round));
      this.#toAsk.push({ ...claim, owner: { ...claim.owner } });
    }
    if (round === this.#round) this.isPending = true;
  }

  // oxlint-disable-next-line max-params -- an object here would be one more for each question about each object
  resolve<T>(question: Question, owners: readonly SightedOwner[], object: T, source: RelatedSource<T>): boolean {
    const { predicate } = question;
    if (predicate.type === 'self') return this.#isSelf(predicate.role, owners);
    if (!predicate.rule) return predicate.type === 'state';
    let related: Related | undefined;
    for (const each of owners) {
      if (!appliesTo(predicate, each)) continue;
      if (question.dependsOn === 'object') related ??= source.relatedTo(object);
      const holds =
        question.dependsOn === 'owner'
          ? this.#resolveForOwner(question, predicate, each.owner)
          : this.#holds(predicate, each.owner, related);
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
      if (mayGrant(each, role)) return true;
    }
    return false;
  }

  /** Evaluated once for each owner, and again while the answer is pending. */
  #resolveForOwner({ number }: Question, predicate: RulePredicate, owner: OwnerRef): boolean {
    const kept = (this.#resolvedByOwner[number] ??= new Map());
    const before = kept.get(owner.id);
    if (before !== undefined) return before;
    const wasPending = this.isPending;
    this.isPending = false;
    const holds = this.#holds(predicate, owner);
    if (!this.isPending) {
      if (kept.size > MAX_REMEMBERED_OWNERS) kept.clear();
      kept.set(owner.id, holds);
    }
    this.isPending ||= wasPending;
    return holds;
  }

  #holds(predicate: RulePredicate, owner: OwnerRef, related = NO_OBJECT): boolean {
    if (!predicate.rule) return predicate.type === 'state';
    return predicate.type === 'state'
      ? this.#relations.holds(predicate.name, predicate.rule, owner, related)
      : this.#relations.related(predicate.name, predicate.rule, owner, related);
  }
}

/** Whether a rule applies to this kind and role of owner. */
function appliesTo(predicate: RulePredicate, each: SightedOwner): boolean {
  return each.owner.kind === predicate.rule?.of && (predicate.type === 'state' || mayGrant(each, predicate.role));
}

/** Whether relations to this owner count for a grant that is limited to owners in `role`. */
function mayGrant(owner: SightedOwner, role: string | undefined): boolean {
  return !owner.about && (role === undefined || owner.role === role);
}
