import type { Asking } from '../server/gate.ts';
import type { Member } from '../store/member.ts';
import type { Workout } from '../store/store.ts';
import type { Sight } from '../surface/door.ts';
import { settingValue, userValue } from '../values/user-values.ts';
import { graphValue, workoutValue } from '../values/workout-values.ts';
import { Entity, type Tree } from './render.ts';

export const userEntity = (asking: Asking, sight: Sight, member: Member): Entity =>
  new Entity(sight, member, (field) => userValue(member, field, asking));

export const settingsEntity = (sight: Sight, member: Member): Entity =>
  new Entity(sight, member, (field) => settingValue(member, field));

export const workoutEntity = (
  { store }: Asking,
  sight: Sight,
  { workout, owner }: { readonly workout: Workout; readonly owner: Member },
  beside: Readonly<Record<string, Tree>> = {},
): Entity => new Entity(sight, owner, (field) => workoutValue(workout, owner, field, store), beside);

export const graphEntity = (
  { store }: Asking,
  sight: Sight,
  { workout, owner }: { readonly workout: Workout; readonly owner: Member },
  beside: Readonly<Record<string, Tree>>,
): Entity => new Entity(sight, owner, (field) => graphValue(workout, owner, field, store), beside);

/** The envelope of a list that belongs to somebody: `fields` are the owner's, the rest is plain. */
export const listEntity = (
  sight: Sight,
  owner: Member,
  fields: Readonly<Record<string, Tree>>,
  beside: Readonly<Record<string, Tree>>,
): Entity => new Entity(sight, owner, (field) => fields[field], beside);
