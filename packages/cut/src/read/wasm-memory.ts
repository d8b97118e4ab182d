// Byte addresses in the memory shared with the WebAssembly reader. `npm run wasm` writes these numbers, and those of the tape,
// the plans and the layouts, into wasm/memory.gen.ts.

/** Two words: the rows and the sighted objects of the last element. */
export const ROW_COUNT = 0xa000;
export const SIGHTED_COUNT = ROW_COUNT + 4;

/** Open containers: layout, plan of the elements, row, number of the sighted object. */
export const FRAMES = 0x8000;
export const FRAME_BYTES = 16;
export const MAX_DEPTH = 64;
/** The layouts of open objects in an opaque value, by depth. */
export const OPAQUE = 0x9000;

/** The current chunk, then at least 64 zero bytes: no JSON token contains one, so no token extends past the chunk. */
export const INPUT = 0x10000;
export const INPUT_BYTES = 0x20000 - 64;

/** Sighted objects: entry, layout, number of the object that contains it (-1: none). */
export const SIGHTED = 0x30000;
export const SIGHTED_WORDS = 3;
export const MAX_SIGHTED = 4096;

/** Rows of the tape, as in `tape.ts`. */
export const ROWS = 0x40000;
export const MAX_ROWS = 8192;

/** Layouts and plans, each at a multiple of `ALIGNED`. */
export const TABLES = 0x70000;
export const TABLES_END = 0x270000;
export const ALIGNED = 16;

/** A plan: its type, an object's layout without keys, the plan of a list's elements, 1 if a withheld element becomes null. */
export const PLAN_TYPE = 0;
export const PLAN_ROOT = 4;
export const PLAN_OF = 8;
export const PLAN_NULL_IF_WITHHELD = 12;
export const PLAN_BYTES = 16;

/** A layout: the plan of its last key's value, its likely and first child, its next sibling, its last key with quotes and colon. */
export const LAYOUT_VALUE = 0;
export const LAYOUT_LIKELY = 4;
export const LAYOUT_FIRST = 8;
export const LAYOUT_SIBLING = 12;
export const LAYOUT_KEY_BYTES = 16;
export const LAYOUT_KEY = 32;

/** Ranges of the chunk to join, as pairs of window offsets, and the joined bytes. */
export const RANGES = 0x270000;
export const RANGES_WORDS = 0x10000 / 4;
export const OUTPUT = 0x280000;
