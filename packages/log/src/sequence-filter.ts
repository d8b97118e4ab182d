/** `new`: not seen yet. `repeated`: a copy of a frame already seen. `before`: earlier than what the reader asked for. */
export type Admission = 'new' | 'repeated' | 'before';

const MAX_HOLES = 4096;

/** Numbers that were skipped, both ends included. */
export interface SequenceHole {
  readonly from: number;
  readonly to: number;
}

/** How far a writer's frames were read: pass it on to continue there. */
export interface SequencePosition {
  readonly sequence: number;
  /** Hex. Without it, the next frame's. */
  readonly node?: string | undefined;
  readonly holes?: readonly SequenceHole[] | undefined;
}

/**
 * Admits each sequence number of a writer once. An abandoned segment may contain frames that its successor repeats; a number that
 * was skipped, because its first copy was damaged, is admitted later.
 */
export class SequenceFilter {
  readonly #after: number;
  #node: string | undefined;
  #last: number;
  #holes: SequenceHole[];
  constructor(after?: SequencePosition) {
    this.#after = after?.sequence ?? 0;
    this.#last = this.#after;
    this.#node = after?.node;
    this.#holes = [...(after?.holes ?? [])];
  }
  get position(): SequencePosition {
    return { sequence: this.#last, node: this.#node, holes: this.#holes };
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
  #addHole(hole: SequenceHole): void {
    this.#holes.push(hole);
    if (this.#holes.length > MAX_HOLES) this.#holes.shift();
  }
}
