export { createCut, type CutOptions, type CutPlan } from './create-cut.ts';
export type { Cut, Refused, Released, Step } from './step.ts';
