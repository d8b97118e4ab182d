import { type JsonText, type Principal, readJson, type SightedOwner, valueOf } from '@leakproof/core';
import { setAtPath, type Related } from '@leakproof/core/rules';
import type { Answers } from './answers.ts';
import { placeOfKey, placeOfOwner } from '../layout/layout.ts';
import type { Question } from './question.ts';
import { idAt, idOfBytes, isAbsentAt, isInteger } from '../read/scalar-bytes.ts';
import type { BytePath, Fork, Layout, ObjectPlan, OwnerAt, Verdict } from '../layout/tables.ts';
import { AT, END, makeSighted, NEXT, ROW, type Sighted, type Tape } from '../read/tape.ts';
import { decide, treeBase } from './verdict.ts';
import { walk } from '../layout/walk.ts';
import type { Window } from '../read/window.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NO_OWNERS: readonly SightedOwner[] = [];

/** Finds the owners of every object on a tape, and what the contract says of it, for one principal and one id space. */
export class Judge {
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #answers: Answers;
  readonly #principal: Principal;
  readonly #space: string;
  /** Where the trees for this kind of principal begin. */
  readonly #base: number;
  readonly #monitor: boolean;

  constructor(
    place: { readonly tape: Tape; readonly window: Window },
    answers: Answers,
    caller: { readonly principal: Principal; readonly space: string; readonly monitor: boolean },
  ) {
    this.#tape = place.tape;
    this.#window = place.window;
    this.#answers = answers;
    this.#principal = caller.principal;
    this.#space = caller.space;
    this.#monitor = caller.monitor;
    this.#base = treeBase(caller.principal, caller.monitor);
  }

  /** Judges what was sighted between two numbers. False if something has to be asked first. */
  judge(from: number, to: number): boolean {
    this.#answers.isOpen = false;
    for (let number = from; number < to; number++) {
      const sighted = this.#tape.sighted[number] as Sighted;
      sighted.verdict = this.verdictOn(sighted);
    }
    return !this.#answers.isOpen;
  }

