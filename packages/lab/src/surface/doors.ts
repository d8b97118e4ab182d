import type { Change, Door } from './door.ts';
import { GRAPHQL_DOORS } from './graphql-doors.ts';
import { REST_DOORS } from './rest-doors.ts';

export const DOORS: readonly Door[] = [...REST_DOORS, ...GRAPHQL_DOORS];

const BY_OPERATION = new Map(DOORS.map((door) => [door.operation, door]));

/** The door of that operation; the lab's own code names only doors that exist. */
export function doorOf(operation: string): Door {
  const door = BY_OPERATION.get(operation);
  if (door === undefined) throw new Error(`the lab has no door ${operation}`);
  return door;
}

/** What that operation changes; the lab's own code asks it of writes alone. */
export function changeOf(operation: string): Change {
  const { change } = doorOf(operation);
  if (change === undefined) throw new Error(`${operation} changes nothing`);
  return change;
}
