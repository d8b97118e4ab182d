import type { CompiledContract } from '../../contract/compiled.ts';
import { type Answer, type Claim, claimKey, type Known } from '../known.ts';
import { isKnown, type Principal } from '../principal.ts';
import { type Related, Relations } from '../relate.ts';
import type { SightedOwner } from '../sighting.ts';
import type { Question } from './question.ts';

/** Claims and owners of one response that are remembered; beyond them they are asked, or worked out, again. */
const MAX_KEPT = 50_000;

/** Lays out what relations of an object are worked out from, if that has to be known. */
export interface About<T> {
  relatedTo(object: T): Related;
}

/**
 * Answers questions about the objects of one response for one principal. What hangs on the owner alone is worked out once
 * for each owner. What is not known and was not asked yet is kept for asking, and marked by `isOpen`.
 */
export class Answers {
  /** An answer given since this was last set to false was not known, and may still be asked. */
  isOpen = false;
  readonly #principal: Principal;
  readonly #relations: Relations;
  readonly #pending = new Map<string, Claim>();
  readonly #asked = new Set<string>();
  #known: Known;
  readonly #isFinal: boolean;
  #perOwner: Map<string, boolean>[] = [];

  constructor(contract: CompiledContract, principal: Principal, known: Known, isFinal: boolean) {
    this.#principal = principal;
    this.#known = known;
    this.#isFinal = isFinal;
    this.#relations = new Relations(contract, principal, { get: (claim) => this.#get(claim) });
  }

  /** What to ask; an answer that does not come is unknown for good. */
  takeAsks(): Claim[] {
    const asks = [...this.#pending.values()];
    if (this.#asked.size > MAX_KEPT) this.#asked.clear();
    for (const key of this.#pending.keys()) this.#asked.add(key);
    this.#pending.clear();
    return asks;
  }

  get hasAsks(): boolean {
    return this.#pending.size > 0;
  }

  know(known: Known): void {
    this.#known = known;
    this.#perOwner = [];
  }

  #get(claim: Claim): Answer {
    const answer = this.#known.get(claim);
    if (answer === 'unknown' && !this.#isFinal) {
      const key = claimKey(claim);
      if (!this.#asked.has(key)) {
        this.#pending.set(key, claim);
        this.isOpen = true;
      }
    }
    return answer;
  }

  // oxlint-disable-next-line max-params
  answer<T>(question: Question, owners: readonly SightedOwner[], object: T, from: About<T>): boolean {
    const { ask } = question;
    if (owners.length === 0) return ask.is === 'state' && ask.rule === undefined;
    const principal = this.#principal;
    if (ask.is === 'self') {
      if (!isKnown(principal)) return false;
      for (const { owner, about, role } of owners) {
        if (
          owner.id === principal.id &&
          !about &&
          (ask.role === undefined || role === ask.role) &&
          owner.kind === principal.ids &&
          owner.space === principal.space
        )
          return true;
      }
      return false;
    }
    if (!question.perOwner) {
      const relate = this.#relations.to(from.relatedTo(object));
      return ask.is === 'state' ? relate.counts(ask.name) : relate.standsIn(ask.name, ask.role);
    }
    const kept = (this.#perOwner[question.number] ??= new Map<string, boolean>());
    for (const each of owners) {
      if (ask.rule === undefined || each.owner.kind !== ask.rule.of) continue;
      if (ask.is === 'relation' && (each.about || (ask.role !== undefined && each.role !== ask.role))) continue;
      const holds = kept.get(each.owner.id) ?? this.#forOwner(question, each, from.relatedTo(object), kept);
      if (holds) return true;
    }
    return false;
  }

  // oxlint-disable-next-line max-params
  #forOwner(question: Question, { owner }: SightedOwner, related: Related, kept: Map<string, boolean>): boolean {
    const { ask } = question;
    if (ask.is === 'self' || !ask.rule) return false;
    const wasOpen = this.isOpen;
    this.isOpen = false;
    const holds =
      ask.is === 'state'
        ? this.#relations.holds(ask.name, ask.rule, owner, related)
        : this.#relations.related(ask.name, ask.rule, owner, related);
    if (!this.isOpen) {
      if (kept.size > MAX_KEPT) kept.clear();
      kept.set(owner.id, holds);
    }
    this.isOpen ||= wasOpen;
    return holds;
  }
}
