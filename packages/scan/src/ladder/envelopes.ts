import type { Reading } from '../reading/reading.ts';
import type { Seen, SeenField } from '../reading/seen.ts';

/** Whether the answers a caller got at one door differ with what was asked for, field by field of the envelope. */
export interface Envelopes {
  follows(seen: Seen, field: SeenField): boolean;
}

/** From all answers of one caller at one door. */
export function envelopesOf(readings: readonly Reading[]): Envelopes {
  const said = new Map<string, Set<string>>();
  for (const { seen } of readings) {
    for (const each of seen.filter(({ at, owners }) => at === '' && owners.length === 0)) {
      for (const field of each.fields) {
        const key = `${each.sighting.resource}\n${field.field}`;
        said.set(key, (said.get(key) ?? new Set()).add(sayingOf(field.texts)));
      }
    }
  }
  return { follows: (seen, { field }) => (said.get(`${seen.sighting.resource}\n${field}`)?.size ?? 0) > 1 };
}

/** All that a field says, as one text. */
export function sayingOf(texts: Iterable<string>): string {
  return [...new Set(texts)].sort().join('\n');
}
