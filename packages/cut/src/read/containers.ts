import { WHOLE_PLAN } from '../layout/compile-plan.ts';
import {
  FLOWING_LIST,
  FLOWING_MAP,
  type Frames,
  OPAQUE_LIST,
  OPAQUE_OBJECT,
  REFERENCES,
  TRACKED_LIST,
  TRACKED_MAP,
  TRACKED_OBJECT,
  UNDECIDED,
} from './frames.ts';
import { Foreseen, type ForeseenParts } from './known-layout.ts';
import { innerPass } from './wasm-reader.ts';
import { emptyLayout, misshapenTwin, placeOfKey, withKey } from '../layout/layout.ts';
import { contradicts, idAt, stringAt } from './scalar-bytes.ts';
import {
  CHOICE,
  type Layout,
  LIST,
  MAP,
  NOTHING,
  OBJECT,
  PLAIN,
  type Plan,
  type Plans,
  REF,
} from '../layout/tables.ts';
import {
  AT,
  END,
  IS,
  IS_LIST,
  IS_MAP,
  IS_MISSHAPEN,
  IS_OBJECT,
  IS_REF,
  IS_WHOLE,
  KEY_AT,
  NEXT,
  NUMBER,
  ROW,
  type Sighted,
  type Tape,
} from './tape.ts';
import { NULL, NUMBER as NUMERAL, STRING } from './token.ts';
import type { Window } from './window.ts';

/** Told what the pass comes upon at places that are released piece by piece. */
export interface Flow {
  /** A list or map opens below `depth`, for the member whose key is at `keyAt`: true if its elements are told one by one. */
  opens(depth: number, plan: Plan, keyAt: number, at: number): boolean;
  /** An element of the container at `depth` is whole (0: the document). True to pause behind it. */
  element(depth: number, entry: number, end: number): boolean;
  closes(depth: number, end: number): void;
}

/** Lays what the pass finds beside the plan of its place, and writes it to the tape. */
export class Containers {
  readonly frames: Frames;
  depth = 0;
  /** Keys that open maps have to remember, in bytes. */
  keyBytes = 0;
  /** While an object is read again out of order, nothing may leave. */
  isDetour = false;
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #plans: Plans;
  readonly #flow: Flow;
  readonly #foreseen: Foreseen | undefined;
  /** An object stands in a value that may hold scalars only. */
  #holdsObject = false;
  /** The name that decides which of several an object is, once it has been read. */
  #decided: string | undefined;

  constructor(plans: Plans, place: ForeseenParts & { readonly frames: Frames }, flow: Flow) {
    this.frames = place.frames;
    this.#tape = place.tape;
    this.#window = place.window;
    this.#plans = plans;
    this.#flow = flow;
    const pass = innerPass();
    this.#foreseen = pass && new Foreseen(pass, place);
  }

