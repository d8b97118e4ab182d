// Where everything stands in the memory shared with the WebAssembly reader, in bytes. `npm run wasm` writes these numbers, and
// those of the tape, the plans and the layouts, into wasm/memory.gen.ts.

/** How many rows the last element made, and, in the word behind it, how many sighted objects. */
export const ROW_COUNT = 0xa000;
export const SIGHTED_COUNT = ROW_COUNT + 4;

/** Open containers: kind, layout or plan, row, number of the sighted object. */
export const FRAMES = 0x8000;
export const FRAME_BYTES = 16;
export const MAX_DEPTH = 64;
/** Layouts of the objects of values nobody looks into, by depth. */
export const OPAQUE = 0x9000;

/** The chunk in hand, and at least 64 bytes of zero behind it: no token of JSON holds one, so none is read beyond its end. */
export const INPUT = 0x10000;
export const INPUT_BYTES = 0x20000 - 64;

/** Objects sighted: entry, layout, number of the object it stands in (-1: none). */
export const SIGHTED = 0x30000;
export const SIGHTED_WORDS = 3;
export const MAX_SIGHTED = 4096;

/** Rows of the tape, in the form of `tape.ts`. */
export const ROWS = 0x40000;
export const MAX_ROWS = 8192;

/** Layouts and plans, each at a multiple of `ALIGNED`. */
export const TABLES = 0x70000;
export const TABLES_END = 0x270000;
export const ALIGNED = 16;

/** A plan: its kind, the layout without keys of an object, the plan of a list's elements, 1 if a withheld element leaves null. */
export const PLAN_KIND = 0;
export const PLAN_ROOT = 4;
export const PLAN_OF = 8;
export const PLAN_LEAVES_NULL = 12;
export const PLAN_BYTES = 16;

/** A layout: the plan of its last key's value, the children that follow, and its last key as it stands, colon and all. */
export const LAYOUT_VALUE = 0;
export const LAYOUT_LIKELY = 4;
export const LAYOUT_FIRST = 8;
export const LAYOUT_SIBLING = 12;
export const LAYOUT_KEY_BYTES = 16;
export const LAYOUT_KEY = 32;

/** Ranges of the chunk that stay, pairs of places in the window, and where they are put together. */
export const RANGES = 0x270000;
export const RANGES_WORDS = 0x10000 / 4;
export const OUTPUT = 0x280000;
