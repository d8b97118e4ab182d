import type { OwnInput } from '../harvest/own-input.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import type { SeenField, SeenObject } from '../reading/seen-object.ts';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import { objectsOfOwner } from './objects-of-owner.ts';

/** The values that owners read of themselves. They decide whose data a response contains. */
export interface Baseline {
  /** The values the owner reads in this field; undefined if it reads none, or not the same ones twice. */
  valuesOf(owner: string, object: SeenObject, field: SeenField): ReadonlySet<string> | undefined;
  /** Whether one of the values of this field is the owner's and no other identity's. */
  isUniqueTo(owner: string, object: SeenObject, field: SeenField): boolean;
  /** Fields of the same name that have the same value for the same owner, itself included: `Resource.field`, sorted. */
  sameValueFields(field: string): readonly string[];
  /** Whether two identities read different values there. A value that is the same for all, such as a page number, is nobody's. */
  differsBetweenOwners(object: SeenObject, field: SeenField): boolean;
}

/** Only values that are the same in both reads of an owner count: counters and timestamps are noise. */
export function makeBaseline(inputs: readonly OwnInput[], owners: OperationOwners): Baseline {
  const valuesByOwner = new Map<string, Set<string>>();
  const ownersByValue = new Map<string, Set<string>>();
  const values = new Map<string, Set<string>>();
  const ownedValues = new Map<string, Set<string>>();
  for (const { owner: identity, request, first, second } of inputs) {
    const owner = ownerKeyOf(identity.principal);
    const valuesIn = (objects: readonly SeenObject[]): OwnedValue[] =>
      ownedValuesOf(owner, objectsOfOwner({ owners, owner, request }, objects));
    const again = new Set(valuesIn(second.objects).map(({ key, value }) => `${key}\n${value}`));
    for (const { object, field, value, key } of valuesIn(first.objects)) {
      if (!again.has(`${key}\n${value}`)) continue;
      const { resource } = object.sighting;
      put(valuesByOwner, key, value);
      put(valuesByOwner, fieldKey({ owner, resource, field: field.field }), value);
      put(ownedValues, `${resource}.${field.field}`, `${owner}\n${value}`);
      put(ownersByValue, `${resource}\n${field.field}\n${value}`, owner);
      put(values, `${resource}\n${field.field}`, value);
    }
  }
  const ownedValuesIn = (field: string): string[] => [...(ownedValues.get(field) ?? [])];
  return {
    sameValueFields: (field) => {
      const name = field.slice(field.lastIndexOf('.'));
      const own = new Set(ownedValuesIn(field));
      const same = [...ownedValues.keys()].filter(
        (each) => each.endsWith(name) && ownedValuesIn(each).some((value) => own.has(value)),
      );
      return [...new Set([field, ...same])].sort();
    },
    valuesOf: (owner, { sighting: { resource }, objectId }, { field }) =>
      valuesByOwner.get(fieldKey({ owner, resource, objectId, field })),
    differsBetweenOwners: ({ sighting }, { field }) => (values.get(`${sighting.resource}\n${field}`)?.size ?? 0) > 1,
    isUniqueTo: (owner, { sighting }, field) =>
      field.values.some((value) => {
        const holders = ownersByValue.get(`${sighting.resource}\n${field.field}\n${value}`);
        return holders?.size === 1 && holders.has(owner);
      }),
  };
}

interface OwnedValue {
  readonly object: SeenObject;
  readonly field: SeenField;
  readonly value: string;
  /** `fieldKey` of the field of this very object. */
  readonly key: string;
}

function ownedValuesOf(owner: string, objects: readonly SeenObject[]): OwnedValue[] {
  return objects.flatMap((object) =>
    object.fields.flatMap((field) => {
      const { objectId, sighting } = object;
      const key = fieldKey({ owner, resource: sighting.resource, objectId, field: field.field });
      return field.values.map((value) => ({ object, field, value, key }));
    }),
  );
}

interface FieldOfOwner {
  readonly owner: string;
  readonly resource: string;
  readonly objectId?: string | undefined;
  readonly field: string;
}

function fieldKey({ owner, resource, objectId = '', field }: FieldOfOwner): string {
  return JSON.stringify([owner, resource, objectId, field]);
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