  /** What the contract says of one object, as far as it is known now. */
  verdictOn(sighted: Sighted): Verdict {
    const { layout } = sighted;
    const { onlyOwner } = layout.plan;
    const owners =
      sighted.owners ??
      (onlyOwner && sighted.mapKey === undefined ? this.#onlyOwner(sighted, onlyOwner) : this.#findOwners(sighted));
    const { ownerUnknown } = sighted;
    const groupTooSmall = layout.plan.crowd !== undefined && this.#isGroupTooSmall(sighted);
    const root = this.#base + (ownerUnknown ? 2 : 0) + (groupTooSmall ? 1 : 0);
    const trees = (layout.verdicts ??= []);
    let node = (trees[root] ??= this.#decide(sighted, groupTooSmall, NOTHING_ANSWERED));
    while (node.question !== undefined) {
      const fork: Fork = node;
      const answer = this.#answers.answer(fork.question, owners, sighted, this);
      node = (answer ? fork.yes : fork.no) ?? this.#grow(trees[root] as Fork, fork, answer, sighted);
    }
    return node;
  }

  #decide(sighted: Sighted, groupTooSmall: boolean, answers: ReadonlyMap<Question, boolean>): Fork | Verdict {
    const { ownerUnknown, layout } = sighted;
    const circumstances = { principal: this.#principal, ownerUnknown, groupTooSmall, monitor: this.#monitor };
    return decide(layout, circumstances, answers);
  }

  /** What the contract says of an object that nobody owns. */
  ownerless(layout: Layout): Verdict {
    const nobodys = makeSighted(layout);
    nobodys.owners = NO_OWNERS;
    return this.verdictOn(nobodys);
  }

  /** What follows from an answer that no object of this layout has given before. */
  // oxlint-disable-next-line max-params
  #grow(root: Fork, fork: Fork, answer: boolean, sighted: Sighted): Fork | Verdict {
    const answers = new Map<Question, boolean>();
    let node = root;
    while (node !== fork) {
      const isYes = this.#answers.answer(node.question, sighted.owners ?? NO_OWNERS, sighted, this);
      answers.set(node.question, isYes);
      node = (isYes ? node.yes : node.no) as Fork;
    }
    answers.set(fork.question, answer);
    const groupTooSmall = sighted.layout.plan.crowd !== undefined && this.#isGroupTooSmall(sighted);
    const next = this.#decide(sighted, groupTooSmall, answers);
    if (answer) fork.yes = next;
    else fork.no = next;
    return next;
  }

  #findOwners(sighted: Sighted): readonly SightedOwner[] {
    const { plan } = sighted.layout;
    const { owners: paths, owned, inherits } = plan;
    if (paths.length === 0 && !inherits) {
      sighted.ownerUnknown = owned;
      return (sighted.owners = NO_OWNERS);
    }
    const above = inherits ? sighted.above : undefined;
    const owners: SightedOwner[] = above ? [...(above.owners ?? NO_OWNERS)] : [];
    let isUnreadable = above?.ownerUnknown === true;
    for (const path of paths) if (!this.#ownersAt(sighted, path, owners)) isUnreadable = true;
    sighted.ownerUnknown = isUnreadable || (owned && !hasGround(owners));
    return (sighted.owners = owners);
  }

  /** The usual case: one owner, named by one member. */
  #onlyOwner(sighted: Sighted, { kind, role, about }: OwnerAt): readonly SightedOwner[] {
    const { owned, isReference } = sighted.layout.plan;
    const entry = isReference ? sighted.entry : this.#memberAt(sighted, placeOfOwner(sighted.layout));
    sighted.ownerUnknown = owned;
    if (entry < 0) return (sighted.owners = NO_OWNERS);
    const from = this.#tape.rows[entry + AT] as number;
    const to = this.#tape.rows[entry + END] as number;
    const id = idAt(this.#window, from, to);
    if (!id) {
      sighted.ownerUnknown = owned || !isAbsentAt(this.#window, from, to);
      return (sighted.owners = NO_OWNERS);
    }
    sighted.ownerUnknown = owned && about;
    const { owner, owners } = sighted.only;
    owner.kind = kind;
    owner.space = this.#space;
    owner.id = id;
    owners[0].role = role;
    owners[0].about = about;
    return (sighted.owners = owners);
  }

  /** Adds what a path names; false if something stands there that is no id. */
  #ownersAt(sighted: Sighted, path: OwnerAt, owners: SightedOwner[]): boolean {
    const { at } = path;
    const window = this.#window;
    const entry = this.#entryAt(sighted, at);
    let found = 0;
    let isReadable = true;
    if (entry >= 0) {
      const from = this.#tape.rows[entry + AT] as number;
      const to = this.#tape.rows[entry + END] as number;
      if (at.rest.length === 0) {
        if (!isAbsentAt(window, from, to)) {
          found = 1;
          isReadable = this.#add(path, idAt(window, from, to), owners);
        }
      } else {
        const bytes = window.slice(from, to);
        for (const [start, end] of walk(bytes, 0, at.rest)) {
          if (bytes[start] === 0x6e || (bytes[start] === 0x22 && end - start === 2)) continue;
          found++;
          if (!this.#add(path, idOfBytes(bytes, start, end), owners)) isReadable = false;
        }
      }
    }
    if (found === 0 && path.orKey && sighted.mapKey !== undefined) return this.#add(path, sighted.mapKey, owners);
    return isReadable;
  }

  #add({ kind, role, about }: OwnerAt, id: string | undefined, owners: SightedOwner[]): boolean {
    if (!id) return false;
    owners.push({ owner: { kind, space: this.#space, id }, role, about });
    return true;
  }

  /** The entry of the member a path begins with; -1 if it does not stand there. */
  #entryAt(sighted: Sighted, { first }: BytePath): number {
    if (first === undefined) return -1;
    if (sighted.layout.plan.isReference) return sighted.entry;
    return this.#memberAt(sighted, placeOfKey(sighted.layout, first));
  }

  #memberAt(sighted: Sighted, place: number): number {
    if (place < 0) return -1;
    const { rows } = this.#tape;
    let entry = sighted.entry + ROW;
    for (let step = 0; step < place; step++) entry = rows[entry + NEXT] as number;
    return entry;
  }

  #isGroupTooSmall(sighted: Sighted): boolean {
    const { crowd } = sighted.layout.plan;
    if (!crowd || sighted.layout.plan.isReference) return false;
    const entry = this.#entryAt(sighted, crowd.at);
    if (entry < 0) return true;
    const bytes = this.#window.slice(this.#tape.rows[entry + AT] as number, this.#tape.rows[entry + END] as number);
    if (!isInteger(bytes, 0, bytes.length)) return true;
    return Number(decoder.decode(bytes)) < crowd.min;
  }

  /** What relations of one object are worked out from. */
  relatedTo(sighted: Sighted): Related {
    const owners = sighted.owners ?? NO_OWNERS;
    const { plan } = sighted.layout;
    const evidence = plan.isReference ? NOTHING : this.#evidenceOf(sighted, plan);
    const above = plan.inherits ? sighted.above : undefined;
    return {
      resource: plan.resource?.name ?? '',
      owners,
      evidence,
      ...(above ? { parent: this.relatedTo(above) } : {}),
    } as Related;
  }

  #evidenceOf(sighted: Sighted, plan: ObjectPlan): Readonly<Record<string, unknown>> {
    const evidence = Object.create(null) as Record<string, unknown>;
    for (const { at, path } of plan.reads) {
      const entry = this.#entryAt(sighted, at);
      if (entry < 0) continue;
      const bytes = this.#window.slice(this.#tape.rows[entry + AT] as number, this.#tape.rows[entry + END] as number);
      const [place] = walk(bytes, 0, at.rest);
      if (place) setAtPath(evidence, path, plainValue(bytes.subarray(...place)));
    }
    return evidence;
  }
}

const NOTHING = Object.create(null) as Readonly<Record<string, unknown>>;
const NOTHING_ANSWERED: ReadonlyMap<Question, boolean> = new Map();

function hasGround(owners: readonly SightedOwner[]): boolean {
  for (const each of owners) if (!each.about) return true;
  return false;
}

function plainValue(bytes: Uint8Array): unknown {
  switch (bytes[0]) {
    case 0x74:
      return true;
    case 0x66:
      return false;
    case 0x6e:
      return null;
    default: {
      const json: JsonText = readJson(decoder.decode(bytes));
      return valueOf(json, json.root);
    }
  }
}
