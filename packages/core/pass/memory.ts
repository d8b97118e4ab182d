// Where everything stands in the memory that the pass shares with `src/facts/stream/pass-memory.ts`, which says the same.

/** The chunk in hand, and at least 64 bytes of zero behind it: no token of JSON holds one, so none is read beyond its end. */
export const INPUT: usize = 0x10000;
/** Objects sighted: entry, layout, number of the object it stands in (-1: none). */
export const SIGHTED: usize = 0x30000;
export const SIGHTED_BYTES: usize = 12;
export const MAX_SIGHTED: i32 = 4096;
/** Rows of the tape, as `tape.ts` has them. */
export const ROWS: usize = 0x40000;
export const ROW_BYTES: usize = 24;
export const ROW_WORDS: i32 = 6;
export const MAX_ROWS: i32 = 8192;
/** How many rows and sighted objects the last element made. */
export const ROW_COUNT: usize = 0xa000;
export const SIGHTED_COUNT: usize = 0xa004;
/** Open containers: kind, layout or plan, row, number of the sighted object. */
export const FRAMES: usize = 0x8000;
export const FRAME_BYTES: usize = 16;
/** Layouts of the objects of values nobody looks into. */
export const OPAQUE: usize = 0x9000;
export const MAX_DEPTH: i32 = 64;

/** Columns of a row, in bytes. */
export const KEY_AT: usize = 0;
export const AT: usize = 4;
export const END: usize = 8;
export const NEXT: usize = 12;
export const IS: usize = 16;
export const NUMBER: usize = 20;

/** What stands at a row. */
export const IS_WHOLE: i32 = 0;
export const IS_OBJECT: i32 = 2;
export const IS_LIST: i32 = 3;

/** A plan: its kind, the layout without keys of an object, the plan of a list's elements, 1 if what goes leaves null. */
export const PLAN_KIND: usize = 0;
export const PLAN_ROOT: usize = 4;
export const PLAN_OF: usize = 8;
export const PLAN_LEAVES_NULL: usize = 12;

/** Kinds of plan, as `tables.ts` has them. */
export const WHOLE: i32 = 0;
export const PLAIN: i32 = 1;
export const NOTHING: i32 = 2;
export const LIST: i32 = 4;
export const OBJECT: i32 = 7;

/** A layout: the plan of its last key's value, the children that follow, and its last key as it stands, colon and all. */
export const LAYOUT_VALUE: usize = 0;
export const LAYOUT_LIKELY: usize = 4;
export const LAYOUT_FIRST: usize = 8;
export const LAYOUT_SIBLING: usize = 12;
export const LAYOUT_KEY_BYTES: usize = 16;
export const LAYOUT_KEY: usize = 32;
/** Children that are tried one by one. */
export const FEW: i32 = 6;

/** Ranges of the chunk that stay, pairs of places in the window, and where they are put together. */
export const RANGES: usize = 0x270000;
export const OUTPUT: usize = 0x280000;
