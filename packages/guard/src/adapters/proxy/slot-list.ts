/** An item of a `SlotList`, which knows its place there. */
export interface Slotted {
  slot: number;
}

/**
 * Items in no order; adding and removing one takes one step and allocates nothing. For what changes with every request: a Set or an
 * array that grows and shrinks is copied again and again, and each dead copy that the garbage collector has moved to the old
 * generation keeps what it held alive, with everything that this refers to (docs/decisions/0006).
 */
export class SlotList<T extends Slotted> {
  readonly #slots: (T | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    item.slot = this.#size;
    this.#slots[this.#size++] = item;
  }

  /** False if it is not in the list. */
  remove(item: T): boolean {
    if (this.#slots[item.slot] !== item) return false;
    const last = this.#slots[--this.#size];
    this.#slots[this.#size] = undefined;
    if (last && last !== item) {
      last.slot = item.slot;
      this.#slots[last.slot] = last;
    }
    return true;
  }

  /** A copy of the items for which `holds`. */
  filter(holds: (item: T) => boolean): T[] {
    return this.#slots.filter((item) => item !== undefined).filter(holds);
  }
}
