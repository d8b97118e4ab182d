import {
  type CompiledContract,
  type JsonNode,
  type JsonText,
  type ObservedMember,
  type ObservedObject,
  ownerKey,
  type ObservedValue,
} from '@leakproof/core';
import type { SeenObject, SeenField } from './seen.ts';
import { isDistinctive, textsOf } from './value-text.ts';

export interface Sight {
  readonly contract: CompiledContract;
  readonly json: JsonText;
}

interface At {
  readonly pointer: string;
  readonly within: SeenObject['within'];
  readonly mapKey?: string | undefined;
}

/** Every object of an observed body, in document order, an object before what stands in it. */
export function see(sight: Sight, root: ObservedValue, pointer = ''): SeenObject[] {
  const found: SeenObject[] = [];
  visit(sight, root, { pointer, within: undefined }, found);
  return found;
}

function visit(sight: Sight, place: ObservedValue, at: At, found: SeenObject[]): void {
  switch (place.type) {
    case 'whole':
    case 'misshapen':
      return;
    case 'list':
      for (const item of place.items) visit(sight, item, { ...at, pointer: `${at.pointer}/*` }, found);
      return;
    case 'map':
      place.entries.forEach((entry, index) =>
        visit(sight, entry, { ...at, pointer: `${at.pointer}/*`, mapKey: place.node.members[index]?.key }, found),
      );
      return;
    case 'ref': {
      const { sighting, node } = place;
      const [field] = sighting.fields;
      const texts = textsOf(sight.json, node);
      const fields = field ? [seenField({ index: 0, field: field.field, at: at.pointer, texts })] : [];
      found.push({ sighting, at: at.pointer, owners: ownersOf(place), objectId: texts[0], fields, within: at.within });
      return;
    }
    case 'object':
      visitObject(sight, place, at, found);
  }
}

function visitObject(sight: Sight, place: ObservedObject, at: At, found: SeenObject[]): void {
  const { sighting } = place;
  const resource = sight.contract.resources[sighting.resource];
  const fields: SeenField[] = [];
  let objectId: string | undefined;
  place.members.forEach((member, index) => {
    const node = place.node.members[index];
    if (!node || member.field === undefined) return;
    const name = sighting.fields[member.field]?.field ?? node.key;
    const texts = textsAt(sight, member, node.value);
    if (name === resource?.id) objectId = texts[0];
    const pointer = `${at.pointer}/${stepOf(sight, sighting.resource, name, node.key)}`;
    fields.push(
      seenField({ index: member.field, field: name, at: pointer, texts, isContainer: isContainer(member.place) }),
    );
  });
  if (place.keyField !== undefined && at.mapKey !== undefined) {
    const name = sighting.fields[place.keyField]?.field ?? '';
    if (name === resource?.id) objectId ??= at.mapKey;
    fields.push(seenField({ index: place.keyField, field: name, at: `${at.pointer}/${name}`, texts: [at.mapKey] }));
  }
  const seen: SeenObject = { sighting, at: at.pointer, owners: ownersOf(place), objectId, fields, within: at.within };
  found.push(seen);
  place.members.forEach((member, index) => {
    const node = place.node.members[index];
    const field = fields.find((each) => each.index === member.field);
    if (node && field) visit(sight, member.place, { pointer: field.at, within: { seen, field: member.field } }, found);
  });
}

interface FieldDraft {
  readonly index: number;
  readonly field: string;
  readonly at: string;
  readonly texts: readonly string[];
  readonly isContainer?: boolean;
}

function seenField(draft: FieldDraft): SeenField {
  return {
    ...draft,
    isContainer: draft.isContainer ?? false,
    isTelling: draft.texts.some(isDistinctive),
  };
}

const ownersOf = ({ sighting }: { readonly sighting: SeenObject['sighting'] }): string[] =>
  sighting.owners.filter((each) => !each.about).map((each) => ownerKey(each.owner));

function isContainer(place: ObservedValue): boolean {
  if (place.type === 'list') return place.items.some(isContainer) || place.items.some((item) => item.type === 'object');
  return place.type === 'object' || place.type === 'map';
}

/**
 * A list of people says which people: a follower list is data even where nothing else of the followers is told. What holds
 * nobody says the words in it.
 */
function textsAt(sight: Sight, member: ObservedMember, node: JsonNode): string[] {
  if (!isContainer(member.place)) return textsOf(sight.json, node);
  const people = objectsIn(sight, member.place);
  return people.length > 0 ? people : wordsIn(sight, member.place);
}

function objectsIn(sight: Sight, place: ObservedValue): string[] {
  if (place.type !== 'object') return partsOf(place).flatMap((part) => objectsIn(sight, part));
  const owner = sight.contract.resources[place.sighting.resource]?.owner;
  if (owner === 'none') return partsOf(place).flatMap((part) => objectsIn(sight, part));
  return owner === 'parent' ? [] : ownersOf(place).map((key) => `${place.sighting.resource} of ${key}`);
}

function wordsIn(sight: Sight, place: ObservedValue): string[] {
  if (place.type === 'object' && sight.contract.resources[place.sighting.resource]?.owner !== 'none') return [];
  return partsOf(place).flatMap((part, index) => {
    const isTypename = place.type === 'object' && place.node.members[index]?.key === '__typename';
    if (part.type === 'whole') return part.node.type === 'string' && !isTypename ? textsOf(sight.json, part.node) : [];
    return wordsIn(sight, part);
  });
}

function partsOf(place: ObservedValue): readonly ObservedValue[] {
  switch (place.type) {
    case 'list':
      return place.items;
    case 'map':
      return place.entries;
    case 'object':
      return place.members.map((member) => member.place);
    case 'ref':
    case 'whole':
    case 'misshapen':
      return [];
  }
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,47}$/;
const LOOKS_LIKE_A_VALUE = /[0-9]{5}|[0-9a-f]{12}/i;

/** A step that may be printed: a key that nobody declared could itself be somebody's name or number. */
function stepOf({ contract }: Sight, resource: string, field: string, key: string): string {
  const declared = Object.hasOwn(contract.resources[resource]?.fields ?? {}, field);
  return declared || (PLAIN_NAME.test(key) && !LOOKS_LIKE_A_VALUE.test(key)) ? key : '(undeclared)';
}
