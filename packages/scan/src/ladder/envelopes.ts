import type { ReadResponse } from '../reading/reading.ts';
import type { SeenObject, SeenField } from '../reading/seen.ts';

/** Whether the answers a caller got at one door differ with what was asked for, field by field of the envelope. */
export interface Envelopes {
  follows(seen: SeenObject, field: SeenField): boolean;
}

/** From all answers of one caller at one door. */
export function envelopesOf(readings: readonly ReadResponse[]): Envelopes {
  const said = new Map<string, Set<string>>();
  for (const { seen } of readings) {
    for (const each of seen.filter(({ at, owners }) => at === '' && owners.length === 0)) {
      for (const field of each.fields) {
        const key = `${each.sighting.resource}\n${field.field}`;
        said.set(key, (said.get(key) ?? new Set()).add(joinedValues(field.texts)));
      }
    }
  }
  return { follows: (seen, { field }) => (said.get(`${seen.sighting.resource}\n${field}`)?.size ?? 0) > 1 };
}

/** All that a field says, as one text. */
export function joinedValues(texts: Iterable<string>): string {
  return [...new Set(texts)].sort().join('\n');
}
