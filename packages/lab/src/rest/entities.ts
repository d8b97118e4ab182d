import type { RequestContext } from '../server/authorizer.ts';
import type { Member } from '../store/member.ts';
import type { Projection } from '../surface/operation.ts';
import { settingValue, userValue } from '../values/user-values.ts';
import { graphValue, type OwnedWorkout, workoutValue } from '../values/workout-values.ts';
import { Entity, type Tree } from './render.ts';

interface Extra {
  /** Properties of the entity that no rule protects, or that hold entities of their own. */
  readonly extra?: Readonly<Record<string, Tree>>;
}

export const userEntity = (context: RequestContext, projection: Projection, member: Member): Entity =>
  new Entity({ projection, owner: member, values: (field) => userValue(member, field, context) });

export const settingsEntity = (projection: Projection, member: Member): Entity =>
  new Entity({ projection, owner: member, values: (field) => settingValue(member, field) });

export const workoutEntity = (
  { store }: RequestContext,
  projection: Projection,
  { workout, owner, extra }: OwnedWorkout & Extra,
): Entity =>
  new Entity({ projection, owner, values: (field) => workoutValue({ workout, owner }, field, store), extra });

export const graphEntity = (
  { store }: RequestContext,
  projection: Projection,
  { workout, owner, extra }: OwnedWorkout & Extra,
): Entity => new Entity({ projection, owner, values: (field) => graphValue({ workout, owner }, field, store), extra });

/** The envelope of a list that has an owner: `fields` are protected as the owner's, `extra` is not. */
export const listEntity = (
  projection: Projection,
  owner: Member,
  { fields, extra }: Extra & { readonly fields: Readonly<Record<string, Tree>> },
): Entity => new Entity({ projection, owner, values: (field) => fields[field], extra });
