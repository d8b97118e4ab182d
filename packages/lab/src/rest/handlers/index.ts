import type { Handler } from '../call.ts';
import { ACCOUNT_HANDLERS } from './account-handlers.ts';
import { ADMIN_HANDLERS } from './admin-handlers.ts';
import { WRITE_HANDLERS } from './write-handlers.ts';
import { ORG_HANDLERS } from './org-handlers.ts';
import { PUBLIC_HANDLERS } from './public-handlers.ts';
import { RIDE_HANDLERS } from './ride-handlers.ts';
import { USER_HANDLERS } from './user-handlers.ts';
import { WORKOUT_HANDLERS } from './workout-handlers.ts';

/** The handler of each REST operation, by its name. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  ...ACCOUNT_HANDLERS,
  ...ADMIN_HANDLERS,
  ...WRITE_HANDLERS,
  ...ORG_HANDLERS,
  ...PUBLIC_HANDLERS,
  ...RIDE_HANDLERS,
  ...USER_HANDLERS,
  ...WORKOUT_HANDLERS,
};
