import type { ProbeResponse } from '../traffic/probe.ts';
import { describeCell } from './describe-cell.ts';
import type { OracleCell } from './oracle.ts';
import type { Walk } from './walk-reads.ts';
import { WRITE_PROBES } from './write-probes.ts';

/** The opposite of what the probe sets, set before it, so that every change can be observed. */
const OPPOSITE_SETTINGS = {
  is_profile_private: true,
  age: true,
  gender: true,
  workout_maps_private: false,
  hide_from_search: false,
};

/**
 * Tries every cell that is written, by plain HTTP, reads its effect back as the owner, and returns a line for each where the lab
 * does something else than the oracle says. Undoes every change.
 */
export async function walkWrites(walk: Walk, cells: readonly OracleCell[]): Promise<string[]> {
  const wrong: string[] = [];
  const rounds = new Map<string, OracleCell[]>();
  for (const cell of cells) {
    if (cell.kind === 'read') continue;
    const key = `${cell.host} ${cell.operation} ${cell.viewer}`;
    rounds.set(key, [...(rounds.get(key) ?? []), cell]);
  }
  for (const round of rounds.values()) wrong.push(...(await walkRound(walk, round)));
  return wrong;
}

/** One viewer at one operation: all other owners first, the viewer last, so that a misdirected write is observed. */
async function walkRound(walk: Walk, cells: readonly OracleCell[]): Promise<string[]> {
  const { lab, client, directory } = walk;
  const [first] = cells;
  const probe = first && WRITE_PROBES[first.operation];
  if (first === undefined || probe === undefined) throw new Error(`there is no write probe for ${first?.operation}`);
  const region = first.host.includes('.us.') ? 'us' : 'uk';
  const viewer = directory.idsOf(first.viewer);
  const names = [...new Set(cells.map(({ owner }) => owner))];
  const readBack = async (name: string): Promise<ProbeResponse> => {
    const owner = directory.idsOf(name);
    const request = probe.read(owner, viewer);
    if (probe.internal) return walk.internalClient.send(`internal.${region}.lab.test`, request);
    const reader = probe.readAs?.(owner, region === 'us' ? '' : `_${region}`) ?? name;
    return client.send(`api.${region}.lab.test`, request, directory.credentialsOf(reader));
  };
  if (first.operation.endsWith('settings')) await setOppositeSettings(walk, names, region);
  const before = await byName(names, readBack);
  const write = (name: string): Promise<ProbeResponse> =>
    client.send(first.host, probe.write(directory.idsOf(name)), directory.credentialsOf(first.viewer));
  await Promise.all(names.filter((name) => name !== first.viewer).map(write));
  if (names.includes(first.viewer)) await write(first.viewer);
  const after = await byName(names, readBack);
  lab.reset();
  return cells.flatMap((cell) => {
    const [now, was] = [after.get(cell.owner), before.get(cell.owner)];
    if (now === undefined || was === undefined) return [describeCell(cell, 'not read back')];
    const tookEffect = probe.tookEffect(cell.field, directory.idsOf(cell.owner), { now, before: was });
    return tookEffect === cell.released ? [] : [describeCell(cell, tookEffect ? 'it took effect' : 'it had no effect')];
  });
}

async function setOppositeSettings(
  { client, directory }: Walk,
  names: readonly string[],
  region: string,
): Promise<void> {
  await Promise.all(
    names.map((name) =>
      client.send(
        `api.${region}.lab.test`,
        {
          method: 'PUT',
          path: `/api/user/${directory.idsOf(name).userId}/settings`,
          body: { privacy: OPPOSITE_SETTINGS },
        },
        directory.credentialsOf(name),
      ),
    ),
  );
}

async function byName(
  names: readonly string[],
  send: (name: string) => Promise<ProbeResponse>,
): Promise<Map<string, ProbeResponse>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await send(name)] as const)));
}
