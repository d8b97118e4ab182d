import type { Containers } from './containers.ts';
import { MAX_DEPTH, STREAMED_LIST, STREAMED_MAP, UNDECIDED } from './frames.ts';
import { childAt } from '../layout/layout.ts';
import { scalarEnd, scalarType } from './scalar-end.ts';
import { MALFORMED, stringEnd } from './string-end.ts';
import { PLAIN, type Plan } from '../layout/tables.ts';
import { END, NEXT, ROW_WORDS, type Tape, TYPE_WHOLE } from './tape.ts';
import { NUMBER, STRING, Token } from './token.ts';
import type { Window } from './window.ts';

/** States: what the next byte belongs to (diagram at `run`). */
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

/** Results of `run`. */
export const MORE = 0;
export const PAUSED = 1;
export const INVALID = 2;
export const TOO_DEEP = 3;
export const TOO_LARGE = 4;

/** After so many consecutive elements that match no known layout, the WebAssembly reader is not tried again. */
const MAX_MISSES = 8;

/**
 * Reads strict JSON (RFC 8259), checked in full. Can stop at any byte and resume there; allocates nothing for a member.
 * `Containers` decides what a value means.
 */
export class Scanner {
  readonly #containers: Containers;
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #maxKeyBytes: number;
  readonly #token = new Token();
  /** Consecutive elements that matched no known layout. */
  #misses = 0;
  #state = DONE;
  /** Index in the newest chunk. */
  #at = 0;
  #keyStart = 0;
  #valueStart = 0;
  #scalar = 0;

