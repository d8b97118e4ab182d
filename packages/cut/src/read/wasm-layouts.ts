import { type Layout, NOTHING, OBJECT, type Plan } from '../layout/tables.ts';
import {
  ALIGNED,
  LAYOUT_FIRST,
  LAYOUT_KEY,
  LAYOUT_KEY_BYTES,
  LAYOUT_SIBLING,
  LAYOUT_VALUE,
  PLAN_BYTES,
  PLAN_NULL_IF_WITHHELD,
  PLAN_OF,
  PLAN_ROOT,
  PLAN_TYPE,
  TABLES,
  TABLES_END,
} from './wasm-memory.ts';

/**
 * The copy of plans and layouts in the memory of the WebAssembly reader. It is a cache: a trie is copied when its elements are
 * first read and kept up to date by `add`; when the memory is full everything is dropped and `generation` goes up.
 */
export class WasmLayouts {
  generation = 1;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Copied layouts, by (address - TABLES) / ALIGNED. */
  #byAddress: (Layout | undefined)[] = [];
  #planAddresses = new WeakMap<Plan, number>();
  #nextFree = TABLES;

  constructor(bytes: Uint8Array, words: Int32Array) {
    this.#bytes = bytes;
    this.#words = words;
  }

  layoutAt(address: number): Layout {
    return this.#byAddress[(address - TABLES) / ALIGNED] as Layout;
  }

  /** The address of a layout without keys, copied with its trie if it was not; 0 if there is no room. May drop all others. */
  addressOf(empty: Layout): number {
    if (empty.wasmGeneration === this.generation) return empty.wasmAddress;
    const { trie } = empty.plan;
    if (trie.isTooLargeForWasm) return 0;
    if (this.#copyLayout(empty)) return empty.wasmAddress;
    this.reset();
    if (this.#copyLayout(empty)) return empty.wasmAddress;
    trie.isTooLargeForWasm = true;
    this.reset();
    return 0;
  }

  /** Copies a layout that was just created, if its parent is copied. */
  add(layout: Layout): void {
    if (layout.parent?.wasmGeneration === this.generation && !this.#copyLayout(layout)) this.reset();
  }

  /** Drops all copies. Layouts that are still used are copied again. */
  reset(): void {
    this.generation++;
    this.#byAddress = [];
    this.#planAddresses = new WeakMap();
    this.#nextFree = TABLES;
  }

  /** Copies a layout and its descendants. False if there is no room. */
  #copyLayout(layout: Layout): boolean {
    const { parent, key, misshapen, uncachedKeys, keyBytes } = layout;
    if (misshapen || uncachedKeys || (key && keyBytes.length === 0)) return true;
    const size = LAYOUT_KEY + Math.ceil(keyBytes.length / ALIGNED) * ALIGNED;
    const address = this.#allocate(size);
    if (address === 0) return false;
    layout.wasmAddress = address;
    layout.wasmGeneration = this.generation;
    this.#byAddress[(address - TABLES) / ALIGNED] = layout;
    this.#words.fill(0, address / 4, (address + size) / 4);
    this.#write(address + LAYOUT_KEY_BYTES, keyBytes.length);
    this.#bytes.set(keyBytes, address + LAYOUT_KEY);
    const value = key ? this.#addressOfPlan(layout.value) : address;
    if (value === 0) return false;
    this.#write(address + LAYOUT_VALUE, value);
    if (parent) {
      const first = parent.wasmAddress + LAYOUT_FIRST;
      this.#write(address + LAYOUT_SIBLING, this.#words[first / 4] as number);
      this.#write(first, address);
    }
    return layout.children.every((child) => this.#copyLayout(child));
  }

  /** The address of a plan, copied with everything below it if it was not. 0 if there is no room. */
  #addressOfPlan(plan: Plan): number {
    const known = this.#planAddresses.get(plan);
    if (known !== undefined) return known;
    const address = this.#allocate(PLAN_BYTES);
    if (address === 0) return 0;
    this.#planAddresses.set(plan, address);
    const { object, of } = plan;
    const isObject = plan.type === OBJECT;
    const root = isObject && object?.mapField === undefined ? object?.trie.root : undefined;
    this.#write(address + PLAN_TYPE, isObject && !root ? NOTHING : plan.type);
    this.#write(address + PLAN_ROOT, 0);
    this.#write(address + PLAN_OF, 0);
    this.#write(address + PLAN_NULL_IF_WITHHELD, plan.nullIfWithheld ? 1 : 0);
    if (root) {
      if (root.wasmGeneration !== this.generation && !this.#copyLayout(root)) return 0;
      this.#write(address + PLAN_ROOT, root.wasmAddress);
    }
    if (!of) return address;
    const elements = this.#addressOfPlan(of);
    this.#write(address + PLAN_OF, elements);
    return elements === 0 ? 0 : address;
  }

  #write(address: number, word: number): void {
    this.#words[address / 4] = word;
  }

  #allocate(bytes: number): number {
    const address = this.#nextFree;
    if (address + bytes > TABLES_END) return 0;
    this.#nextFree = address + bytes;
    return address;
  }
}
