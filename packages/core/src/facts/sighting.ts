import type { Narrow } from '../contract/compiled.ts';
import type { SelectedKey } from '../contract/shape.ts';
import type { JsonNode } from '../wire/json.ts';
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
  readonly crowdTooSmall: boolean;
}

/** A body laid beside the shape it should have. */
export type Place =
  | { readonly is: 'whole'; readonly node: JsonNode }
  | { readonly is: 'misshapen'; readonly node: JsonNode; readonly pointer: string }
  | {
      readonly is: 'list';
      readonly node: JsonNode & { type: 'array' };
      readonly items: readonly Place[];
      readonly gone: 'remove' | 'null';
    }
  | {
      readonly is: 'map';
      readonly node: JsonNode & { type: 'object' };
      readonly entries: readonly Place[];
      /** The keys are a field of the objects below. */
      readonly keyed: boolean;
    }
  | { readonly is: 'ref'; readonly node: JsonNode; readonly sighting: Sighting }
  | ObjectPlace;

export interface ObjectPlace {
  readonly is: 'object';
  readonly node: JsonNode & { type: 'object' };
  readonly sighting: Sighting;
  /** One for each member of the node, in order; `key` where a GraphQL selection says more. */
  readonly members: readonly MemberPlace[];
  /** The id under which a map lists this object, as a field of it: withheld, it takes the whole entry. */
  readonly keyField?: number;
}

export interface MemberPlace {
  /** Index into the sighting's fields; undefined for what was added for evidence. */
  readonly field: number | undefined;
  readonly place: Place;
  readonly key: SelectedKey | undefined;
}

export interface Observation {
  readonly root: Place;
  /** In document order, an object before what stands in it. */
  readonly sightings: readonly Sighting[];
}
