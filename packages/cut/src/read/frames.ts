import { ANY_PLAN } from '../layout/compile-plan.ts';
import type { Layout, Plan } from '../layout/tables.ts';
import type { SightedObject } from './sighted-object.ts';

/** Types of open containers: even numbers for lists, odd ones for objects. Nothing in an opaque one is written to the tape. */
export const OPAQUE_LIST = 0;
export const OPAQUE_OBJECT = 1;
/** An object whose discriminator was not read yet. */
export const UNDECIDED = 3;
export const TRACKED_LIST = 4;
export const TRACKED_OBJECT = 5;
export const REFERENCE_LIST = 6;
export const TRACKED_MAP = 7;
/** From here on: its elements or members are released one by one. */
export const STREAMED_LIST = 8;
export const STREAMED_OBJECT = 9;
export const STREAMED_MAP = 11;

/** The deepest nesting of a body, as in `JSON_LIMITS` of core. */
export const MAX_DEPTH = 64;

/** The stack of open containers: one slot for each level, reused. Level 0 is the document. */
export class Frames {
  readonly type = slots<number>(0);
  /** The entry on the tape; -1 if it has none: streamed, or within an opaque value. */
  readonly entry = slots<number>(0);
  /** Window offset. */
  readonly start = slots<number>(0);
  readonly plan: Plan[] = slots<Plan>(ANY_PLAN);
  readonly layout: (Layout | undefined)[] = slots<Layout | undefined>(undefined);
  readonly sighted: (SightedObject | undefined)[] = slots<SightedObject | undefined>(undefined);
  readonly mapKey: (string | undefined)[] = slots<string | undefined>(undefined);
  readonly keys: (Set<string> | undefined)[] = slots<Set<string> | undefined>(undefined);
  /** 1 for a map with `keyed`. */
  readonly isKeyed = slots<number>(0);

  /** The deepest level that was open since the last `reset`. */
  deepest = 0;

  /** Drops all references to values of the body. */
  reset(): void {
    for (let level = 0; level <= this.deepest; level++) {
      this.layout[level] = undefined;
      this.sighted[level] = undefined;
      this.mapKey[level] = undefined;
      this.keys[level] = undefined;
    }
    this.deepest = 0;
  }
}

function slots<T>(value: T): T[] {
  return Array.from({ length: MAX_DEPTH + 2 }, () => value);
}
