import { type Layout, NOTHING, OBJECT, type Plan } from '../layout/tables.ts';
import { ROW } from './tape.ts';
import { WASM_CODE } from './wasm-code.gen.ts';
import {
  ALIGNED,
  INPUT,
  INPUT_BYTES,
  LAYOUT_KEY,
  OUTPUT,
  PLAN_BYTES,
  RANGES,
  RANGES_WORDS,
  ROW_COUNT,
  ROWS,
  SIGHTED,
  SIGHTED_WORDS,
  TABLES,
  TABLES_END,
} from './wasm-memory.ts';

/** So many are copied faster by hand. */
const FEW_WORDS = 64;

interface PassExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  // oxlint-disable-next-line max-params
  element(
    from: number,
    root: number,
    opaque: number,
    shift: number,
    entry: number,
    number: number,
    depth: number,
  ): number;
  compact(count: number, shift: number): number;
}

export interface ElementsAt {
  /** The layouts without keys of the elements, and of objects nobody looks into. */
  readonly empty: Layout;
  readonly opaque: Layout;
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly depth: number;
}

/**
 * The pass over elements that are as foreseen, in WebAssembly (`pass/`). Its memory holds the chunk in hand, and the layouts
 * it has been told of: a copy of the tries, made when an element of their kind is first read and kept up by `tell`. One for
 * all cuts: they take turns.
 */
export class InnerPass {
  readonly #code: PassExports;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** What the last element made: rows of the tape. */
  readonly rows: Int32Array;
  /** Told layouts by their place. */
  #layouts: (Layout | undefined)[] = [];
  #plans = new WeakMap<Plan, number>();
  #next = TABLES;
  #generation = 1;
  /** What stands in the memory: a part of a chunk, from an index of it. */
  #chunk: Uint8Array | undefined;
  #from = 0;
  #to = 0;
  /** Of the elements in hand. */
  #begun = 0;
  #root = 0;
  #opaque = 0;
  #base = 0;
  #depth = 0;

  constructor() {
    const module = new WebAssembly.Module(Uint8Array.from(atob(WASM_CODE), (char) => char.charCodeAt(0)));
    this.#code = new WebAssembly.Instance(module).exports as PassExports;
    const { buffer } = this.#code.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.rows = new Int32Array(buffer, ROWS, (TABLES - ROWS) / 4);
  }

