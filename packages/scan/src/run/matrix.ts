import type { Binding } from '../harvest/bindings.ts';
import { type Caller } from '../identities/caller.ts';
import { inParallel } from '../in-parallel.ts';
import type { Ask } from '../plan/make-request.ts';
import type { ReadDoor } from '../plan/read-operations.ts';
import type { Reading } from '../reading/reading.ts';
import { isAlive, type PreflightRoom } from './preflight.ts';

/** What one caller got at one door, for every input that is known to bring somebody's object. */
export interface Tried {
  readonly door: ReadDoor;
  readonly caller: Caller;
  readonly readings: ReadonlyMap<Ask, Reading>;
  /** Why it proves nothing that this caller did not get something: its credential could not be seen to be good. */
  readonly doubt?: string | undefined;
}

export interface MatrixRoom extends PreflightRoom {
  readonly callers: readonly Caller[];
  readonly bindings: readonly Binding[];
  readonly parallel: number;
  readonly onTried: (tried: Tried) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every caller tries every input at every door. A caller's doors follow one another, and between two of them it is seen
 * whether its credential still works; an expired one is renewed once, and the door is tried again.
 */
export async function runMatrix(room: MatrixRoom): Promise<Tried[]> {
  const asks = asksByDoor(room.bindings);
  const perCaller = await inParallel(room.callers, room.parallel, async (caller) => {
    const tried: Tried[] = [];
    for (const door of room.doors) {
      const wanted = asks.get(door) ?? [];
      if (wanted.length === 0 || room.signal?.aborted) continue;
      const one = await tryDoor(caller, door, wanted, room);
      room.onTried(one);
      tried.push(one);
    }
    return tried;
  });
  return perCaller.flat();
}

/** Every distinct request of a door, in a fixed order. */
function asksByDoor(bindings: readonly Binding[]): ReadonlyMap<ReadDoor, Ask[]> {
  const byDoor = new Map<ReadDoor, Map<string, Ask>>();
  for (const { ask } of bindings) {
    const asks = byDoor.get(ask.door) ?? new Map<string, Ask>();
    byDoor.set(ask.door, asks.set(ask.key, asks.get(ask.key) ?? ask));
  }
  return new Map([...byDoor].map(([door, asks]) => [door, [...asks.values()]]));
}

// oxlint-disable-next-line max-params
async function tryDoor(caller: Caller, door: ReadDoor, asks: readonly Ask[], room: MatrixRoom): Promise<Tried> {
  const readings = await askAll(caller, asks, room);
  const { identity } = caller;
  if (!identity) return { door, caller, readings };
  const alive = await isAlive(identity, room);
  if (alive) return { door, caller, readings };
  if (alive === undefined) return { door, caller, readings, doubt: 'it cannot be shown to be alive' };
  const renewed = (await room.sessions.renewOnce(identity.name)) && (await isAlive(identity, room));
  if (!renewed) return { door, caller, readings, doubt: 'its credential stopped working' };
  for (const ask of asks) room.asker.forget(caller, ask);
  const again = await askAll(caller, asks, room);
  if (await isAlive(identity, room)) return { door, caller, readings: again };
  return { door, caller, readings: again, doubt: 'its credential stopped working' };
}

async function askAll(caller: Caller, asks: readonly Ask[], room: MatrixRoom): Promise<Map<Ask, Reading>> {
  const readings = await inParallel(asks, room.parallel, (ask) => room.asker.ask(caller, ask));
  return new Map(
    asks.flatMap((ask, index) => {
      const reading = readings[index];
      return reading ? [[ask, reading] as const] : [];
    }),
  );
}
