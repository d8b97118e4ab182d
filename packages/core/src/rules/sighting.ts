import type { Narrow, Resource } from '../contract/compiled.ts';
import type { ObjectShape } from '../contract/shape.ts';
import { own } from '../own.ts';
import type { OwnerRef } from './principal.ts';

/** An owner named by an object. `role` is the contract's `as`; `about` owners are counted and grant no relation. */
export interface SightedOwner {
  readonly owner: OwnerRef;
  readonly role: string | undefined;
  readonly about: boolean;
}

/** One field of one object. */
export interface SightedField {
  /** The field's name, or the key in the body if the resource does not declare it. */
  readonly field: string;
  /** `undeclared`: the resource has no such field. `misshapen`: the value is not what the contract says it is. */
  readonly fault?: 'undeclared' | 'misshapen';
  /** A projection of the operation leaves this field out. */
  readonly outsideProjection: boolean;
}

/** A field of an object, judged by the resource and the projection of its shape. */
export function sightedField(
  resource: Resource | undefined,
  shape: ObjectShape | undefined,
  name: string,
): SightedField {
  if (!resource || !own(resource.fields, name)) return { field: name, fault: 'undeclared', outsideProjection: false };
  return { field: name, outsideProjection: shape?.only !== undefined && !shape.only.includes(name) };
}

/** An object found in a body: its owners, its fields, and the values that conditions read. */
export interface Sighting {
  /** RFC 6901, from the root of the body. */
  readonly pointer: string;
  readonly resource: string;
  readonly owners: readonly SightedOwner[];
  /** The resource has owners, and none was found or one could not be read: nothing of the object may be seen. */
  readonly ownerUnknown: boolean;
  readonly fields: readonly SightedField[];
  /** Only the fields that conditions read, by their names in the contract. In memory only. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** The enclosing object, where the owners are its. */
  readonly parent?: Sighting;
  /** The operation's `narrow`, for every owned object it returns. */
  readonly narrow?: Narrow;
  /** The group behind a statistic is too small, or its size is missing. */
  readonly groupTooSmall: boolean;
}
