import type { EpochMs } from '@leakproof/core';

/** One owner of a window, in a linked list. Times are relative to the window's start. */
interface OwnerEntry {
  readonly owner: string;
  lastGivenMs: number;
  /** When it was put at its place in the list: less than a grain before `lastGivenMs`. */
  linkedMs: number;
  previous: OwnerEntry | undefined;
  next: OwnerEntry | undefined;
}

/** An entry that is given again within a grain, this fraction of the window, is not moved: moving costs more than the look-up. */
const GRAINS_PER_WINDOW = 1_000;

/** For objects with more owners than this a set is cheaper than a scan. */
const MAX_SCANNED_OWNERS = 8;

/**
 * The distinct owners of whom one principal was given data within a sliding window, each with the time it was last given. Exact.
 * At most `max` owners are kept, so the contract bounds the memory. Adding an owner costs one look-up.
 */
export class OwnerWindow {
  readonly #withinMs: number;
  readonly #grainMs: number;
  readonly #max: number;
  readonly #owners = new Map<string, OwnerEntry>();
  /** Times are relative to it: small numbers need no heap object. */
  #startMs: EpochMs | undefined;
  /** No owner leaves the window before this. */
  #dueMs: EpochMs = Infinity;
  /** All entries in the order of `linkedMs`. */
  #first: OwnerEntry | undefined;
  #last: OwnerEntry | undefined;
  /** The entry behind the one last given: a page that is read again gives its owners in the same order. */
  #expected: OwnerEntry | undefined;
  readonly #refusals: EpochMs[] = [];

  constructor(withinMs: number, max: number) {
    this.#withinMs = withinMs;
    this.#grainMs = withinMs / GRAINS_PER_WINDOW;
    this.#max = max;
  }

  count(nowMs: EpochMs): number {
    this.#expire(nowMs);
    return this.#owners.size;
  }

  /** True if all of `owners` fit; those already in the window need no room. */
  hasRoomFor(owners: readonly string[], nowMs: EpochMs): boolean {
    const room = this.#max - this.count(nowMs);
    if (owners.length <= room) return true;
    if (owners.length > MAX_SCANNED_OWNERS)
      return new Set(owners.filter((owner) => !this.#owners.has(owner))).size <= room;
    let fresh = 0;
    for (const [at, owner] of owners.entries()) {
      if (!this.#owners.has(owner) && owners.indexOf(owner) === at) fresh++;
    }
    return fresh <= room;
  }

  /** Adds owners as given now, up to the limit. */
  add(owners: readonly string[], nowMs: EpochMs): void {
    const atMs = nowMs - (this.#startMs ??= nowMs);
    for (const owner of owners) {
      const entry = this.#expected?.owner === owner ? this.#expected : this.#owners.get(owner);
      if (entry) this.#renew(entry, atMs);
      else if (this.#owners.size < this.#max) this.#insert(owner, atMs);
    }
  }

  /** Adds what is in another window, with its times: who shared that one cannot begin anew. */
  inherit(from: OwnerWindow, nowMs: EpochMs): void {
    from.#expire(nowMs);
    if (from.#startMs === undefined) return;
    for (let entry = from.#first; entry; entry = entry.next) this.add([entry.owner], from.#startMs + entry.lastGivenMs);
  }

  /** Counts a refused request; only the last `keep` are remembered. */
  addRefusal(nowMs: EpochMs, keep: number): void {
    this.#refusals.push(nowMs);
    if (this.#refusals.length > keep) this.#refusals.shift();
  }

  refusalCount(nowMs: EpochMs): number {
    let count = 0;
    for (const time of this.#refusals) if (time > nowMs - this.#withinMs) count++;
    return count;
  }

  /** When the next owner leaves the window. */
  nextExpiryMs(nowMs: EpochMs): EpochMs {
    return this.#first ? this.#firstExpiryMs() : nowMs + this.#withinMs;
  }

  /** When the oldest refusal that is remembered leaves the window. */
  unfreezesAtMs(nowMs: EpochMs): EpochMs {
    return (this.#refusals[0] ?? nowMs) + this.#withinMs;
  }

  isIdle(nowMs: EpochMs): boolean {
    return this.count(nowMs) === 0 && this.refusalCount(nowMs) === 0;
  }

  #expire(nowMs: EpochMs): void {
    if (nowMs < this.#dueMs) return;
    const endedMs = nowMs - (this.#startMs ?? nowMs) - this.#withinMs;
    for (let entry = this.#first; entry && entry.linkedMs <= endedMs; entry = entry.next) {
      if (entry.lastGivenMs > endedMs) continue;
      this.#owners.delete(entry.owner);
      this.#unlink(entry);
      if (entry === this.#expected) this.#expected = undefined;
    }
    this.#dueMs = this.#firstExpiryMs();
  }

  /** When the next owner leaves: one of those that were linked within a grain of the first. */
  #firstExpiryMs(): EpochMs {
    let atMs = Infinity;
    for (let entry = this.#first; entry && entry.linkedMs < atMs; entry = entry.next)
      atMs = Math.min(atMs, entry.lastGivenMs);
    return (this.#startMs ?? 0) + atMs + this.#withinMs;
  }

  #renew(entry: OwnerEntry, atMs: number): void {
    this.#expected = entry.next;
    entry.lastGivenMs = atMs;
    if (atMs - entry.linkedMs < this.#grainMs) return;
    entry.linkedMs = atMs;
    if (entry === this.#last) return;
    this.#unlink(entry);
    this.#append(entry);
  }

  #insert(owner: string, atMs: number): void {
    const entry: OwnerEntry = { owner, lastGivenMs: atMs, linkedMs: atMs, previous: undefined, next: undefined };
    this.#owners.set(owner, entry);
    this.#append(entry);
    this.#dueMs = Math.min(this.#dueMs, (this.#startMs ?? 0) + atMs + this.#withinMs);
  }

  #append(entry: OwnerEntry): void {
    entry.previous = this.#last;
    entry.next = undefined;
    if (this.#last) this.#last.next = entry;
    else this.#first = entry;
    this.#last = entry;
  }

  #unlink({ previous, next }: OwnerEntry): void {
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
  }
}
