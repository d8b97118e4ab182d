import type { ObservedObject, ObservedValue } from '@leakproof/core';
import type { BodyContext } from './body-context.ts';
import { comparableValues, isDistinctive } from './comparable-values.ts';
import { isContainer, ownersOf, valuesOfMember } from './container-values.ts';
import type { SeenField, SeenObject } from './seen-object.ts';

/** Every object of an observed body, in document order; an object precedes those it contains. */
export function collectObjects(context: BodyContext, root: ObservedValue, pointer = ''): SeenObject[] {
  const collector = new ObjectCollector(context);
  collector.visit(root, { pointer, within: undefined });
  return collector.found;
}

interface Position {
  readonly pointer: string;
  readonly within: SeenObject['within'];
  readonly mapKey?: string | undefined;
}

class ObjectCollector {
  readonly found: SeenObject[] = [];
  readonly #context: BodyContext;

  constructor(context: BodyContext) {
    this.#context = context;
  }

  visit(value: ObservedValue, at: Position): void {
    switch (value.type) {
      case 'whole':
      case 'misshapen':
        return;
      case 'list':
        for (const item of value.items) this.visit(item, { ...at, pointer: `${at.pointer}/*` });
        return;
      case 'map':
        value.entries.forEach((entry, index) =>
          this.visit(entry, { ...at, pointer: `${at.pointer}/*`, mapKey: value.node.members[index]?.key }),
        );
        return;
      case 'ref': {
        const { sighting, node } = value;
        const [field] = sighting.fields;
        const values = comparableValues(this.#context.json, node);
        const fields = field ? [seenField({ index: 0, field: field.field, pointer: at.pointer, values })] : [];
        const { pointer, within } = at;
        this.found.push({ sighting, pointer, owners: ownersOf(value), objectId: values[0], fields, within });
        return;
      }
      case 'object':
        this.#visitObject(value, at);
    }
  }

  #visitObject(value: ObservedObject, at: Position): void {
    const { sighting, node } = value;
    const resource = this.#context.contract.resources[sighting.resource];
    const fields: SeenField[] = [];
    let objectId: string | undefined;
    value.members.forEach(({ field: index, place }, position) => {
      const member = node.members[position];
      if (!member || index === undefined) return;
      const field = sighting.fields[index]?.field ?? member.key;
      const values = valuesOfMember(this.#context, place, member.value);
      if (field === resource?.id) objectId = values[0];
      const isDeclared = Object.hasOwn(resource?.fields ?? {}, field);
      const pointer = `${at.pointer}/${isDeclared ? member.key : printableKey(member.key)}`;
      fields.push(seenField({ index, field, pointer, values, isContainer: isContainer(place) }));
    });
    if (value.keyField !== undefined && at.mapKey !== undefined) {
      const field = sighting.fields[value.keyField]?.field ?? '';
      if (field === resource?.id) objectId ??= at.mapKey;
      const pointer = `${at.pointer}/${field}`;
      fields.push(seenField({ index: value.keyField, field, pointer, values: [at.mapKey] }));
    }
    const { pointer, within } = at;
    const object: SeenObject = { sighting, pointer, owners: ownersOf(value), objectId, fields, within };
    this.found.push(object);
    value.members.forEach((member, position) => {
      const field = fields.find((each) => each.index === member.field);
      if (node.members[position] && field)
        this.visit(member.place, { pointer: field.pointer, within: { object, field: member.field } });
    });
  }
}

function seenField(field: Omit<SeenField, 'isContainer' | 'isDistinctive'> & { isContainer?: boolean }): SeenField {
  return { ...field, isContainer: field.isContainer ?? false, isDistinctive: field.values.some(isDistinctive) };
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,47}$/;
const LOOKS_LIKE_A_VALUE = /[0-9]{5}|[0-9a-f]{12}/i;

/** An undeclared key as it may be printed: the key itself could be a person's name or number. */
function printableKey(key: string): string {
  return PLAIN_NAME.test(key) && !LOOKS_LIKE_A_VALUE.test(key) ? key : '(undeclared)';
}
