import { WHOLE_PLAN } from '../layout/compile-plan.ts';
import type { Layout, Plan } from '../layout/tables.ts';
import type { Sighted } from './tape.ts';

/** What an open container is to the pass. Lists have even numbers, objects odd ones. */
export const OPAQUE_LIST = 0;
export const OPAQUE_OBJECT = 1;
/** An object of which it is not known yet which of several it is. */
export const UNDECIDED = 3;
export const TRACKED_LIST = 4;
export const TRACKED_OBJECT = 5;
export const REFERENCES = 6;
export const TRACKED_MAP = 7;
/** From here on: what stands in it is released piece by piece. */
export const FLOWING_LIST = 8;
export const FLOWING_OBJECT = 9;
export const FLOWING_MAP = 11;

/** Deepest nesting of a body: as `JSON_LIMITS`. */
export const MAX_DEPTH = 64;

/** The open containers, outermost first; one slot for each level, reused. */
export class Frames {
  readonly kind = slots<number>(0);
  /** Entry on the tape; -1 for what stands in a value nobody looks into. */
  readonly entry = slots<number>(0);
  readonly start = slots<number>(0);
  readonly plan: Plan[] = slots<Plan>(WHOLE_PLAN);
  readonly layout: (Layout | undefined)[] = slots<Layout | undefined>(undefined);
  readonly sighted: (Sighted | undefined)[] = slots<Sighted | undefined>(undefined);
  readonly mapKey: (string | undefined)[] = slots<string | undefined>(undefined);
  readonly keys: (Set<string> | undefined)[] = slots<Set<string> | undefined>(undefined);
  /** The keys of a map are a field of the objects below. */
  readonly isKeyed = slots<number>(0);

  /** The deepest level that was opened since the last `forget`. */
  deepest = 0;

  /** Leaves nothing of a body. */
  forget(): void {
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
