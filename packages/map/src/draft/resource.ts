import type { Place } from '../evidence/value-tree.ts';

/** A path from an object to the id of an owner, in steps. */
export type Path = readonly string[];

/** A resource to be drafted: objects that are one kind of thing, wherever they are returned. */
export interface DraftResource {
  readonly name: string;
  readonly places: readonly Place[];
  readonly idField: string | undefined;
  /** Its objects are people (or what else a principal is): the owner is the object itself. */
  readonly isPrincipal: boolean;
  /** `parent`: it is part of an object that has owners. */
  readonly owners: readonly Path[] | 'none' | 'parent';
}
