import { ANY_PLAN } from '../layout/compile-plan.ts';
import {
  type Frames,
  OPAQUE_LIST,
  OPAQUE_OBJECT,
  REFERENCE_LIST,
  STREAMED_LIST,
  STREAMED_MAP,
  TRACKED_LIST,
  TRACKED_MAP,
  TRACKED_OBJECT,
  UNDECIDED,
} from './frames.ts';
import { KnownLayoutReader, type ReadContext } from './known-layout.ts';
import { wasmReader } from './wasm-reader.ts';
import { emptyLayout, memberIndexOf, misshapenVariantOf, withKey } from '../layout/layout.ts';
import { contradictsKey, idAt, stringAt } from './scalar-bytes.ts';
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
import type { SightedObject } from './sighted-object.ts';
import {
  DETAIL,
  END,
  KEY_START,
  NEXT,
  ROW_WORDS,
  START,
  type Tape,
  TYPE,
  TYPE_LIST,
  TYPE_MAP,
  TYPE_MISSHAPEN,
  TYPE_OBJECT,
  TYPE_REF,
  TYPE_WHOLE,
} from './tape.ts';
import { NULL, NUMBER, STRING } from './token.ts';
import type { Window } from './window.ts';

/** Receives the elements of streamed containers. */
export interface ElementSink {
  /**
   * A list or map opens at `start` in the container at `depth`; as a member of an object, its key starts at `keyStart`. True if its
   * elements are streamed.
   */
  // oxlint-disable-next-line max-params -- an object here would be one more for each list of a body
  openContainer(depth: number, plan: Plan, keyStart: number, start: number): boolean;
  /** An element of the container at `depth` (0: the document) is complete. True to pause after it. */
  addElement(depth: number, entry: number, end: number): boolean;
  closeContainer(depth: number, end: number): void;
}

/** Matches the values that the scanner reads with the plans of their places, and writes them to the tape. */
export class Containers {
  readonly frames: Frames;
  depth = 0;
  /** Total size of the keys of open maps, which are kept to find duplicates. */
  keyBytes = 0;
  /** While an object is read again nothing in it may be streamed. */
  isRereading = false;
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #plans: Plans;
  readonly #sink: ElementSink;
  readonly #knownLayouts: KnownLayoutReader | undefined;
  /** The current opaque value contains an object. */
  #hasNestedObject = false;
  /** The discriminator value of the current object of undecided type, once it was read. */
  #discriminator: string | undefined;

  constructor(plans: Plans, context: ReadContext & { readonly frames: Frames }, sink: ElementSink) {
    this.frames = context.frames;
    this.#tape = context.tape;
    this.#window = context.window;
    this.#plans = plans;
    this.#sink = sink;
    const reader = wasmReader();
    this.#knownLayouts = reader && new KnownLayoutReader(reader, context);
  }

