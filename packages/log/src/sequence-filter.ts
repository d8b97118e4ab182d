/** `new`: not seen yet. `repeated`: a copy of a frame already seen. `before`: earlier than what the reader asked for. */
export type Admission = 'new' | 'repeated' | 'before';

const MAX_HOLES = 4096;

/**
 * Admits each sequence number of a writer once. An abandoned segment may contain frames that its successor repeats; a number that
 * was skipped, because its first copy was damaged, is admitted later.
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
  /** The next numbers are of this node; each node counts from 1. */
  startNode(node: string): void {
    if (this.#node !== undefined && this.#node !== node) {
      this.#last = 0;
      this.#holes = [];
    }
    this.#node = node;
  }
  admit(sequence: number): Admission {
    if (sequence > this.#last) {
      if (sequence > this.#last + 1) this.#addHole({ from: this.#last + 1, to: sequence - 1 });
      this.#last = sequence;
      return 'new';
    }
    const hole = this.#holes.find(({ from, to }) => from <= sequence && sequence <= to);
    if (hole === undefined) return sequence <= this.#after ? 'before' : 'repeated';
    this.#holes = this.#holes.filter((other) => other !== hole);
    if (hole.from < sequence) this.#addHole({ from: hole.from, to: sequence - 1 });
    if (sequence < hole.to) this.#addHole({ from: sequence + 1, to: hole.to });
    return 'new';
  }
  #addHole(hole: { from: number; to: number }): void {
    this.#holes.push(hole);
    if (this.#holes.length > MAX_HOLES) this.#holes.shift();
  }
}
