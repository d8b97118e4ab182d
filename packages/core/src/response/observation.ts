import type { SelectedKey } from '../contract/shape.ts';
import type { JsonNode } from '../wire/json.ts';
import type { Sighting } from '../rules/sighting.ts';

/** A value of a body, matched with its expected shape. */
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
      /** The keys are a field of the objects in the map. */
      readonly keyed: boolean;
    }
  | { readonly type: 'ref'; readonly node: JsonNode; readonly sighting: Sighting }
  | ObservedObject;

export interface ObservedObject {
  readonly type: 'object';
  readonly node: JsonNode & { type: 'object' };
  readonly sighting: Sighting;
  /** One for each member of the node, in order; `key` for a GraphQL selection. */
  readonly members: readonly ObservedMember[];
  /** Index of the field that is this object's key in a map: if it is withheld, the entry is. */
  readonly keyField?: number;
}

export interface ObservedMember {
  /** Index into the sighting's fields; undefined for evidence that was added to the query. */
  readonly field: number | undefined;
  readonly place: ObservedValue;
  readonly key: SelectedKey | undefined;
}

export interface Observation {
  readonly root: ObservedValue;
  /** In document order, an object before the objects in it. */
  readonly sightings: readonly Sighting[];
}