  constructor(containers: Containers, context: { readonly tape: Tape; readonly window: Window }, maxKeyBytes: number) {
    this.#containers = containers;
    this.#tape = context.tape;
    this.#window = context.window;
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

  /** The value of the document is complete. */
  get isDone(): boolean {
    return this.#state === DONE;
  }

  /** Only white space of the document was read so far. */
  get isAtStart(): boolean {
    return this.#state === VALUE && this.#containers.depth === 0;
  }

  /** Ends the document. False if it is incomplete. */
  end(): boolean {
    if (this.#state === IN_VALUE && this.#containers.depth === 0 && this.#token.mayEnd) {
      this.#state = DONE;
      this.#containers.addScalar(NUMBER, this.#valueStart, this.#valueStart, this.#window.base + this.#at);
    }
    return this.#state === DONE;
  }

  rebase(by: number): void {
    this.#keyStart -= by;
    this.#valueStart -= by;
    const { frames, depth } = this.#containers;
    for (let level = 1; level <= depth; level++) frames.start[level] = (frames.start[level] as number) - by;
  }

  /**
   * Reads up to the index `until` of the newest chunk. The states:
   *
   *              ┌───────────── ',' in a list ──────────────┐
   *              ▼                                          │
   *   begin ──▶ VALUE ──── scalar ─────▶ SCALAR ────────▶ AFTER ──── ',' in an object ───▶ KEY
   *             │ │ ▲                                     ▲ │                               │
   *             │ │ └─── ':' ─── COLON ◀───── key ────────┼─┼───────────────────────────────┘
   *             │ │                                       │ │ '}' or ']'
   *             │ └─ '[' ──▶ FIRST_VALUE ───── ']' ────┐  │ ▼
   *             └─── '{' ──▶ FIRST_KEY ─────── '}' ────┴▶ CLOSE ──── at depth 0 ──▶ DONE
   *
   * FIRST_VALUE and FIRST_KEY otherwise act as VALUE and KEY. A key of a known layout goes to VALUE, its colon included. Where the
   * bytes end within a key or scalar, IN_KEY or IN_VALUE resumes it. An object of undecided type goes from SCALAR or CLOSE back to
   * FIRST_KEY once its type is known: it is read again from its '{'.
   */
  run(until: number): number {
    const containers = this.#containers;
    const { frames } = containers;
    const tape = this.#tape;
    let { bytes, base } = this.#window;
    let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let limit = until;
    let at = this.#at;
    let state = this.#state;
    let containerType = frames.type[containers.depth] as number;
    let layout = frames.layout[containers.depth];
    let keyStart = this.#keyStart;
    let rereadDepth = 0;
    let rereadEnd = 0;

    if (state === IN_KEY || state === IN_VALUE) {
      const end = this.#token.read(bytes, at, limit);
      if (end === MALFORMED) return INVALID;
      this.#at = at = end < 0 ? limit : end;
      if (end < 0) return MORE;
      if (state === IN_KEY) {
        if (!containers.addKey(keyStart, base + at)) return INVALID;
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
          this.#keyStart = keyStart;
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
          keyStart = base + at;
          const next = layout === undefined ? undefined : childAt(layout, bytes, at, limit);
          if (next !== undefined) {
            layout = next;
            at += next.keyBytes.length;
            state = VALUE;
          } else {
            const end = stringEnd(bytes, view, at + 1, limit);
            frames.layout[containers.depth] = layout;
            if (end < 0) return end === MALFORMED ? INVALID : this.#suspend(IN_KEY, keyStart, at, limit);
            at = end;
            if (!containers.addKey(keyStart, base + at)) return INVALID;
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
          const isElement = containerType === STREAMED_LIST || containerType === STREAMED_MAP;
          if (byte === 0x7b && isElement && this.#misses < MAX_MISSES) {
            this.#at = at;
            const isPaused = this.#readElements(limit, containerType === STREAMED_MAP ? keyStart : -1);
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
          containers.open(byte === 0x7b, keyStart, base + at);
          containerType = frames.type[containers.depth] as number;
          layout = frames.layout[containers.depth];
          at++;
          state = byte === 0x7b ? FIRST_KEY : FIRST_VALUE;
          continue;
        }
        if (byte === 0x5d && state === FIRST_VALUE) {
          at++;
          state = CLOSE;
        } else {
          this.#valueStart = base + at;
          const end = byte === 0x22 ? stringEnd(bytes, view, at + 1, limit) : scalarEnd(bytes, at, limit);
          if (end < 0) {
            frames.layout[containers.depth] = layout;
            return end === MALFORMED ? INVALID : this.#suspend(IN_VALUE, keyStart, at, limit);
          }
          this.#scalar = byte === 0x22 ? STRING : scalarType(byte);
          at = end;
          state = SCALAR;
        }
      }

      if (state === SCALAR) {
        state = AFTER;
        if (containerType > UNDECIDED) {
          const plan = layout === undefined ? (frames.plan[containers.depth] as Plan) : layout.value;
          if (plan.type <= PLAIN && containerType < STREAMED_LIST) {
            const entry = tape.add(
              (containerType & 1) === 1 ? keyStart : this.#valueStart,
              this.#valueStart,
              TYPE_WHOLE,
            );
            tape.rows[entry + END] = base + at;
            tape.rows[entry + NEXT] = entry + ROW_WORDS;
          } else {
            frames.layout[containers.depth] = layout;
            if (containers.depth === 0) state = DONE;
            const isPaused = containers.addScalar(this.#scalar, keyStart, this.#valueStart, base + at);
            layout = frames.layout[containers.depth];
            if (isPaused) {
              this.#at = at;
              this.#state = state;
              return PAUSED;
            }
          }
        } else if (containerType === UNDECIDED && this.#scalar === STRING) {
          frames.layout[containers.depth] = layout;
          const start = frames.start[containers.depth] as number;
          if (containers.readDiscriminator(this.#valueStart, base + at) && start >= base) {
            at = start - base + 1;
            containers.reopen();
            containerType = frames.type[containers.depth] as number;
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
          state = (containerType & 1) === 1 ? KEY : VALUE;
          continue;
        }
        if (byte !== ((containerType & 1) === 1 ? 0x7d : 0x5d)) return INVALID;
        at++;
        state = CLOSE;
      }

      if (state === CLOSE) {
        frames.layout[containers.depth] = layout;
        let isPaused = false;
        if (containerType === UNDECIDED) {
          // Its type is known now: it is read again, from one contiguous piece.
          const start = frames.start[containers.depth] as number;
          if (start < base) {
            rereadEnd = at;
            bytes = this.#window.slice(start, base + at);
            view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            limit = bytes.length;
            base = start;
            rereadDepth = containers.depth;
            containers.isRereading = true;
          }
          at = start - base + 1;
          containers.reopen();
          state = FIRST_KEY;
        } else {
          const isRereadOver = rereadDepth > 0 && rereadDepth === containers.depth;
          isPaused = containers.close(base + at);
          state = containers.depth === 0 ? DONE : AFTER;
          if (isRereadOver) {
            rereadDepth = 0;
            containers.isRereading = false;
            ({ bytes, base } = this.#window);
            view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            limit = until;
            at = rereadEnd;
          }
        }
        containerType = frames.type[containers.depth] as number;
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
   * Reads consecutive elements that match a known layout, or the value of a map entry whose key starts at `keyStart` (else -1).
   * True to pause after the last.
   */
  #readElements(limit: number, keyStart: number): boolean {
    const containers = this.#containers;
    const { bytes, base } = this.#window;
    if (!containers.beginElements(keyStart)) return false;
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
      if (keyStart >= 0 || containers.depth === 0 || end >= limit || bytes[end] !== 0x2c) return false;
      at = end + 1;
      while (at < limit && isSpace(bytes[at] as number)) at++;
      if (at >= limit || bytes[at] !== 0x7b) return false;
    }
  }

  /** The chunk ends within a token that starts at `at`. */
  // oxlint-disable-next-line max-params -- the four are locals of the loop in `run`
  #suspend(state: number, keyStart: number, at: number, limit: number): number {
    const { bytes } = this.#window;
    this.#state = state;
    this.#keyStart = keyStart;
    this.#at = limit;
    if (!this.#token.start(bytes[at] as number)) return INVALID;
    return this.#token.read(bytes, at, limit) === MALFORMED ? INVALID : MORE;
  }
}

/** White space of RFC 8259, section 2. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
