import { type JsonNode, type ObservedValue, ownerKey } from '@leakproof/core';
import type { BodyContext } from './body-context.ts';
import { comparableValues } from './comparable-values.ts';
import type { SeenObject } from './seen-object.ts';

/** Keys of the owners of an object, without those it is only about. */
export const ownersOf = ({ sighting }: Pick<SeenObject, 'sighting'>): string[] =>
  sighting.owners.filter((each) => !each.about).map((each) => ownerKey(each.owner));

/** Whether objects with fields of their own are in the value. */
export function isContainer(value: ObservedValue): boolean {
  if (value.type === 'list') return value.items.some(isContainer) || value.items.some((item) => item.type === 'object');
  return value.type === 'object' || value.type === 'map';
}

/**
 * The comparable values of a member. Those of a container are the owners of the objects in it, since a list of followers is
 * data even if it contains nothing else of the followers; if there are none, the strings in it.
 */
export function valuesOfMember(context: BodyContext, value: ObservedValue, node: JsonNode): string[] {
  if (!isContainer(value)) return comparableValues(context.json, node);
  const owned = ownedObjectsIn(context, value);
  return owned.length > 0 ? owned : stringsIn(context, value);
}

function ownedObjectsIn(context: BodyContext, value: ObservedValue): string[] {
  if (value.type !== 'object') return childrenOf(value).flatMap((child) => ownedObjectsIn(context, child));
  const owner = context.contract.resources[value.sighting.resource]?.owner;
  if (owner === 'none') return childrenOf(value).flatMap((child) => ownedObjectsIn(context, child));
  return owner === 'parent' ? [] : ownersOf(value).map((key) => `${value.sighting.resource} of ${key}`);
}

function stringsIn(context: BodyContext, value: ObservedValue): string[] {
  if (value.type === 'object' && context.contract.resources[value.sighting.resource]?.owner !== 'none') return [];
  return childrenOf(value).flatMap((child, index) => {
    if (child.type !== 'whole') return stringsIn(context, child);
    const isTypename = value.type === 'object' && value.node.members[index]?.key === '__typename';
    return child.node.type === 'string' && !isTypename ? comparableValues(context.json, child.node) : [];
  });
}

function childrenOf(value: ObservedValue): readonly ObservedValue[] {
  switch (value.type) {
    case 'list':
      return value.items;
    case 'map':
      return value.entries;
    case 'object':
      return value.members.map((member) => member.place);
    case 'ref':
    case 'whole':
    case 'misshapen':
      return [];
  }
}
