import type { Answer } from '../call.ts';
import { ACCOUNT_ANSWERS } from './account-answers.ts';
import { PUBLIC_ANSWERS } from './public-answers.ts';
import { USER_ANSWERS } from './user-answers.ts';
import { WORKOUT_ANSWERS } from './workout-answers.ts';

/** One answer for each REST door, by its operation. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  ...ACCOUNT_ANSWERS,
  ...USER_ANSWERS,
  ...WORKOUT_ANSWERS,
  ...PUBLIC_ANSWERS,
};
