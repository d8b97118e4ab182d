import type { FoundOwners } from '../rules/known.ts';
import type { Observation } from './observation.ts';

/** The owners of the one object of a pre-read; `unknown` unless it is one object, all of whose owners could be read. */
export function ownersFound({ root }: Observation): FoundOwners {
  if (root.type !== 'object' || root.sighting.ownerUnknown) return 'unknown';
  return root.sighting.owners.filter((each) => !each.about).map((each) => each.owner);
}
