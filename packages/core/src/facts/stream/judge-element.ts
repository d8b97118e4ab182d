import { type JsonText, readJson, valueOf } from '../../wire/json.ts';
import { put } from '../evidence.ts';
import type { Principal } from '../principal.ts';
import type { Related } from '../relate.ts';
import type { SightedOwner } from '../sighting.ts';
import type { Answers } from './answers.ts';
import { type Layout, placeOfKey } from './layout.ts';
import type { BytePath, ObjectPlan, OwnerAt } from './plan.ts';
import type { Question } from './question.ts';
import { idAt, idOfBytes, isAbsentAt, isInteger } from './scalar-bytes.ts';
import type { Sighted, Tape } from './tape.ts';
import { decide, type Fork, kindNumber, rootNumber, type Verdict } from './verdict.ts';
import { walk } from './walk.ts';
import type { Window } from './window.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NO_OWNERS: readonly SightedOwner[] = [];

/** Finds the owners of every object on a tape, and what the contract says of it, for one principal and one id space. */
export class Judge {
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #answers: Answers;
  readonly #principal: Principal;
  readonly #space: string;
  readonly #kind: number;
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
    this.#kind = kindNumber(caller.principal);
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
    const owners = sighted.owners ?? this.#findOwners(sighted);
    const { ownerUnknown } = sighted;
    const crowdTooSmall = layout.plan.crowd !== undefined && this.#isCrowdTooSmall(sighted);
    const trees = (layout.verdicts ??= []);
    const circumstances = {
      principal: this.#principal,
      kind: this.#kind,
      ownerUnknown,
      crowdTooSmall,
      monitor: this.#monitor,
    };
    const root = rootNumber(circumstances);
    let node = (trees[root] ??= decide(layout, circumstances, NOTHING_ANSWERED));
    if (node.question === undefined) return node;
    const related = (): Related => this.#relatedTo(sighted, owners);
    const path: [Question, boolean][] = [];
    while (node.question !== undefined) {
      const fork: Fork = node;
      const answer = this.#answers.answer(fork.question, owners, related);
      path.push([fork.question, answer]);
      const next = answer ? fork.yes : fork.no;
      node = next ?? this.#grow(fork, answer, () => decide(layout, circumstances, new Map(path)));
    }
    return node;
  }

  /** What the contract says of an object that nobody owns. */
  ownerless(layout: Layout): Verdict {
    return this.verdictOn({ ...NOBODYS, layout });
  }

  #grow(fork: Fork, answer: boolean, make: () => Fork | Verdict): Fork | Verdict {
    const next = make();
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

  /** Adds what a path names; false if something stands there that is no id. */
  #ownersAt(sighted: Sighted, path: OwnerAt, owners: SightedOwner[]): boolean {
    const { at } = path;
    const window = this.#window;
    const add = (id: string | undefined): boolean => {
      if (!id) return false;
      const { kind, role, about } = path;
      owners.push({ owner: { kind, space: this.#space, id }, role, about });
      return true;
    };
    const entry = this.#entryAt(sighted, at);
    let found = 0;
    let isReadable = true;
    if (entry >= 0) {
      const from = this.#tape.at[entry] as number;
      const to = this.#tape.end[entry] as number;
      if (at.rest.length === 0) {
        if (!isAbsentAt(window, from, to)) {
          found = 1;
          isReadable = add(idAt(window, from, to));
        }
      } else {
        const bytes = window.slice(from, to);
        for (const [start, end] of walk(bytes, 0, at.rest)) {
          if (bytes[start] === 0x6e || (bytes[start] === 0x22 && end - start === 2)) continue;
          found++;
          if (!add(idOfBytes(bytes, start, end))) isReadable = false;
        }
      }
    }
    if (found === 0 && path.orKey && sighted.mapKey !== undefined) return add(sighted.mapKey);
    return isReadable;
  }

  /** The entry of the member a path begins with; -1 if it does not stand there. */
  #entryAt(sighted: Sighted, { first }: BytePath): number {
    if (first === undefined) return -1;
    const tape = this.#tape;
    if (sighted.layout.plan.isReference) return sighted.entry;
    const index = placeOfKey(sighted.layout, first);
    if (index < 0) return -1;
    let entry = sighted.entry + 1;
    for (let step = 0; step < index; step++) entry = tape.next[entry] as number;
    return entry;
  }

  #isCrowdTooSmall(sighted: Sighted): boolean {
    const { crowd } = sighted.layout.plan;
    if (!crowd || sighted.layout.plan.isReference) return false;
    const entry = this.#entryAt(sighted, crowd.at);
    if (entry < 0) return true;
    const bytes = this.#window.slice(this.#tape.at[entry] as number, this.#tape.end[entry] as number);
    if (!isInteger(bytes, 0, bytes.length)) return true;
    return Number(decoder.decode(bytes)) < crowd.min;
  }

  #relatedTo(sighted: Sighted, owners: readonly SightedOwner[]): Related {
    const { plan } = sighted.layout;
    const evidence = plan.isReference ? NOTHING : this.#evidenceOf(sighted, plan);
    const above = plan.inherits ? sighted.above : undefined;
    return {
      resource: plan.resource?.name ?? '',
      owners,
      evidence,
      ...(above ? { parent: this.#relatedTo(above, above.owners ?? NO_OWNERS) } : {}),
    } as Related;
  }

  #evidenceOf(sighted: Sighted, plan: ObjectPlan): Readonly<Record<string, unknown>> {
    const evidence = Object.create(null) as Record<string, unknown>;
    for (const { at, path } of plan.reads) {
      const entry = this.#entryAt(sighted, at);
      if (entry < 0) continue;
      const bytes = this.#window.slice(this.#tape.at[entry] as number, this.#tape.end[entry] as number);
      const [place] = walk(bytes, 0, at.rest);
      if (place) put(evidence, path, plainValue(bytes.subarray(...place)));
    }
    return evidence;
  }
}

const NOBODYS: Omit<Sighted, 'layout'> = {
  entry: 0,
  mapKey: undefined,
  above: undefined,
  owners: NO_OWNERS,
  ownerUnknown: false,
  verdict: undefined,
  isReleased: false,
  lost: undefined,
};

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
