import type { Containers } from './containers.ts';
import { FLOWING_LIST, FLOWING_MAP, MAX_DEPTH, UNDECIDED } from './frames.ts';
import { childAt } from '../layout/layout.ts';
import { scalarEnd, scalarType } from './scalar-end.ts';
import { BROKEN, stringEnd } from './string-end.ts';
import { PLAIN, type Plan } from '../layout/tables.ts';
import { END, IS_WHOLE, NEXT, ROW, type Tape } from './tape.ts';
import { NUMBER, STRING, Token } from './token.ts';
import type { Window } from './window.ts';

/** What is due next. */
const VALUE = 0;
const FIRST_VALUE = 1;
const KEY = 2;
const FIRST_KEY = 3;
const COLON = 4;
const SCALAR = 5;
const AFTER = 6;
const CLOSE = 7;
const DONE = 8;
const IN_KEY = 9;
const IN_VALUE = 10;

/** How a run of the pass ended. */
export const MORE = 0;
export const PAUSED = 1;
export const INVALID = 2;
export const TOO_DEEP = 3;
export const TOO_LARGE = 4;

/** So many elements in a row that were not as foreseen, and no more are tried. */
const MAX_MISSES = 8;

/**
 * The pass over the bytes: strict JSON (RFC 8259), checked in full. One loop, one round for each token, nothing made for a
 * member; stops wherever the bytes run out and goes on from there. What a value means is for `Containers` to say.
 */
export class Scanner {
  readonly #containers: Containers;
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #maxKeyBytes: number;
  readonly #token = new Token();
  /** Elements in a row that were not as foreseen. */
  #misses = 0;
  #state = DONE;
  /** Index in the newest chunk. */
  #at = 0;
  #keyAt = 0;
  #valueAt = 0;
  #scalar = 0;

  constructor(containers: Containers, place: { readonly tape: Tape; readonly window: Window }, maxKeyBytes: number) {
    this.#containers = containers;
    this.#tape = place.tape;
    this.#window = place.window;
    this.#maxKeyBytes = maxKeyBytes;
  }

  /** Starts one document. */
  begin(plan: Plan): void {
    this.#state = VALUE;
    this.#misses = 0;
    this.#containers.begin(plan);
  }

