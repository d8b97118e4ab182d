import type { ReadResponse } from '../reading/read-response.ts';
import type { SeenField, SeenObject } from '../reading/seen-object.ts';

/** Whether a field of an envelope (a root object without owner) differs between the responses of one operation. */
export interface Envelopes {
  dependsOnRequest(object: SeenObject, field: SeenField): boolean;
}

/** From all responses of one operation to one caller. */
export function envelopesOf(responses: readonly ReadResponse[]): Envelopes {
  const values = new Map<string, Set<string>>();
  for (const { objects } of responses) {
    for (const each of objects.filter(({ pointer, owners }) => pointer === '' && owners.length === 0)) {
      for (const field of each.fields) {
        const key = `${each.sighting.resource}\n${field.field}`;
        values.set(key, (values.get(key) ?? new Set()).add(joinedValues(field.values)));
      }
    }
  }
  return {
    dependsOnRequest: (object, { field }) => (values.get(`${object.sighting.resource}\n${field}`)?.size ?? 0) > 1,
  };
}

/** All values of a field as one text. */
export function joinedValues(values: Iterable<string>): string {
  return [...new Set(values)].sort().join('\n');
}
