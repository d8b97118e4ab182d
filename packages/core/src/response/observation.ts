import type { SelectedKey } from '../contract/shape.ts';
import type { JsonNode } from '../wire/json.ts';
import type { Sighting } from '../rules/sighting.ts';

/** A body laid beside the shape it should have. */
export type ObservedValue =
  | { readonly type: 'whole'; readonly node: JsonNode }
  | { readonly type: 'misshapen'; readonly node: JsonNode; readonly pointer: string }
  | {
      readonly type: 'list';
      readonly node: JsonNode & { type: 'array' };
      readonly items: readonly ObservedValue[];
      readonly gone: 'remove' | 'null';
    }
  | {
      readonly type: 'map';
      readonly node: JsonNode & { type: 'object' };
      readonly entries: readonly ObservedValue[];
      /** The keys are a field of the objects below. */
      readonly keyed: boolean;
    }
  | { readonly type: 'ref'; readonly node: JsonNode; readonly sighting: Sighting }
  | ObservedObject;

export interface ObservedObject {
  readonly type: 'object';
  readonly node: JsonNode & { type: 'object' };
  readonly sighting: Sighting;
  /** One for each member of the node, in order; `key` where a GraphQL selection says more. */
  readonly members: readonly ObservedMember[];
  /** The id under which a map lists this object, as a field of it: withheld, it takes the whole entry. */
  readonly keyField?: number;
}

export interface ObservedMember {
  /** Index into the sighting's fields; undefined for what was added for evidence. */
  readonly field: number | undefined;
  readonly place: ObservedValue;
  readonly key: SelectedKey | undefined;
}

export interface Observation {
  readonly root: ObservedValue;
  /** In document order, an object before what stands in it. */
  readonly sightings: readonly Sighting[];
}