  goTo(at: number): void {
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** Behind the value of a document. */
  get isDone(): boolean {
    return this.#state === DONE;
  }

  /** Nothing of the document has come yet. */
  get isFresh(): boolean {
    return this.#state === VALUE && this.#containers.depth === 0;
  }

  /** The document ends here: false if it is not whole. */
  end(): boolean {
    if (this.#state === IN_VALUE && this.#containers.depth === 0 && this.#token.mayEnd) {
      this.#state = DONE;
      this.#containers.scalar(NUMBER, this.#valueAt, this.#valueAt, this.#window.base + this.#at);
    }
    return this.#state === DONE;
  }

  rebase(by: number): void {
    this.#keyAt -= by;
    this.#valueAt -= by;
    const { frames, depth } = this.#containers;
    for (let level = 1; level <= depth; level++) frames.start[level] = (frames.start[level] as number) - by;
  }

  /** Reads on, up to the index `until` of the newest chunk. */
  run(until: number): number {
    const containers = this.#containers;
    const { frames } = containers;
    const tape = this.#tape;
    let { bytes, base } = this.#window;
    let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let limit = until;
    let at = this.#at;
    let state = this.#state;
    let kind = frames.kind[containers.depth] as number;
    let layout = frames.layout[containers.depth];
    let keyAt = this.#keyAt;
    let detourDepth = 0;
    let behindDetour = 0;

    if (state === IN_KEY || state === IN_VALUE) {
      const end = this.#token.read(bytes, at, limit);
      if (end === BROKEN) return INVALID;
      this.#at = at = end < 0 ? limit : end;
      if (end < 0) return MORE;
      if (state === IN_KEY) {
        if (!containers.key(keyAt, base + at)) return INVALID;
        if (containers.keyBytes > this.#maxKeyBytes) return TOO_LARGE;
        layout = frames.layout[containers.depth];
        state = COLON;
      } else {
        this.#scalar = this.#token.type;
        state = SCALAR;
      }
    }

    for (;;) {
      let byte = at < limit ? (bytes[at] as number) : -1;
      if (byte <= 0x20 && state !== SCALAR) {
        while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
          at++;
          while (at + 4 <= limit && view.getInt32(at, true) === 0x20202020) at += 4;
          byte = at < limit ? (bytes[at] as number) : -1;
        }
        if (byte < 0) {
          this.#at = at;
          this.#state = state;
          this.#keyAt = keyAt;
          frames.layout[containers.depth] = layout;
          return MORE;
        }
      }

      if (state === KEY || state === FIRST_KEY) {
        if (byte !== 0x22) {
          if (byte !== 0x7d || state === KEY) return INVALID;
          at++;
          state = CLOSE;
        } else {
          keyAt = base + at;
          const next = layout === undefined ? undefined : childAt(layout, bytes, at, limit);
          if (next !== undefined) {
            layout = next;
            at += next.keyBytes.length;
            state = VALUE;
          } else {
            const end = stringEnd(bytes, view, at + 1, limit);
            frames.layout[containers.depth] = layout;
            if (end < 0) return end === BROKEN ? INVALID : this.#suspend(IN_KEY, keyAt, at, limit);
            at = end;
            if (!containers.key(keyAt, base + at)) return INVALID;
            if (containers.keyBytes > this.#maxKeyBytes) return TOO_LARGE;
            layout = frames.layout[containers.depth];
            state = COLON;
          }
          byte = at < limit ? (bytes[at] as number) : -1;
          if (byte <= 0x20) continue;
        }
      }

      if (state === COLON) {
        if (byte !== 0x3a) return INVALID;
        at++;
        state = VALUE;
        byte = at < limit ? (bytes[at] as number) : -1;
        if (byte <= 0x20) continue;
      }

      if (state <= FIRST_VALUE) {
        if (byte === 0x7b || byte === 0x5b) {
          if (containers.depth >= MAX_DEPTH) return TOO_DEEP;
          const isElement = kind === FLOWING_LIST || kind === FLOWING_MAP;
          if (byte === 0x7b && isElement && this.#misses < MAX_MISSES) {
            this.#at = at;
            const isPaused = this.#readElements(limit, kind === FLOWING_MAP ? keyAt : -1);
            if (at !== this.#at) {
              at = this.#at;
              state = containers.depth === 0 ? DONE : AFTER;
              if (isPaused) {
                this.#state = state;
                return PAUSED;
              }
              continue;
            }
          }
          frames.layout[containers.depth] = layout;
          containers.open(byte === 0x7b, keyAt, base + at);
          kind = frames.kind[containers.depth] as number;
          layout = frames.layout[containers.depth];
          at++;
          state = byte === 0x7b ? FIRST_KEY : FIRST_VALUE;
          continue;
        }
        if (byte === 0x5d && state === FIRST_VALUE) {
          at++;
          state = CLOSE;
        } else {
          this.#valueAt = base + at;
          const end = byte === 0x22 ? stringEnd(bytes, view, at + 1, limit) : scalarEnd(bytes, at, limit);
          if (end < 0) {
            frames.layout[containers.depth] = layout;
            return end === BROKEN ? INVALID : this.#suspend(IN_VALUE, keyAt, at, limit);
          }
          this.#scalar = byte === 0x22 ? STRING : scalarType(byte);
          at = end;
          state = SCALAR;
        }
      }

      if (state === SCALAR) {
        state = AFTER;
        if (kind > UNDECIDED) {
          const plan = layout === undefined ? (frames.plan[containers.depth] as Plan) : layout.value;
          if (plan.kind <= PLAIN && kind < FLOWING_LIST) {
            const entry = tape.add((kind & 1) === 1 ? keyAt : this.#valueAt, this.#valueAt, IS_WHOLE);
            tape.rows[entry + END] = base + at;
            tape.rows[entry + NEXT] = entry + ROW;
          } else {
            frames.layout[containers.depth] = layout;
            if (containers.depth === 0) state = DONE;
            const isPaused = containers.scalar(this.#scalar, keyAt, this.#valueAt, base + at);
            layout = frames.layout[containers.depth];
            if (isPaused) {
              this.#at = at;
              this.#state = state;
              return PAUSED;
            }
          }
        } else if (kind === UNDECIDED && this.#scalar === STRING) {
          frames.layout[containers.depth] = layout;
          const start = frames.start[containers.depth] as number;
          if (containers.isDecidedBy(this.#valueAt, base + at) && start >= base) {
            at = start - base + 1;
            containers.reopen();
            kind = frames.kind[containers.depth] as number;
            layout = frames.layout[containers.depth];
            state = FIRST_KEY;
          }
        }
        byte = at < limit ? (bytes[at] as number) : -1;
        if (byte <= 0x20 || state === FIRST_KEY) continue;
      }

      if (state === AFTER) {
        if (byte === 0x2c) {
          at++;
          state = (kind & 1) === 1 ? KEY : VALUE;
          continue;
        }
        if (byte !== ((kind & 1) === 1 ? 0x7d : 0x5d)) return INVALID;
        at++;
        state = CLOSE;
      }

      if (state === CLOSE) {
        frames.layout[containers.depth] = layout;
        let isPaused = false;
        if (kind === UNDECIDED) {
          // Which it is has been seen by now: it is read again, out of one piece.
          const start = frames.start[containers.depth] as number;
          if (start < base) {
            behindDetour = at;
            bytes = this.#window.slice(start, base + at);
            view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            limit = bytes.length;
            base = start;
            detourDepth = containers.depth;
            containers.isDetour = true;
          }
          at = start - base + 1;
          containers.reopen();
          state = FIRST_KEY;
        } else {
          const isDetourOver = detourDepth > 0 && detourDepth === containers.depth;
          isPaused = containers.close(base + at);
          state = containers.depth === 0 ? DONE : AFTER;
          if (isDetourOver) {
            detourDepth = 0;
            containers.isDetour = false;
            ({ bytes, base } = this.#window);
            view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            limit = until;
            at = behindDetour;
          }
        }
        kind = frames.kind[containers.depth] as number;
        layout = frames.layout[containers.depth];
        if (isPaused) {
          this.#at = at;
          this.#state = state;
          return PAUSED;
        }
        continue;
      }
      if (state === DONE) return INVALID;
    }
  }

  /**
   * Reads elements that are as foreseen, one after the other, or the value of the entry of a map whose key starts at `keyAt`;
   * true to pause behind the last.
   */
  #readElements(limit: number, keyAt: number): boolean {
    const containers = this.#containers;
    const { bytes, base } = this.#window;
    if (!containers.beginElements(keyAt)) return false;
    for (let at = this.#at; ;) {
      const entry = this.#tape.size;
      const end = containers.readElement(at, limit);
      if (end === 0) {
        this.#misses++;
        return false;
      }
      this.#misses = 0;
      this.#at = end;
      if (containers.endElement(entry, base + end)) return true;
      if (keyAt >= 0 || containers.depth === 0 || end >= limit || bytes[end] !== 0x2c) return false;
      at = end + 1;
      while (at < limit && isSpace(bytes[at] as number)) at++;
      if (at >= limit || bytes[at] !== 0x7b) return false;
    }
  }

  /** The bytes run out within a token that starts at `at`. */
  // oxlint-disable-next-line max-params
  #suspend(state: number, keyAt: number, at: number, limit: number): number {
    const { bytes } = this.#window;
    this.#state = state;
    this.#keyAt = keyAt;
    this.#at = limit;
    if (!this.#token.start(bytes[at] as number)) return INVALID;
    return this.#token.read(bytes, at, limit) === BROKEN ? INVALID : MORE;
  }
}

/** RFC 8259, section 2: no other control character may stand between tokens. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