  /**
   * What the next elements are, and stand in: the chunk in hand, its first place in the window, how many containers are open
   * around them. False if they cannot be read here.
   */
  begin(elements: ElementsAt): boolean {
    const { empty, opaque, bytes, base, depth } = elements;
    this.#opaque = this.#placeOf(opaque);
    this.#root = this.#placeOf(empty);
    // Telling one may have begun anew, without the other.
    if (this.#root === 0 || this.#opaque === 0 || opaque.passGeneration !== this.#generation) return false;
    if (bytes !== this.#chunk) this.#load(bytes, 0);
    this.#base = base;
    this.#depth = depth;
    this.#begun = this.#generation;
    return true;
  }

  /**
   * Reads the object at the index `at` of the chunk; the index behind it, or 0 if it is not as foreseen or not whole. `entry`
   * and `number`: where its rows and sighted objects will stand on the tape.
   */
  read(at: number, entry: number, number: number): number {
    const bytes = this.#chunk;
    // What has been forgotten since stands no longer where it did.
    if (!bytes || this.#begun !== this.#generation) return 0;
    let end = at < this.#to ? this.#run(at, entry, number) : 0;
    if (end === 0 && this.#to < bytes.length && at > this.#from) {
      this.#load(bytes, at);
      end = this.#run(at, entry, number);
    }
    return end;
  }

  #run(at: number, entry: number, number: number): number {
    const chunk = INPUT - this.#from;
    const shift = this.#base - chunk;
    const end = this.#code.element(chunk + at, this.#root, this.#opaque, shift, entry, number, this.#depth);
    return end === 0 ? 0 : end - chunk;
  }

  /**
   * Ranges of a chunk, whose first place in the window is `base`, put together in one piece: pairs of places that ascend,
   * between two indexes. Undefined if they are too many, or not in memory.
   */
  // oxlint-disable-next-line max-params
  compact(bytes: Uint8Array, base: number, ranges: Int32Array, first: number, behind: number): Uint8Array | undefined {
    const isHere = bytes === this.#chunk && (ranges[first] as number) >= base + this.#from;
    const count = behind - first;
    if (!isHere || (ranges[behind - 1] as number) > base + this.#to || count > RANGES_WORDS) return undefined;
    if (count > FEW_WORDS) this.#words.set(ranges.subarray(first, behind), RANGES / 4);
    else for (let at = 0; at < count; at++) this.#words[RANGES / 4 + at] = ranges[first + at] as number;
    const length = this.#code.compact(count / 2, base + this.#from - INPUT);
    return this.#bytes.slice(OUTPUT, OUTPUT + length);
  }

  /** How many rows the last element made, in words. */
  get rowWords(): number {
    return (this.#words[ROW_COUNT / 4] as number) * ROW;
  }

  get sightedCount(): number {
    return this.#words[ROW_COUNT / 4 + 1] as number;
  }

  /** Of the last element's sighted objects: their entry, their layout, the number of the one they stand in (-1: none). */
  entryOf(number: number): number {
    return this.#words[SIGHTED / 4 + number * SIGHTED_WORDS] as number;
  }

  layoutOf(number: number): Layout {
    const place = this.#words[SIGHTED / 4 + number * SIGHTED_WORDS + 1] as number;
    return this.#layouts[(place - TABLES) / ALIGNED] as Layout;
  }

  aboveOf(number: number): number {
    return this.#words[SIGHTED / 4 + number * SIGHTED_WORDS + 2] as number;
  }

  /** A layout has been made; it is told if the one it follows was. */
  tell(layout: Layout): void {
    if (layout.parent?.passGeneration === this.#generation && !this.#tellOne(layout)) this.forget();
  }

  /** Begins anew: layouts that are still used are told again. */
  forget(): void {
    this.#generation++;
    this.#layouts = [];
    this.#plans = new WeakMap();
    this.#next = TABLES;
  }

  #load(bytes: Uint8Array, from: number): void {
    const length = Math.min(bytes.length - from, INPUT_BYTES);
    this.#bytes.set(from === 0 && length === bytes.length ? bytes : bytes.subarray(from, from + length), INPUT);
    this.#bytes.fill(0, INPUT + length, INPUT + length + 64);
    this.#chunk = bytes;
    this.#from = from;
    this.#to = from + length;
  }

  /** Where a layout without keys stands, told with all that follows it if it was not; 0 if there is no room. */
  #placeOf(empty: Layout): number {
    if (empty.passGeneration === this.#generation) return empty.passPlace;
    const { trie } = empty.plan;
    if (trie.isTooLarge) return 0;
    if (this.#tellOne(empty)) return empty.passPlace;
    this.forget();
    if (this.#tellOne(empty)) return empty.passPlace;
    trie.isTooLarge = true;
    this.forget();
    return 0;
  }

  /** Writes a layout and what follows it. False if there is no room. */
  #tellOne(layout: Layout): boolean {
    const { parent, key, misshapen, once, keyBytes } = layout;
    if (misshapen || once || (key && keyBytes.length === 0)) return true;
    const size = LAYOUT_KEY + Math.ceil(keyBytes.length / ALIGNED) * ALIGNED;
    const place = this.#take(size);
    if (place === 0) return false;
    layout.passPlace = place;
    layout.passGeneration = this.#generation;
    this.#layouts[(place - TABLES) / ALIGNED] = layout;
    const word = place / 4;
    this.#words.fill(0, word, word + size / 4);
    this.#words[word + 4] = keyBytes.length;
    this.#bytes.set(keyBytes, place + LAYOUT_KEY);
    const value = key ? this.#planAt(layout.value) : place;
    if (value === 0) return false;
    this.#words[word] = value;
    if (parent) {
      const above = parent.passPlace / 4;
      this.#words[word + 3] = this.#words[above + 2] as number;
      this.#words[above + 2] = place;
    }
    return layout.children.every((child) => this.#tellOne(child));
  }

  /** Where a plan stands, told with all that it leads to. 0 if there is no room. */
  #planAt(plan: Plan): number {
    const known = this.#plans.get(plan);
    if (known !== undefined) return known;
    const place = this.#take(PLAN_BYTES);
    if (place === 0) return 0;
    this.#plans.set(plan, place);
    const word = place / 4;
    const { object, of } = plan;
    const isObject = plan.kind === OBJECT;
    const root = isObject && object?.mapField === undefined ? object?.trie.root : undefined;
    this.#words[word] = isObject && !root ? NOTHING : plan.kind;
    this.#words[word + 1] = 0;
    this.#words[word + 2] = 0;
    this.#words[word + 3] = plan.leavesNull ? 1 : 0;
    if (root) {
      if (root.passGeneration !== this.#generation && !this.#tellOne(root)) return 0;
      this.#words[word + 1] = root.passPlace;
    }
    if (of) this.#words[word + 2] = this.#planAt(of);
    return of && this.#words[word + 2] === 0 ? 0 : place;
  }

  #take(bytes: number): number {
    const place = this.#next;
    if (place + bytes > TABLES_END) return 0;
    this.#next = place + bytes;
    return place;
  }
}

let made: InnerPass | undefined | 'none';

/** Undefined where nothing may be compiled at run time (some edge runtimes, a content security policy): all goes by `scanner.ts`. */
export function innerPass(): InnerPass | undefined {
  made ??= makePass() ?? 'none';
  return made === 'none' ? undefined : made;
}

function makePass(): InnerPass | undefined {
  try {
    return new InnerPass();
  } catch {
    return undefined;
  }
}
