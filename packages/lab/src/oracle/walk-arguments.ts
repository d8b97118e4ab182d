import type { ProbeRequest, ProbeResponse } from '../traffic/probe.ts';
import { probeOf } from '../traffic/probes.ts';
import type { Door } from '../surface/door.ts';
import { OWNERS, usernameOf } from '../people/cast.ts';
import { describeCell } from './describe-cell.ts';
import type { OracleCell } from './oracle.ts';
import { objectsOf, valueOf, type Walk } from './walk-reads.ts';

/** One argument, said otherwise than the app says it. */
export interface Variation {
  readonly door: Door;
  /** What is varied, as `limit=0`. */
  readonly said: string;
  readonly vary: (probe: ProbeRequest) => ProbeRequest;
}

/** What came of all requests with a variation. */
interface VariedReport {
  /** One line for each value that the oracle does not release and that came all the same. */
  readonly wider: readonly string[];
  /** How many requests of a variation were answered, by operation and what was said. */
  readonly answered: ReadonlyMap<string, number>;
}

/**
 * Sends the request of every owner, by every one of the viewers, with each variation, and holds everybody of the play who is in
 * the answer against the oracle, whomever the request was about. Less than the oracle releases is no fault here.
 */
export async function walkArguments(
  walk: Walk,
  cells: readonly OracleCell[],
  variations: readonly Variation[],
): Promise<VariedReport> {
  const wider: string[] = [];
  const answered = new Map<string, number>();
  for (const { door, said, vary } of variations) {
    const here = cells.filter(({ operation, channel }) => operation === door.operation && channel === 'web');
    const asked = new Map<string, Promise<void>>();
    for (const cell of here) {
      const probe = vary(probeFor(walk, cell));
      const key = JSON.stringify([cell.viewer, cell.at, probe, hasNoId(cell) && cell.owner]);
      const check = async (): Promise<void> => {
        const got = await walk.visitor.ask(cell.host, probe, walk.world.credentialsOf(cell.viewer));
        const name = `${door.operation} ${said}`;
        answered.set(name, (answered.get(name) ?? 0) + (got.status === 200 ? 1 : 0));
        wider.push(...widened(walk, here, cell, got).map((line) => `${line}, with ${said}`));
      };
      if (!asked.has(key)) asked.set(key, check());
    }
    await Promise.all(asked.values());
  }
  return { wider, answered };
}

const hasNoId = ({ resource }: OracleCell): boolean => resource.endsWith('List');

function probeFor({ world }: Walk, { operation, at, owner, host }: OracleCell): ProbeRequest {
  const probe = probeOf(operation, at);
  if (probe === undefined) throw new Error(`no request is known for ${operation}`);
  return probe(world.idsOf(owner), world.anchors[host.includes('.us.') ? 'us' : 'uk']);
}

/** What the answer shows of anybody in the play beyond what the oracle releases to its viewer. */
function widened(walk: Walk, cells: readonly OracleCell[], asked: OracleCell, got: ProbeResponse): string[] {
  const mine = cells.filter(({ viewer }) => viewer === asked.viewer);
  const shown = mine
    .filter((cell) => !cell.released && (!hasNoId(cell) || (hasNoId(asked) && cell.owner === asked.owner)))
    .filter((cell) =>
      objectsOf(cell, got, walk.world.idsOf(cell.owner)).some((object) => valueOf(cell, object) !== undefined),
    )
    .map((cell) => describeCell(cell, `status ${got.status}`));
  return [...shown, ...unspokenOf(walk, mine, asked, got)];
}

/** Owners who are in the answer though the oracle says that this door has nothing about them for its viewer. */
function unspokenOf(
  { world }: Walk,
  mine: readonly OracleCell[],
  { viewer, operation, host }: OracleCell,
  got: ProbeResponse,
): string[] {
  const spokenOf = new Set(mine.map(({ owner }) => owner));
  const text = JSON.stringify(got.body) ?? '';
  return OWNERS.map((part) => world.idsOf(usernameOf(part, host.includes('.us.') ? 'us' : 'uk')))
    .filter(({ name, userId }) => !spokenOf.has(name) && userId !== '' && text.includes(userId))
    .map(({ name }) => `${viewer} → ${name} at ${operation}: the oracle knows of none`);
}
