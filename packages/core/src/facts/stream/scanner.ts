import {
  FLOWING_LIST,
  FLOWING_MAP,
  Frames,
  MAX_DEPTH,
  OPAQUE_LIST,
  OPAQUE_OBJECT,
  REFERENCES,
  TRACKED_LIST,
  TRACKED_MAP,
  TRACKED_OBJECT,
  UNDECIDED,
} from './frames.ts';
import { childAt, emptyLayout, type Layout, misshapenTwin, placeOfKey, withKey } from './layout.ts';
import { CHOICE, LIST, MAP, NOTHING, OBJECT, PLAIN, type Plan, type Plans, REF, WHOLE, WHOLE_PLAN } from './plan.ts';
import { idAt, isAbsentAt, stringAt } from './scalar-bytes.ts';
import { BROKEN, stringEnd } from './string-end.ts';
import { IS_LIST, IS_MAP, IS_MISSHAPEN, IS_OBJECT, IS_REF, IS_WHOLE, type Sighted, type Tape } from './tape.ts';
import { NULL, NUMBER, STRING, Token } from './token.ts';
import { scalarEnd, scalarType } from './scalar-end.ts';
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

/** Told what the pass comes upon at places that are released piece by piece. */
export interface Flow {
  /** A list or map opens below `depth`, for the member whose key is at `keyAt`: true if its elements are told one by one. */
  opens(depth: number, plan: Plan, keyAt: number, at: number): boolean;
  /** An element of the container at `depth` is whole (0: the document). True to pause behind it. */
  element(depth: number, entry: number, end: number): boolean;
  closes(depth: number, end: number): void;
}

/**
 * The pass over the bytes: strict JSON (RFC 8259), checked in full, laid beside a plan. One loop, one round for each token,
 * nothing made for a member; stops wherever the bytes run out and goes on from there.
 */
export class Scanner {
  readonly frames: Frames;
  depth = 0;
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #plans: Plans;
  readonly #flow: Flow;
  readonly #maxKeyBytes: number;
  readonly #token = new Token();
  #state = DONE;
  /** Index in the newest chunk. */
  #at = 0;
  #keyAt = 0;
  #valueAt = 0;
  #scalar = 0;
  /** Of the keys that open maps have to remember. */
  #keyBytes = 0;
  /** An object stands in a value that may hold scalars only. */
  #holdsObject = false;
  /** The name that decides which of several an object is, once it has been read. */
  #decided: string | undefined;
  /** Depth of an object that is read again, out of bytes joined for it; 0 if none. */
  #detour = 0;

  constructor(
    plans: Plans,
    place: { readonly tape: Tape; readonly window: Window; readonly frames: Frames },
    flow: Flow,
    maxKeyBytes: number,
  ) {
    this.#plans = plans;
    this.frames = place.frames;
    this.#tape = place.tape;
    this.#window = place.window;
    this.#flow = flow;
    this.#maxKeyBytes = maxKeyBytes;
  }

  /** Starts one document, at an index of the newest chunk. */
  begin(plan: Plan): void {
    this.#state = VALUE;
    this.depth = 0;
    this.#keyBytes = 0;
    this.frames.kind[0] = FLOWING_LIST;
    this.frames.plan[0] = plan;
    this.frames.layout[0] = undefined;
  }

