export { createCut } from './create-cut.ts';
export type { CutOptions, CutPlan } from './cut-options.ts';
export type { Admission, Cut, Refused, Released, Step } from './step.ts';
