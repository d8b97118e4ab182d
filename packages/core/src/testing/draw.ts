import fc, { type GeneratorValue } from 'fast-check';

/** Draws values one after the other; every draw is fast-check's own, so that a failure shrinks and its seed repeats it. */
export interface Draw {
  /** True about once in `outOf` times; shrinks to false. */
  readonly oneIn: (outOf: number) => boolean;
  /** From 0 to `max`, both included; shrinks to 0. */
  readonly upTo: (max: number) => number;
  /** One of `choices`; shrinks to the first. */
  readonly oneOf: <T>(choices: readonly [T, ...T[]]) => T;
  /** Some of `choices`, in their order; shrinks to none. */
  readonly someOf: <T>(choices: readonly T[]) => T[];
}

export function drawFrom(gen: GeneratorValue): Draw {
  const upTo = (max: number): number => gen(fc.nat, max);
  const oneIn = (outOf: number): boolean => upTo(outOf - 1) === outOf - 1;
  return {
    upTo,
    oneIn,
    oneOf: (choices) => choices[upTo(choices.length - 1)] ?? choices[0],
    someOf: (choices) => choices.filter(() => oneIn(2)),
  };
}