  goTo(at: number): void {
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** True between documents, and behind the value of one. */
  get isDone(): boolean {
    return this.#state === DONE;
  }

  /** Nothing of the document has come yet. */
  get isFresh(): boolean {
    return this.#state === VALUE && this.depth === 0;
  }

  /** The document ends here: false if it is not whole. */
  end(): boolean {
    if (this.#state === IN_VALUE && this.depth === 0 && this.#token.mayEnd) {
      this.#scalar = NUMBER;
      this.#state = DONE;
      this.#finishScalar(this.#window.base + this.#at);
    }
    return this.#state === DONE;
  }

  rebase(by: number): void {
    this.#keyAt -= by;
    this.#valueAt -= by;
    const { start } = this.frames;
    for (let depth = 1; depth <= this.depth; depth++) start[depth] = (start[depth] as number) - by;
  }

  /** Reads on, up to the index `until` of the newest chunk. */
  run(until: number): number {
    const { frames } = this;
    const tape = this.#tape;
    let { bytes, base } = this.#window;
    let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let limit = until;
    let at = this.#at;
    let state = this.#state;
    let kind = frames.kind[this.depth] as number;
    let layout = frames.layout[this.depth];
    let behindDetour = 0;

    if (state === IN_KEY || state === IN_VALUE) {
      const end = this.#token.read(bytes, at, limit);
      if (end === BROKEN) return INVALID;
      this.#at = at = end < 0 ? limit : end;
      if (end < 0) return MORE;
      if (state === IN_KEY) {
        const fault = this.#takeKey(base + at);
        if (fault !== 0) return fault;
        layout = frames.layout[this.depth];
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
          frames.layout[this.depth] = layout;
          return MORE;
        }
      }

      if (state === KEY || state === FIRST_KEY) {
        if (byte !== 0x22) {
          if (byte !== 0x7d || state === KEY) return INVALID;
          at++;
          state = CLOSE;
        } else {
          this.#keyAt = base + at;
          const next = layout === undefined ? undefined : childAt(layout, view, at + 1, limit);
          if (next !== undefined) {
            layout = next;
            at += next.byteLength + 1;
            state = VALUE;
          } else {
            const end = stringEnd(bytes, view, at + 1, limit);
            frames.layout[this.depth] = layout;
            if (end < 0) return end === BROKEN ? INVALID : this.#suspend(IN_KEY, at, limit);
            at = end;
            const fault = this.#takeKey(base + at);
            if (fault !== 0) return fault;
            layout = frames.layout[this.depth];
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
          if (this.depth >= MAX_DEPTH) return TOO_DEEP;
          frames.layout[this.depth] = layout;
          this.#open(byte === 0x7b, base + at);
          kind = frames.kind[this.depth] as number;
          layout = frames.layout[this.depth];
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
            frames.layout[this.depth] = layout;
            return end === BROKEN ? INVALID : this.#suspend(IN_VALUE, at, limit);
          }
          this.#scalar = byte === 0x22 ? STRING : scalarType(byte);
          at = end;
          state = SCALAR;
        }
      }

      if (state === SCALAR) {
        state = AFTER;
        if (kind > UNDECIDED) {
          const plan = layout === undefined ? (frames.plan[this.depth] as Plan) : layout.value;
          if (plan.kind <= PLAIN && kind < FLOWING_LIST) {
            const entry = tape.add((kind & 1) === 1 ? this.#keyAt : this.#valueAt, this.#valueAt, IS_WHOLE);
            tape.end[entry] = base + at;
            tape.next[entry] = entry + 1;
          } else {
            frames.layout[this.depth] = layout;
            if (this.depth === 0) state = DONE;
            const isPaused = this.#finishScalar(base + at);
            layout = frames.layout[this.depth];
            if (isPaused) {
              this.#at = at;
              this.#state = state;
              return PAUSED;
            }
          }
        } else if (kind === UNDECIDED && layout !== undefined && this.#isDecidedBy(layout, base + at)) {
          const start = frames.start[this.depth] as number;
          if (start >= base) {
            at = start - base;
            this.#reopen();
            kind = frames.kind[this.depth] as number;
            layout = frames.layout[this.depth];
            at++;
            state = FIRST_KEY;
          }
        }
        byte = at < limit ? (bytes[at] as number) : -1;
        if (byte <= 0x20) continue;
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
        frames.layout[this.depth] = layout;
        let isPaused = false;
        if (kind === UNDECIDED) {
          // Which it is has been seen by now: it is read again, and out of one piece.
          const start = frames.start[this.depth] as number;
          if (start < base) {
            behindDetour = at;
            bytes = this.#window.slice(start, base + at);
            view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            limit = bytes.length;
            base = start;
            this.#detour = this.depth;
          }
          at = start - base + 1;
          this.#reopen();
          state = FIRST_KEY;
        } else {
          const isDetour = this.#detour === this.depth && this.depth > 0;
          isPaused = this.#close(base + at);
          state = this.depth === 0 ? DONE : AFTER;
          if (isDetour) {
            this.#detour = 0;
            ({ bytes, base } = this.#window);
            view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
            limit = until;
            at = behindDetour;
          }
        }
        kind = frames.kind[this.depth] as number;
        layout = frames.layout[this.depth];
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

  /** The bytes run out within a token that starts at `at`. */
  #suspend(state: number, at: number, limit: number): number {
    const { bytes } = this.#window;
    this.#state = state;
    this.#at = limit;
    if (!this.#token.start(bytes[at] as number)) return INVALID;
    return this.#token.read(bytes, at, limit) === BROKEN ? INVALID : MORE;
  }

  /** A key that no layout foresaw. */
  #takeKey(end: number): number {
    const { frames, depth } = this;
    const key = stringAt(this.#window, this.#keyAt, end);
    const layout = frames.layout[depth];
    if (layout) {
      const next = withKey(layout, key);
      if (!next) return INVALID;
      frames.layout[depth] = next;
      return 0;
    }
    const keys = (frames.keys[depth] ??= new Set<string>());
    if (keys.has(key)) return INVALID;
    keys.add(key);
    frames.mapKey[depth] = key;
    this.#keyBytes += end - this.#keyAt;
    return this.#keyBytes > this.#maxKeyBytes ? TOO_LARGE : 0;
  }

  #open(isObject: boolean, at: number): void {
    const { frames } = this;
    const layout = frames.layout[this.depth];
    if ((frames.kind[this.depth] as number) > UNDECIDED) {
      const plan = layout === undefined ? (frames.plan[this.depth] as Plan) : layout.value;
      this.#openAs(plan, isObject, this.#keyAt, at);
      return;
    }
    if (isObject) this.#holdsObject = true;
    const depth = ++this.depth;
    frames.kind[depth] = isObject ? OPAQUE_OBJECT : OPAQUE_LIST;
    frames.entry[depth] = -1;
    frames.layout[depth] = isObject ? emptyLayout(this.#plans.opaque) : undefined;
  }

  // oxlint-disable-next-line max-params
  #openAs(given: Plan, isObject: boolean, keyAt: number, at: number): void {
    const { frames } = this;
    const tape = this.#tape;
    let plan = given;
    while (plan.kind === CHOICE && !isObject && plan.choice) plan = plan.choice.otherwise;
    const above = this.depth;
    const isMember = ((frames.kind[above] as number) & 1) === 1;
    const isList = plan.kind === LIST || plan.kind === REF;
    const shape = isObject === isList && plan.kind > NOTHING ? NOTHING : plan.kind;
    const mayFlow = (shape === LIST || (shape === MAP && isObject)) && this.#detour === 0;
    const flows = mayFlow && this.#flow.opens(above, plan, keyAt, at);
    const depth = ++this.depth;
    frames.start[depth] = at;
    frames.plan[depth] = plan;
    frames.layout[depth] = undefined;
    frames.sighted[depth] = above === 0 ? undefined : frames.sighted[above];
    frames.mapKey[depth] = above === 0 ? undefined : frames.mapKey[above];
    if (flows) {
      frames.kind[depth] = shape === LIST ? FLOWING_LIST : FLOWING_MAP;
      frames.entry[depth] = -1;
      this.#openItems(depth, plan);
      return;
    }
    const entry = tape.add(isMember ? keyAt : at, at, IS_WHOLE);
    frames.entry[depth] = entry;
    if (shape === OBJECT && isObject && plan.object) {
      tape.is[entry] = IS_OBJECT;
      frames.kind[depth] = TRACKED_OBJECT;
      const layout = (frames.layout[depth] = emptyLayout(plan.object));
      const key = plan.object.mapField === undefined ? undefined : frames.mapKey[depth];
      frames.sighted[depth] = tape.sight(entry, layout, key, frames.sighted[depth]);
      frames.mapKey[depth] = undefined;
    } else if (shape === MAP && isObject) {
      tape.is[entry] = IS_MAP;
      tape.number[entry] = plan.keyed ? 1 : 0;
      frames.kind[depth] = TRACKED_MAP;
      this.#openItems(depth, plan);
    } else if (shape === LIST) {
      tape.is[entry] = IS_LIST;
      tape.number[entry] = plan.leavesNull ? 1 : 0;
      frames.kind[depth] = TRACKED_LIST;
      this.#openItems(depth, plan);
    } else if (shape === REF) {
      tape.is[entry] = IS_LIST;
      tape.number[entry] = 0;
      frames.kind[depth] = REFERENCES;
    } else if (shape === CHOICE) {
      frames.kind[depth] = UNDECIDED;
      frames.layout[depth] = emptyLayout(this.#plans.opaque);
      this.#decided = undefined;
    } else {
      const isWhole = shape === WHOLE || (shape === PLAIN && !isObject);
      if (!isWhole) tape.is[entry] = IS_MISSHAPEN;
      this.#holdsObject = false;
      frames.kind[depth] = isObject ? OPAQUE_OBJECT : OPAQUE_LIST;
      if (isObject) frames.layout[depth] = emptyLayout(this.#plans.opaque);
    }
  }

  #openItems(depth: number, plan: Plan): void {
    const { frames } = this;
    frames.plan[depth] = plan.of ?? WHOLE_PLAN;
    frames.keys[depth] = undefined;
    frames.isKeyed[depth] = plan.keyed ? 1 : 0;
  }

  /** Whether the scalar just read tells which of several the object in hand is. */
  #isDecidedBy(layout: Layout, end: number): boolean {
    const { choice } = this.frames.plan[this.depth] as Plan;
    if (!choice || layout.key?.name !== choice.by || this.#scalar !== STRING) return false;
    this.#decided = stringAt(this.#window, this.#valueAt, end);
    return true;
  }

  /** Begins the object in hand again, as what it was found to be. */
  #reopen(): void {
    const { frames, depth } = this;
    const tape = this.#tape;
    const { choice } = frames.plan[depth] as Plan;
    const entry = frames.entry[depth] as number;
    const chosen = this.#decided === undefined ? undefined : choice?.cases.get(this.#decided);
    tape.size = entry;
    this.depth = depth - 1;
    const plan = chosen ?? choice?.otherwise ?? WHOLE_PLAN;
    this.#openAs(plan, true, tape.key[entry] as number, frames.start[depth] as number);
  }

  #finishScalar(end: number): boolean {
    const { frames, depth } = this;
    const tape = this.#tape;
    const kind = frames.kind[depth] as number;
    let plan = frames.layout[depth]?.value ?? (frames.plan[depth] as Plan);
    while (plan.kind === CHOICE && plan.choice) plan = plan.choice.otherwise;
    let is = IS_WHOLE;
    if (this.#scalar === NULL ? kind === REFERENCES : plan.kind > PLAIN) {
      const mayRefer =
        plan.kind === REF && plan.object !== undefined && (this.#scalar === STRING || this.#scalar === NUMBER);
      is = mayRefer && idAt(this.#window, this.#valueAt, end) !== undefined ? IS_REF : IS_MISSHAPEN;
    }
    const entry = tape.add((kind & 1) === 1 ? this.#keyAt : this.#valueAt, this.#valueAt, is);
    tape.end[entry] = end;
    tape.next[entry] = entry + 1;
    if (is === IS_REF && plan.object) tape.sight(entry, referenceLayout(plan), undefined, undefined);
    return this.#complete(entry, end);
  }

  /** A container ends; true to pause. */
  #close(end: number): boolean {
    const { frames } = this;
    const tape = this.#tape;
    const depth = this.depth--;
    const kind = frames.kind[depth] as number;
    if (kind >= FLOWING_LIST) {
      this.#flow.closes(depth, end);
      return false;
    }
    const entry = frames.entry[depth] as number;
    if (entry < 0) return false;
    tape.end[entry] = end;
    tape.next[entry] = tape.size;
    if (kind === TRACKED_OBJECT) {
      const sighted = frames.sighted[depth] as Sighted;
      sighted.layout = frames.layout[depth] as Layout;
      if (sighted.mapKey !== undefined && this.#contradicts(sighted, sighted.mapKey)) {
        tape.is[entry] = IS_MISSHAPEN;
        tape.size = entry + 1;
        tape.next[entry] = entry + 1;
        tape.sightedCount = tape.number[entry] as number;
      }
    } else if (kind <= OPAQUE_OBJECT && this.#holdsObject && (frames.plan[depth] as Plan).kind === PLAIN) {
      tape.is[entry] = IS_MISSHAPEN;
    }
    return this.#complete(entry, end);
  }

  /** The object says another id than the key it is listed under. */
  #contradicts({ layout, entry }: Sighted, key: string): boolean {
    const tape = this.#tape;
    const place = placeOfKey(layout, layout.plan.mapField ?? '');
    if (place < 0) return false;
    let member = entry + 1;
    for (let step = 0; step < place; step++) member = tape.next[member] as number;
    const from = tape.at[member] as number;
    const to = tape.end[member] as number;
    return !isAbsentAt(this.#window, from, to) && idAt(this.#window, from, to) !== key;
  }

  /** A value stands whole in the container in hand; true to pause. */
  #complete(entry: number, end: number): boolean {
    const { frames, depth } = this;
    const tape = this.#tape;
    const kind = frames.kind[depth] as number;
    if (kind === TRACKED_OBJECT) {
      const layout = frames.layout[depth];
      if (tape.is[entry] === IS_MISSHAPEN && layout) frames.layout[depth] = misshapenTwin(layout);
    } else if ((kind === TRACKED_MAP || kind === FLOWING_MAP) && frames.isKeyed[depth] === 1) {
      if (!isObjectAt(tape, entry)) tape.is[entry] = IS_MISSHAPEN;
    }
    return kind >= FLOWING_LIST && this.#flow.element(depth, entry, end);
  }
}

/** An object, or a list with one in it at whatever depth of lists. */
function isObjectAt(tape: Tape, entry: number): boolean {
  if (tape.is[entry] !== IS_LIST) return tape.is[entry] === IS_OBJECT;
  const end = tape.next[entry] as number;
  for (let item = entry + 1; item < end; item = tape.next[item] as number) if (isObjectAt(tape, item)) return true;
  return false;
}

/** A reference is an object of which nothing but its id is there. */
function referenceLayout(plan: Plan): Layout {
  const object = plan.object;
  if (!object) throw new Error('A reference has a plan.');
  const empty = emptyLayout(object);
  return withKey(empty, object.owners[0]?.at.first ?? 'id') ?? empty;
}
