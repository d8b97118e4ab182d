import type { Answer } from '../call.ts';
import { ACCOUNT_ANSWERS } from './account-answers.ts';
import { ADMIN_ANSWERS } from './admin-answers.ts';
import { CHANGE_ANSWERS } from './change-answers.ts';
import { ORG_ANSWERS } from './org-answers.ts';
import { PUBLIC_ANSWERS } from './public-answers.ts';
import { RIDE_ANSWERS } from './ride-answers.ts';
import { USER_ANSWERS } from './user-answers.ts';
import { WORKOUT_ANSWERS } from './workout-answers.ts';

/** One answer for each REST door, by its operation. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  ...ACCOUNT_ANSWERS,
  ...ADMIN_ANSWERS,
  ...CHANGE_ANSWERS,
  ...ORG_ANSWERS,
  ...PUBLIC_ANSWERS,
  ...RIDE_ANSWERS,
  ...USER_ANSWERS,
  ...WORKOUT_ANSWERS,
};
