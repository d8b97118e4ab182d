import type { EpochMs } from '@leakproof/core';

/** One owner in a window, between those that were given before and after. Times are since the window's first. */
interface Given {
  readonly owner: string;
  /** When it was last given. */
  atMs: number;
  /** When it took its place in the chain: at most a grain before. */
  placedMs: number;
  before: Given | undefined;
  after: Given | undefined;
}

/** Who is given again within this part of a window keeps its place: to move it would touch two others. */
const GRAINS = 1_000;

/** Beyond so many owners of one object a set is cheaper than to look through them. */
const MANY = 8;

/**
 * The distinct owners one principal was given within a sliding window, exactly: each with the time it was last given. Never
 * holds more than `max`, so its memory is bounded by the contract. An owner costs one look-up, given for the first time or
 * again.
 */
export class OwnerWindow {
  readonly #withinMs: number;
  readonly #grainMs: number;
  readonly #max: number;
  readonly #owners = new Map<string, Given>();
  /** Times are told from here: small numbers need no object of their own. */
  #startMs: EpochMs | undefined;
  /** Before this nobody leaves. */
  #dueMs: EpochMs = Infinity;
  /** A chain of all, in the order in which they took their places. */
  #first: Given | undefined;
  #last: Given | undefined;
  /** Who was behind the one given last: mostly the next to be given, since pages are read again as they are. */
  #next: Given | undefined;
  readonly #refusals: EpochMs[] = [];

  constructor(withinMs: number, max: number) {
    this.#withinMs = withinMs;
    this.#grainMs = withinMs / GRAINS;
    this.#max = max;
  }

  count(nowMs: EpochMs): number {
    this.#expire(nowMs);
    return this.#owners.size;
  }

  /** True if there is room for all of `owners`: those given before within the window need none. */
  hasRoomFor(owners: readonly string[], nowMs: EpochMs): boolean {
    const room = this.#max - this.count(nowMs);
    if (owners.length <= room) return true;
    if (owners.length > MANY) return new Set(owners.filter((owner) => !this.#owners.has(owner))).size <= room;
    let fresh = 0;
    for (const [at, owner] of owners.entries()) {
      if (!this.#owners.has(owner) && owners.indexOf(owner) === at) fresh++;
    }
    return fresh <= room;
  }

  /** Counts owners as given now, up to the limit. */
  note(owners: readonly string[], nowMs: EpochMs): void {
    const atMs = nowMs - (this.#startMs ??= nowMs);
    for (const owner of owners) {
      const given = this.#next?.owner === owner ? this.#next : this.#owners.get(owner);
      if (given) this.#again(given, atMs);
      else if (this.#owners.size < this.#max) this.#add(owner, atMs);
    }
  }

  noteRefusal(nowMs: EpochMs, keep: number): void {
    this.#refusals.push(nowMs);
    if (this.#refusals.length > keep) this.#refusals.shift();
  }

  refusals(nowMs: EpochMs): number {
    let count = 0;
    for (const time of this.#refusals) if (time > nowMs - this.#withinMs) count++;
    return count;
  }

  /** When the next owner leaves the window. */
  freeAtMs(nowMs: EpochMs): EpochMs {
    return this.#first ? this.#leavesMs() : nowMs + this.#withinMs;
  }

  /** When the last refusal leaves the window. */
  thawsAtMs(nowMs: EpochMs): EpochMs {
    return (this.#refusals[0] ?? nowMs) + this.#withinMs;
  }

  isIdle(nowMs: EpochMs): boolean {
    return this.count(nowMs) === 0 && this.refusals(nowMs) === 0;
  }

  #expire(nowMs: EpochMs): void {
    if (nowMs < this.#dueMs) return;
    const endedMs = nowMs - (this.#startMs ?? nowMs) - this.#withinMs;
    for (let given = this.#first; given && given.placedMs <= endedMs; given = given.after) {
      if (given.atMs > endedMs) continue;
      this.#owners.delete(given.owner);
      this.#take(given);
      if (given === this.#next) this.#next = undefined;
    }
    this.#dueMs = this.#leavesMs();
  }

  /** When the first of all leaves: it stands among those that were placed within a grain of the first. */
  #leavesMs(): EpochMs {
    let atMs = Infinity;
    for (let given = this.#first; given && given.placedMs < atMs; given = given.after)
      atMs = Math.min(atMs, given.atMs);
    return (this.#startMs ?? 0) + atMs + this.#withinMs;
  }

  #again(given: Given, atMs: number): void {
    this.#next = given.after;
    given.atMs = atMs;
    if (atMs - given.placedMs < this.#grainMs) return;
    given.placedMs = atMs;
    if (given === this.#last) return;
    this.#take(given);
    this.#append(given);
  }

  #add(owner: string, atMs: number): void {
    const given: Given = { owner, atMs, placedMs: atMs, before: undefined, after: undefined };
    this.#owners.set(owner, given);
    this.#append(given);
    this.#dueMs = Math.min(this.#dueMs, (this.#startMs ?? 0) + atMs + this.#withinMs);
  }

  #append(given: Given): void {
    given.before = this.#last;
    given.after = undefined;
    if (this.#last) this.#last.after = given;
    else this.#first = given;
    this.#last = given;
  }

  #take({ before, after }: Given): void {
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
  }
}
