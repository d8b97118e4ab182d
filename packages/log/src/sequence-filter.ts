/** `new`: not seen yet. `repeated`: a copy of a frame already seen. `before`: the reader asked for what comes later. */
export type Admission = 'new' | 'repeated' | 'before';

const MAX_HOLES = 4096;

/**
 * Lets each sequence number of a writer through once. A segment that was given up may hold frames that its successor
 * repeats; a number that was skipped (its first copy was damaged) is still welcome later.
 */
export class SequenceFilter {
  readonly #after: number;
  #node: string | undefined;
  #last: number;
  #holes: { from: number; to: number }[] = [];
  constructor(after: number = 0) {
    this.#after = after;
    this.#last = after;
  }
  /** Says whose numbers follow: another node's start anew. */
  enter(node: string): void {
    if (this.#node !== undefined && this.#node !== node) {
      this.#last = 0;
      this.#holes = [];
    }
    this.#node = node;
  }
  admit(sequence: number): Admission {
    if (sequence > this.#last) {
      if (sequence > this.#last + 1) this.#dig({ from: this.#last + 1, to: sequence - 1 });
      this.#last = sequence;
      return 'new';
    }
    const hole = this.#holes.find(({ from, to }) => from <= sequence && sequence <= to);
    if (hole === undefined) return sequence <= this.#after ? 'before' : 'repeated';
    this.#holes = this.#holes.filter((other) => other !== hole);
    if (hole.from < sequence) this.#dig({ from: hole.from, to: sequence - 1 });
    if (sequence < hole.to) this.#dig({ from: sequence + 1, to: hole.to });
    return 'new';
  }
  #dig(hole: { from: number; to: number }): void {
    this.#holes.push(hole);
    if (this.#holes.length > MAX_HOLES) this.#holes.shift();
  }
}