  /** The layout of an opaque object without keys. */
  get nothing(): Layout {
    return emptyLayout(this.#plans.opaque);
  }

  /** Starts one document. */
  begin(plan: Plan): void {
    this.depth = 0;
    this.keyBytes = 0;
    this.frames.kind[0] = FLOWING_LIST;
    this.frames.plan[0] = plan;
    this.frames.layout[0] = undefined;
  }

  /** A key that no layout foresaw. False if it stands twice. */
  key(from: number, end: number): boolean {
    const { frames, depth } = this;
    const key = stringAt(this.#window, from, end);
    const layout = frames.layout[depth];
    if (layout) {
      const next = withKey(layout, key);
      frames.layout[depth] = next ?? layout;
      return next !== undefined;
    }
    const keys = (frames.keys[depth] ??= new Set<string>());
    if (keys.has(key)) return false;
    keys.add(key);
    frames.mapKey[depth] = key;
    this.keyBytes += end - from;
    return true;
  }

  open(isObject: boolean, keyAt: number, at: number): void {
    const { frames } = this;
    if ((frames.kind[this.depth] as number) > UNDECIDED) {
      const plan = frames.layout[this.depth]?.value ?? frames.plan[this.depth] ?? WHOLE_PLAN;
      this.#openAs(plan, isObject, keyAt, at);
      return;
    }
    if (isObject) this.#holdsObject = true;
    const depth = this.#descend();
    frames.kind[depth] = isObject ? OPAQUE_OBJECT : OPAQUE_LIST;
    frames.entry[depth] = -1;
    frames.layout[depth] = isObject ? emptyLayout(this.#plans.opaque) : undefined;
  }

  // oxlint-disable-next-line max-params
  #openAs(given: Plan, isObject: boolean, keyAt: number, at: number): void {
    const { frames } = this;
    const tape = this.#tape;
    const plan = isObject ? given : settled(given);
    const isList = plan.kind === LIST || plan.kind === REF;
    const shape = isObject === isList && plan.kind > NOTHING ? NOTHING : plan.kind;
    const above = this.depth;
    const flows = (shape === LIST || shape === MAP) && !this.isDetour && this.#flow.opens(above, plan, keyAt, at);
    const isMember = ((frames.kind[above] as number) & 1) === 1;
    const depth = this.#descend();
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
    if (shape === OBJECT && plan.object) {
      tape.rows[entry + IS] = IS_OBJECT;
      frames.kind[depth] = TRACKED_OBJECT;
      const layout = (frames.layout[depth] = emptyLayout(plan.object));
      const key = plan.object.mapField === undefined ? undefined : frames.mapKey[depth];
      frames.sighted[depth] = tape.sight(entry, layout, key, frames.sighted[depth]);
      frames.mapKey[depth] = undefined;
    } else if (shape === MAP || shape === LIST) {
      tape.rows[entry + IS] = shape === MAP ? IS_MAP : IS_LIST;
      tape.rows[entry + NUMBER] = plan.keyed || plan.leavesNull ? 1 : 0;
      frames.kind[depth] = shape === MAP ? TRACKED_MAP : TRACKED_LIST;
      this.#openItems(depth, plan);
    } else if (shape === REF) {
      tape.rows[entry + IS] = IS_LIST;
      tape.rows[entry + NUMBER] = 0;
      frames.kind[depth] = REFERENCES;
    } else if (shape === CHOICE) {
      frames.kind[depth] = UNDECIDED;
      frames.layout[depth] = emptyLayout(this.#plans.opaque);
      this.#decided = undefined;
    } else {
      if (shape === NOTHING || (shape === PLAIN && isObject)) tape.rows[entry + IS] = IS_MISSHAPEN;
      this.#holdsObject = false;
      frames.kind[depth] = isObject ? OPAQUE_OBJECT : OPAQUE_LIST;
      if (isObject) frames.layout[depth] = emptyLayout(this.#plans.opaque);
    }
  }

  #descend(): number {
    const depth = ++this.depth;
    if (depth > this.frames.deepest) this.frames.deepest = depth;
    return depth;
  }

  #openItems(depth: number, plan: Plan): void {
    const { frames } = this;
    frames.plan[depth] = plan.of ?? WHOLE_PLAN;
    frames.keys[depth] = undefined;
    frames.isKeyed[depth] = plan.keyed ? 1 : 0;
  }

  /** Whether the string just read tells which of several the object in hand is. */
  isDecidedBy(from: number, end: number): boolean {
    const { choice } = this.frames.plan[this.depth] as Plan;
    if (!choice || this.frames.layout[this.depth]?.key?.name !== choice.by) return false;
    this.#decided = stringAt(this.#window, from, end);
    return true;
  }

  /** Begins the object in hand again, as what it was found to be. */
  reopen(): void {
    const { frames, depth } = this;
    const tape = this.#tape;
    const { choice } = frames.plan[depth] as Plan;
    const entry = frames.entry[depth] as number;
    const chosen = this.#decided === undefined ? undefined : choice?.cases.get(this.#decided);
    tape.size = entry;
    this.depth = depth - 1;
    const plan = chosen ?? choice?.otherwise ?? WHOLE_PLAN;
    this.#openAs(plan, true, tape.rows[entry + KEY_AT] as number, frames.start[depth] as number);
  }

  /** A scalar, at a place that does not simply keep it; true to pause. */
  scalar(type: number, keyAt: number, at: number, end: number): boolean {
    const { frames, depth } = this;
    const tape = this.#tape;
    const kind = frames.kind[depth] as number;
    const plan = settled(frames.layout[depth]?.value ?? (frames.plan[depth] as Plan));
    let entryType = IS_WHOLE;
    if (type === NULL ? kind === REFERENCES : plan.kind > PLAIN) {
      const mayRefer = plan.object !== undefined && plan.kind === REF && (type === STRING || type === NUMERAL);
      entryType = mayRefer && idAt(this.#window, at, end) !== undefined ? IS_REF : IS_MISSHAPEN;
    }
    const entry = tape.add((kind & 1) === 1 ? keyAt : at, at, entryType);
    tape.rows[entry + END] = end;
    tape.rows[entry + NEXT] = entry + ROW;
    if (entryType === IS_REF && plan.object) tape.sight(entry, referenceLayout(plan), undefined, undefined);
    return this.#complete(entry, end);
  }

  /**
   * Whether the elements of the flowing list in hand may be read in one go, each, if they are as foreseen; or the value of an
   * entry of the flowing map in hand, whose key starts at `keyAt` (of a list: -1).
   */
  beginElements(keyAt: number): boolean {
    const { frames, depth } = this;
    const under = depth === 0 ? undefined : frames.mapKey[depth];
    const plan = frames.plan[depth] as Plan;
    return this.#foreseen?.begin({ plan, opaque: this.nothing, depth, under, keyAt }) ?? false;
  }

  /** Reads the element at the index `at` of the chunk; the index behind it, or 0 if it cannot. */
  readElement(at: number, limit: number): number {
    return this.#foreseen?.read(at, limit) ?? 0;
  }

  /** The element read last is done with; true to pause. */
  endElement(entry: number, end: number): boolean {
    return this.#flow.element(this.depth, entry, end);
  }

  /** A container ends; true to pause. */
  close(end: number): boolean {
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
    const { rows } = tape;
    rows[entry + END] = end;
    rows[entry + NEXT] = tape.size;
    if (kind === TRACKED_OBJECT) {
      const sighted = frames.sighted[depth] as Sighted;
      sighted.layout = frames.layout[depth] as Layout;
      if (sighted.mapKey !== undefined && this.#contradicts(sighted, sighted.mapKey)) {
        rows[entry + IS] = IS_MISSHAPEN;
        tape.size = entry + ROW;
        rows[entry + NEXT] = entry + ROW;
        tape.sightedCount = rows[entry + NUMBER] as number;
      }
    } else if (kind <= OPAQUE_OBJECT && this.#holdsObject && (frames.plan[depth] as Plan).kind === PLAIN) {
      rows[entry + IS] = IS_MISSHAPEN;
    }
    return this.#complete(entry, end);
  }

  /** The object says another id than the key it is listed under. */
  #contradicts({ layout, entry }: Sighted, key: string): boolean {
    const { rows } = this.#tape;
    const place = placeOfKey(layout, layout.plan.mapField ?? '');
    if (place < 0) return false;
    let member = entry + ROW;
    for (let step = 0; step < place; step++) member = rows[member + NEXT] as number;
    return contradicts(this.#window, rows[member + AT] as number, rows[member + END] as number, key);
  }

  /** A value stands whole in the container in hand; true to pause. */
  #complete(entry: number, end: number): boolean {
    const { frames, depth } = this;
    const { rows } = this.#tape;
    const kind = frames.kind[depth] as number;
    if (kind === TRACKED_OBJECT) {
      const layout = frames.layout[depth];
      if (rows[entry + IS] === IS_MISSHAPEN && layout) frames.layout[depth] = misshapenTwin(layout);
      return false;
    }
    if ((kind === TRACKED_MAP || kind === FLOWING_MAP) && frames.isKeyed[depth] === 1 && !isObjectAt(rows, entry))
      rows[entry + IS] = IS_MISSHAPEN;
    return kind >= FLOWING_LIST && this.#flow.element(depth, entry, end);
  }
}

/** What a value that is no object may be, where an object could be one of several. */
function settled(given: Plan): Plan {
  let plan = given;
  while (plan.kind === CHOICE && plan.choice) plan = plan.choice.otherwise;
  return plan;
}

/** An object, or a list with one in it at whatever depth of lists. */
function isObjectAt(rows: Int32Array, entry: number): boolean {
  if (rows[entry + IS] !== IS_LIST) return rows[entry + IS] === IS_OBJECT;
  const end = rows[entry + NEXT] as number;
  for (let item = entry + ROW; item < end; item = rows[item + NEXT] as number) if (isObjectAt(rows, item)) return true;
  return false;
}

/** A reference is an object of which nothing but its id is there. */
function referenceLayout({ object }: Plan): Layout {
  const plan = object as NonNullable<typeof object>;
  const empty = emptyLayout(plan);
  return withKey(empty, plan.owners[0]?.at.first ?? 'id') ?? empty;
}
