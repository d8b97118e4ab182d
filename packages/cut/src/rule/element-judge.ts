import type { Principal, SightedOwner } from '@leakproof/core';
import type { Layout } from '../layout/tables.ts';
import { makeSightedObject, type SightedObject } from '../read/sighted-object.ts';
import type { Tape } from '../read/tape.ts';
import type { Window } from '../read/window.ts';
import { decide, treeBase } from './decide.ts';
import type { DecisionNode, Verdict } from './decision-tree.ts';
import { ObjectEvidence } from './object-evidence.ts';
import { NO_OWNERS, OwnerFinder } from './owner-finder.ts';
import type { Question } from './question.ts';
import type { QuestionResolver } from './question-resolver.ts';

const NO_ANSWERS: ReadonlyMap<Question, boolean> = new Map();

/** Judges every object on a tape, for one principal and one id space, by walking the decision tree of its layout. */
export class ElementJudge {
  readonly #tape: Tape;
  readonly #owners: OwnerFinder;
  readonly #evidence: ObjectEvidence;
  readonly #resolver: QuestionResolver;
  readonly #principal: Principal;
  /** The index of the first tree for this principal. */
  readonly #base: number;
  readonly #monitor: boolean;

  constructor(
    context: { readonly tape: Tape; readonly window: Window },
    resolver: QuestionResolver,
    caller: { readonly principal: Principal; readonly space: string; readonly monitor: boolean },
  ) {
    this.#tape = context.tape;
    this.#owners = new OwnerFinder(context.tape, context.window, caller.space);
    this.#evidence = new ObjectEvidence(context.tape, context.window);
    this.#resolver = resolver;
    this.#principal = caller.principal;
    this.#monitor = caller.monitor;
    this.#base = treeBase(caller.principal, caller.monitor);
  }

  /** Judges the sighted objects with indexes from `from` to before `to`. False if claims have to be asked first. */
  judge(from: number, to: number): boolean {
    this.#resolver.isPending = false;
    for (let number = from; number < to; number++) {
      const object = this.#tape.sighted[number] as SightedObject;
      object.verdict = this.verdictOn(object);
    }
    return !this.#resolver.isPending;
  }

  /** The verdict on one object by what is known now; unknown claims count against release. */
  verdictOn(object: SightedObject): Verdict {
    const { layout } = object;
    const owners: readonly SightedOwner[] = object.owners ?? this.#owners.find(object);
    const groupTooSmall = layout.plan.group !== undefined && this.#evidence.isGroupTooSmall(object);
    const trees = (layout.decisionTrees ??= []);
    const tree = this.#treeOf(object, groupTooSmall);
    let node = (trees[tree] ??= this.#decide(object, groupTooSmall, NO_ANSWERS));
    while (node.question !== undefined) {
      const open: DecisionNode = node;
      const answer = this.#resolver.resolve(open.question, owners, object, this.#evidence);
      node = (answer ? open.yes : open.no) ?? this.#grow(object, open, answer);
    }
    return node;
  }

  /** The verdict on an object without owners. */
  verdictOnOwnerless(layout: Layout): Verdict {
    const object = makeSightedObject(layout);
    object.owners = NO_OWNERS;
    return this.verdictOn(object);
  }

  #treeOf({ ownerUnknown }: SightedObject, groupTooSmall: boolean): number {
    return this.#base + (ownerUnknown ? 2 : 0) + (groupTooSmall ? 1 : 0);
  }

  /** Adds what follows from an answer that no object of this layout has had before. */
  #grow(object: SightedObject, leaf: DecisionNode, answer: boolean): DecisionNode | Verdict {
    const { layout } = object;
    const groupTooSmall = layout.plan.group !== undefined && this.#evidence.isGroupTooSmall(object);
    const answers = new Map<Question, boolean>();
    let node = layout.decisionTrees?.[this.#treeOf(object, groupTooSmall)] as DecisionNode;
    while (node !== leaf) {
      const isYes = this.#resolver.resolve(node.question, object.owners ?? NO_OWNERS, object, this.#evidence);
      answers.set(node.question, isYes);
      node = (isYes ? node.yes : node.no) as DecisionNode;
    }
    answers.set(leaf.question, answer);
    const next = this.#decide(object, groupTooSmall, answers);
    if (answer) leaf.yes = next;
    else leaf.no = next;
    return next;
  }

  #decide(
    { layout, ownerUnknown }: SightedObject,
    groupTooSmall: boolean,
    answers: ReadonlyMap<Question, boolean>,
  ): DecisionNode | Verdict {
    const context = { principal: this.#principal, ownerUnknown, groupTooSmall, monitor: this.#monitor };
    return decide(layout, context, answers);
  }
}
