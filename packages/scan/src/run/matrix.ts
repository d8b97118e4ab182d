import type { OwnInput } from '../harvest/bindings.ts';
import { type Caller } from '../identities/caller.ts';
import { inParallel } from '../in-parallel.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadEndpoint } from '../plan/read-operations.ts';
import type { ReadResponse } from '../reading/reading.ts';
import { isAlive, type PreflightContext } from './preflight.ts';

/** What one caller got at one door, for every input that is known to bring somebody's object. */
export interface Tried {
  readonly endpoint: ReadEndpoint;
  readonly caller: Caller;
  readonly readings: ReadonlyMap<PlannedRequest, ReadResponse>;
  /** Why it proves nothing that this caller did not get something: its credential could not be seen to be good. */
  readonly doubt?: string | undefined;
}

export interface MatrixContext extends PreflightContext {
  readonly callers: readonly Caller[];
  readonly bindings: readonly OwnInput[];
  readonly parallel: number;
  readonly onTried: (tried: Tried) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every caller tries every input at every door. A caller's doors follow one another, and between two of them it is seen
 * whether its credential still works; an expired one is renewed once, and the door is tried again.
 */
export async function runMatrix(room: MatrixContext): Promise<Tried[]> {
  const asks = asksByEndpoint(room.bindings);
  const perCaller = await inParallel(room.callers, room.parallel, async (caller) => {
    const tried: Tried[] = [];
    for (const endpoint of room.endpoints) {
      const wanted = asks.get(endpoint) ?? [];
      if (wanted.length === 0 || room.signal?.aborted) continue;
      const one = await tryEndpoint(caller, endpoint, wanted, room);
      room.onTried(one);
      tried.push(one);
    }
    return tried;
  });
  return perCaller.flat();
}

/** Every distinct request of a door, in a fixed order. */
function asksByEndpoint(bindings: readonly OwnInput[]): ReadonlyMap<ReadEndpoint, PlannedRequest[]> {
  const byEndpoint = new Map<ReadEndpoint, Map<string, PlannedRequest>>();
  for (const { ask } of bindings) {
    const asks = byEndpoint.get(ask.endpoint) ?? new Map<string, PlannedRequest>();
    byEndpoint.set(ask.endpoint, asks.set(ask.key, asks.get(ask.key) ?? ask));
  }
  return new Map([...byEndpoint].map(([endpoint, asks]) => [endpoint, [...asks.values()]]));
}

// oxlint-disable-next-line max-params
async function tryEndpoint(
  caller: Caller,
  endpoint: ReadEndpoint,
  asks: readonly PlannedRequest[],
  room: MatrixContext,
): Promise<Tried> {
  const readings = await askAll(caller, asks, room);
  const { identity } = caller;
  if (!identity) return { endpoint, caller, readings };
  const alive = await isAlive(identity, room);
  if (alive) return { endpoint, caller, readings };
  if (alive === undefined) return { endpoint, caller, readings, doubt: 'it cannot be shown to be alive' };
  const renewed = (await room.sessions.renewOnce(identity.name)) && (await isAlive(identity, room));
  if (!renewed) return { endpoint, caller, readings, doubt: 'its credential stopped working' };
  for (const ask of asks) room.asker.forget(caller, ask);
  const again = await askAll(caller, asks, room);
  if (await isAlive(identity, room)) return { endpoint, caller, readings: again };
  return { endpoint, caller, readings: again, doubt: 'its credential stopped working' };
}

async function askAll(
  caller: Caller,
  asks: readonly PlannedRequest[],
  room: MatrixContext,
): Promise<Map<PlannedRequest, ReadResponse>> {
  const readings = await inParallel(asks, room.parallel, (ask) => room.asker.ask(caller, ask));
  return new Map(
    asks.flatMap((ask, index) => {
      const reading = readings[index];
      return reading ? [[ask, reading] as const] : [];
    }),
  );
}