  /** The layout without keys of opaque objects. */
  get opaqueLayout(): Layout {
    return emptyLayout(this.#plans.opaque);
  }

  /** Starts one document. */
  begin(plan: Plan): void {
    this.depth = 0;
    this.keyBytes = 0;
    this.frames.type[0] = STREAMED_LIST;
    this.frames.plan[0] = plan;
    this.frames.layout[0] = undefined;
  }

  /** Adds a key that the current layout did not predict. False if it is a duplicate. */
  addKey(from: number, end: number): boolean {
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

  open(isObject: boolean, keyStart: number, at: number): void {
    const { frames } = this;
    if ((frames.type[this.depth] as number) > UNDECIDED) {
      const plan = frames.layout[this.depth]?.value ?? frames.plan[this.depth] ?? ANY_PLAN;
      this.#openAs(plan, isObject, keyStart, at);
      return;
    }
    if (isObject) this.#hasNestedObject = true;
    const depth = this.#descend();
    frames.type[depth] = isObject ? OPAQUE_OBJECT : OPAQUE_LIST;
    frames.entry[depth] = -1;
    frames.layout[depth] = isObject ? emptyLayout(this.#plans.opaque) : undefined;
  }

  // oxlint-disable-next-line max-params -- an object here would be one more for each container
  #openAs(given: Plan, isObject: boolean, keyStart: number, at: number): void {
    const { frames } = this;
    const tape = this.#tape;
    const plan = isObject ? given : planOfNonObject(given);
    const isList = plan.type === LIST || plan.type === REF;
    const shape = isObject === isList && plan.type > NOTHING ? NOTHING : plan.type;
    const above = this.depth;
    const isStreamed =
      (shape === LIST || shape === MAP) && !this.isRereading && this.#sink.openContainer(above, plan, keyStart, at);
    const isMember = ((frames.type[above] as number) & 1) === 1;
    const depth = this.#descend();
    frames.start[depth] = at;
    frames.plan[depth] = plan;
    frames.layout[depth] = undefined;
    frames.sighted[depth] = above === 0 ? undefined : frames.sighted[above];
    frames.mapKey[depth] = above === 0 ? undefined : frames.mapKey[above];
    if (isStreamed) {
      frames.type[depth] = shape === LIST ? STREAMED_LIST : STREAMED_MAP;
      frames.entry[depth] = -1;
      this.#openItems(depth, plan);
      return;
    }
    const entry = tape.add(isMember ? keyStart : at, at, TYPE_WHOLE);
    frames.entry[depth] = entry;
    if (shape === OBJECT && plan.object) {
      tape.rows[entry + TYPE] = TYPE_OBJECT;
      frames.type[depth] = TRACKED_OBJECT;
      const layout = (frames.layout[depth] = emptyLayout(plan.object));
      const key = plan.object.mapField === undefined ? undefined : frames.mapKey[depth];
      frames.sighted[depth] = tape.addSighted(entry, layout, key, frames.sighted[depth]);
      frames.mapKey[depth] = undefined;
    } else if (shape === MAP || shape === LIST) {
      tape.rows[entry + TYPE] = shape === MAP ? TYPE_MAP : TYPE_LIST;
      tape.rows[entry + DETAIL] = plan.keyed || plan.nullIfWithheld ? 1 : 0;
      frames.type[depth] = shape === MAP ? TRACKED_MAP : TRACKED_LIST;
      this.#openItems(depth, plan);
    } else if (shape === REF) {
      tape.rows[entry + TYPE] = TYPE_LIST;
      tape.rows[entry + DETAIL] = 0;
      frames.type[depth] = REFERENCE_LIST;
    } else if (shape === CHOICE) {
      frames.type[depth] = UNDECIDED;
      frames.layout[depth] = emptyLayout(this.#plans.opaque);
      this.#discriminator = undefined;
    } else {
      if (shape === NOTHING || (shape === PLAIN && isObject)) tape.rows[entry + TYPE] = TYPE_MISSHAPEN;
      this.#hasNestedObject = false;
      frames.type[depth] = isObject ? OPAQUE_OBJECT : OPAQUE_LIST;
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
    frames.plan[depth] = plan.of ?? ANY_PLAN;
    frames.keys[depth] = undefined;
    frames.isKeyed[depth] = plan.keyed ? 1 : 0;
  }

  /** Whether the string just read is the discriminator of the current object. */
  readDiscriminator(from: number, end: number): boolean {
    const { choice } = this.frames.plan[this.depth] as Plan;
    if (!choice || this.frames.layout[this.depth]?.key?.name !== choice.discriminator) return false;
    this.#discriminator = stringAt(this.#window, from, end);
    return true;
  }

  /** Starts the current object again, with the plan that its discriminator selects. */
  reopen(): void {
    const { frames, depth } = this;
    const tape = this.#tape;
    const { choice } = frames.plan[depth] as Plan;
    const entry = frames.entry[depth] as number;
    const chosen = this.#discriminator === undefined ? undefined : choice?.cases.get(this.#discriminator);
    tape.size = entry;
    this.depth = depth - 1;
    const plan = chosen ?? choice?.otherwise ?? ANY_PLAN;
    this.#openAs(plan, true, tape.rows[entry + KEY_START] as number, frames.start[depth] as number);
  }

  /** Adds a scalar where the plan does not simply keep it. True to pause. */
  // oxlint-disable-next-line max-params -- an object here would be one more for each scalar
  addScalar(type: number, keyStart: number, at: number, end: number): boolean {
    const { frames, depth } = this;
    const tape = this.#tape;
    const containerType = frames.type[depth] as number;
    const plan = planOfNonObject(frames.layout[depth]?.value ?? (frames.plan[depth] as Plan));
    let entryType = TYPE_WHOLE;
    if (type === NULL ? containerType === REFERENCE_LIST : plan.type > PLAIN) {
      const mayRefer = plan.object !== undefined && plan.type === REF && (type === STRING || type === NUMBER);
      entryType = mayRefer && idAt(this.#window, at, end) !== undefined ? TYPE_REF : TYPE_MISSHAPEN;
    }
    const entry = tape.add((containerType & 1) === 1 ? keyStart : at, at, entryType);
    tape.rows[entry + END] = end;
    tape.rows[entry + NEXT] = entry + ROW_WORDS;
    if (entryType === TYPE_REF && plan.object) tape.addSighted(entry, referenceLayout(plan), undefined, undefined);
    return this.#complete(entry, end);
  }

  /**
   * Whether `readElement` may be tried on the elements of the current streamed list (`keyStart` is -1), or on the value of an entry
   * of the current streamed map, whose key starts at `keyStart`.
   */
  beginElements(keyStart: number): boolean {
    const { frames, depth } = this;
    const mapKey = depth === 0 ? undefined : frames.mapKey[depth];
    const plan = frames.plan[depth] as Plan;
    return this.#knownLayouts?.begin({ plan, opaque: this.opaqueLayout, depth, mapKey, keyStart }) ?? false;
  }

  /** Reads the element at the index `at` of the chunk. Returns its end, or 0 if it matches no known layout. */
  readElement(at: number, limit: number): number {
    return this.#knownLayouts?.read(at, limit) ?? 0;
  }

  /** Adds the element that `readElement` read. True to pause. */
  endElement(entry: number, end: number): boolean {
    return this.#sink.addElement(this.depth, entry, end);
  }

  /** Closes the current container. True to pause. */
  close(end: number): boolean {
    const { frames } = this;
    const tape = this.#tape;
    const depth = this.depth--;
    const containerType = frames.type[depth] as number;
    if (containerType >= STREAMED_LIST) {
      this.#sink.closeContainer(depth, end);
      return false;
    }
    const entry = frames.entry[depth] as number;
    if (entry < 0) return false;
    const { rows } = tape;
    rows[entry + END] = end;
    rows[entry + NEXT] = tape.size;
    if (containerType === TRACKED_OBJECT) {
      const sighted = frames.sighted[depth] as SightedObject;
      sighted.layout = frames.layout[depth] as Layout;
      if (sighted.mapKey !== undefined && this.#contradictsKey(sighted, sighted.mapKey)) {
        rows[entry + TYPE] = TYPE_MISSHAPEN;
        tape.size = entry + ROW_WORDS;
        rows[entry + NEXT] = entry + ROW_WORDS;
        tape.sightedCount = rows[entry + DETAIL] as number;
      }
    } else if (containerType <= OPAQUE_OBJECT && this.#hasNestedObject && (frames.plan[depth] as Plan).type === PLAIN) {
      rows[entry + TYPE] = TYPE_MISSHAPEN;
    }
    return this.#complete(entry, end);
  }

  /** Whether the object contains another id than its key in the map. */
  #contradictsKey({ layout, entry }: SightedObject, key: string): boolean {
    const { rows } = this.#tape;
    const member = this.#tape.memberAt(entry, memberIndexOf(layout, layout.plan.mapField ?? ''));
    if (member < 0) return false;
    return contradictsKey(this.#window, rows[member + START] as number, rows[member + END] as number, key);
  }

  /** A value in the current container is complete. True to pause. */
  #complete(entry: number, end: number): boolean {
    const { frames, depth } = this;
    const { rows } = this.#tape;
    const containerType = frames.type[depth] as number;
    if (containerType === TRACKED_OBJECT) {
      const layout = frames.layout[depth];
      if (rows[entry + TYPE] === TYPE_MISSHAPEN && layout) frames.layout[depth] = misshapenVariantOf(layout);
      return false;
    }
    if (
      (containerType === TRACKED_MAP || containerType === STREAMED_MAP) &&
      frames.isKeyed[depth] === 1 &&
      !containsObject(rows, entry)
    )
      rows[entry + TYPE] = TYPE_MISSHAPEN;
    return containerType >= STREAMED_LIST && this.#sink.addElement(depth, entry, end);
  }
}

/** The plan of a value that is no object, where a discriminator selects the plan of an object. */
function planOfNonObject(given: Plan): Plan {
  let plan = given;
  while (plan.type === CHOICE && plan.choice) plan = plan.choice.otherwise;
  return plan;
}

/** Whether an entry is an object, or a list that contains one at any depth of lists. */
function containsObject(rows: Int32Array, entry: number): boolean {
  if (rows[entry + TYPE] !== TYPE_LIST) return rows[entry + TYPE] === TYPE_OBJECT;
  const end = rows[entry + NEXT] as number;
  for (let item = entry + ROW_WORDS; item < end; item = rows[item + NEXT] as number)
    if (containsObject(rows, item)) return true;
  return false;
}

/** A reference is treated as an object with its id as the only member. */
function referenceLayout({ object }: Plan): Layout {
  const plan = object as NonNullable<typeof object>;
  const empty = emptyLayout(plan);
  return withKey(empty, plan.owners[0]?.at.first ?? 'id') ?? empty;
}
