import { memberIndexOf } from '../layout/layout.ts';
import type { BytePath } from '../layout/tables.ts';
import type { SightedObject } from '../read/sighted-object.ts';
import type { Tape } from '../read/tape.ts';

/** The entry of the member that a path starts with; -1 if it is absent. */
export function memberEntry(tape: Tape, object: SightedObject, { first }: BytePath): number {
  if (first === undefined) return -1;
  if (object.layout.plan.isReference) return object.entry;
  return tape.memberAt(object.entry, memberIndexOf(object.layout, first));
}
