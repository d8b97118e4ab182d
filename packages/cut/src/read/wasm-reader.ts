import type { Layout } from '../layout/tables.ts';
import { ROW_WORDS } from './tape.ts';
import { WASM_CODE } from './wasm-code.gen.ts';
import { WasmLayouts } from './wasm-layouts.ts';
import {
  INPUT,
  INPUT_BYTES,
  OUTPUT,
  RANGES,
  RANGES_WORDS,
  ROW_COUNT,
  ROWS,
  SIGHTED,
  SIGHTED_COUNT,
  SIGHTED_WORDS,
  TABLES,
} from './wasm-memory.ts';

/** Up to this length a loop copies words faster than `set`. */
const MAX_LOOP_WORDS = 64;
/** Zeros past the input: a vector load past the end reads nothing that is part of a JSON token. */
const PADDING_BYTES = 64;

interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  // oxlint-disable-next-line max-params -- a WebAssembly function takes numbers only
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

/** What `read` has to know of a sequence of elements. */
export interface ReadStart {
  /** The layout without keys of the elements. */
  readonly empty: Layout;
  /** The layout without keys of opaque objects. */
  readonly opaque: Layout;
  /** The chunk that contains them, and its offset in the window. */
  readonly bytes: Uint8Array;
  readonly base: number;
  /** Open containers around them. */
  readonly depth: number;
}

/**
 * Reads elements that match a known layout, in WebAssembly (`wasm/`, docs/decisions/0005). Its memory holds the current chunk and
 * a copy of the layouts. One instance serves all cuts: a push runs to its end without yielding.
 */
export class WasmReader {
  /** Rows of the last element read, in the form of the tape. */
  readonly rows: Int32Array;
  readonly #code: WasmExports;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #layouts: WasmLayouts;
  /** The chunk of which the memory holds the bytes between two indexes. */
  #chunk: Uint8Array | undefined;
  #loadedFrom = 0;
  #loadedTo = 0;
  /** What `begin` set for the elements that follow. */
  #begunGeneration = 0;
  #root = 0;
  #opaque = 0;
  #base = 0;
  #depth = 0;

  constructor() {
    const module = new WebAssembly.Module(Uint8Array.from(atob(WASM_CODE), (char) => char.charCodeAt(0)));
    this.#code = new WebAssembly.Instance(module).exports as WasmExports;
    const { buffer } = this.#code.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#layouts = new WasmLayouts(this.#bytes, this.#words);
    this.rows = new Int32Array(buffer, ROWS, (TABLES - ROWS) / 4);
  }

  /** False if these elements cannot be read here: their layouts do not fit into memory. */
  begin(start: ReadStart): boolean {
    const layouts = this.#layouts;
    const { empty, opaque, bytes, base, depth } = start;
    this.#opaque = layouts.addressOf(opaque);
    this.#root = layouts.addressOf(empty);
    // Copying the second may have dropped the first.
    if (this.#root === 0 || this.#opaque === 0 || opaque.wasmGeneration !== layouts.generation) return false;
    if (bytes !== this.#chunk) this.#load(bytes, 0);
    this.#base = base;
    this.#depth = depth;
    this.#begunGeneration = layouts.generation;
    return true;
  }

  /**
   * Reads the object at the index `at` of the chunk. Returns its end, or 0 if it is incomplete or matches no known layout. `entry`
   * and `number`: where its rows and sighted objects will be on the tape.
   */
  read(at: number, entry: number, number: number): number {
    const bytes = this.#chunk;
    // The layouts were reset after `begin`: its addresses are stale.
    if (!bytes || this.#begunGeneration !== this.#layouts.generation) return 0;
    let end = at < this.#loadedTo ? this.#run(at, entry, number) : 0;
    if (end === 0 && this.#loadedTo < bytes.length && at > this.#loadedFrom) {
      this.#load(bytes, at);
      end = this.#run(at, entry, number);
    }
    return end;
  }

  #run(at: number, entry: number, number: number): number {
    const chunk = INPUT - this.#loadedFrom;
    const shift = this.#base - chunk;
    const end = this.#code.element(chunk + at, this.#root, this.#opaque, shift, entry, number, this.#depth);
    return end === 0 ? 0 : end - chunk;
  }

  /** The length of the last element's rows, in words. */
  get rowWords(): number {
    return (this.#words[ROW_COUNT / 4] as number) * ROW_WORDS;
  }

  get sightedCount(): number {
    return this.#words[SIGHTED_COUNT / 4] as number;
  }

  /** The entry of the last element's sighted object `number`. */
  entryOf(number: number): number {
    return this.#words[SIGHTED / 4 + number * SIGHTED_WORDS] as number;
  }

  layoutOf(number: number): Layout {
    return this.#layouts.layoutAt(this.#words[SIGHTED / 4 + number * SIGHTED_WORDS + 1] as number);
  }

  /** The number of the object that contains it; -1 if none does. */
  parentOf(number: number): number {
    return this.#words[SIGHTED / 4 + number * SIGHTED_WORDS + 2] as number;
  }

  addLayout(layout: Layout): void {
    this.#layouts.add(layout);
  }

  resetLayouts(): void {
    this.#layouts.reset();
  }

  /**
   * Joins ascending ranges of the chunk `bytes`, whose offset in the window is `base`: pairs of window offsets in `ranges`, from
   * index `first` to before `end`. Undefined if there are too many, or the chunk is not in memory.
   */
  // oxlint-disable-next-line max-params -- an object here would be one more for each chunk released
  compact(bytes: Uint8Array, base: number, ranges: Int32Array, first: number, end: number): Uint8Array | undefined {
    const isLoaded = bytes === this.#chunk && (ranges[first] as number) >= base + this.#loadedFrom;
    const count = end - first;
    if (!isLoaded || (ranges[end - 1] as number) > base + this.#loadedTo || count > RANGES_WORDS) return undefined;
    if (count > MAX_LOOP_WORDS) this.#words.set(ranges.subarray(first, end), RANGES / 4);
    else for (let at = 0; at < count; at++) this.#words[RANGES / 4 + at] = ranges[first + at] as number;
    const length = this.#code.compact(count / 2, base + this.#loadedFrom - INPUT);
    return this.#bytes.slice(OUTPUT, OUTPUT + length);
  }

  #load(bytes: Uint8Array, from: number): void {
    const length = Math.min(bytes.length - from, INPUT_BYTES);
    this.#bytes.set(from === 0 && length === bytes.length ? bytes : bytes.subarray(from, from + length), INPUT);
    this.#bytes.fill(0, INPUT + length, INPUT + length + PADDING_BYTES);
    this.#chunk = bytes;
    this.#loadedFrom = from;
    this.#loadedTo = from + length;
  }
}

let shared: WasmReader | undefined | 'unavailable';

/** Undefined where code may not be compiled at run time (some edge runtimes, a content security policy): `scanner.ts` reads all. */
export function wasmReader(): WasmReader | undefined {
  shared ??= createReader() ?? 'unavailable';
  return shared === 'unavailable' ? undefined : shared;
}

function createReader(): WasmReader | undefined {
  try {
    return new WasmReader();
  } catch {
    return undefined;
  }
}
