import type { Resource } from '../contract/compiled.ts';
import type { ObjectShape } from '../contract/shape.ts';
import { own } from '../own.ts';
import type { Narrow } from '../contract/compiled.ts';
import type { OwnerRef } from './principal.ts';

/** An owner as an object names it. `role` is the contract's `as`; `about` owners are counted, and ground nothing. */
export interface SightedOwner {
  readonly owner: OwnerRef;
  readonly role: string | undefined;
  readonly about: boolean;
}

/** One field of one object, where it stands. */
export interface SightedField {
  /** The field's name, or the key as it stands if the resource does not know it. */
  readonly field: string;
  /** `undeclared`: the resource has no such field. `misshapen`: the value is not what the contract says it is. */
  readonly fault?: 'undeclared' | 'misshapen';
  /** The contract says that this place needs no more. */
  readonly outsideProjection: boolean;
}

/** A field of an object at a place whose shape needs only some of them. */
export function sightedField(
  resource: Resource | undefined,
  shape: ObjectShape | undefined,
  name: string,
): SightedField {
  if (!resource || !own(resource.fields, name)) return { field: name, fault: 'undeclared', outsideProjection: false };
  return { field: name, outsideProjection: shape?.only !== undefined && !shape.only.includes(name) };
}

/** Whose object was seen, which of its fields, and what the object itself says that conditions may read. */
export interface Sighting {
  /** RFC 6901, from the root of the body. */
  readonly pointer: string;
  readonly resource: string;
  readonly owners: readonly SightedOwner[];
  /** The resource has owners, and none was found, or one that is no id: nothing of it may be seen. */
  readonly ownerUnknown: boolean;
  readonly fields: readonly SightedField[];
  /** Only the fields that conditions read, by their names in the contract. In memory only. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** The object it stands in, where it has no owners of its own. */
  readonly parent?: Sighting;
  /** What the operation narrows further for every owned object it returns. */
  readonly narrow?: Narrow;
  /** The crowd behind a statistic is too small, or not given. */
  readonly groupTooSmall: boolean;
}
