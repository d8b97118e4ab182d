export type { Answer } from './answers/answer.ts';
export { readAnswers } from './answers/read-answers.ts';
export { classify, type FieldNames } from './classify/classify.ts';
export { CLASSES } from './classify/classes.ts';
export type { DataClass } from './classify/data-class.ts';
export { draft } from './draft/draft.ts';
export type {
  Draft,
  DraftCaller,
  DraftedRule,
  DraftFacts,
  LeftOut,
  OwnerGrade,
  Question,
} from './draft/draft-types.ts';
export {
  firstLook,
  type DeclaredOpen,
  type FirstLook,
  type OpenOperation,
  type PersonalField,
} from './first-look/first-look.ts';
export { knownFromDraft } from './draft/facts.ts';
export type { Evidence, Identity } from './evidence/evidence.ts';
