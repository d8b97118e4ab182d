import type { ProbeRequest, ProbeResponse } from '../traffic/probe.ts';
import { probeOf } from '../traffic/probes.ts';
import type { Operation } from '../surface/operation.ts';
import { OWNERS, usernameOf } from '../people/cast.ts';
import { describeCell } from './describe-cell.ts';
import type { OracleCell } from './oracle.ts';
import { objectsOf, valueOf, type Walk } from './walk-reads.ts';

/** An argument with another value than the app sends. */
export interface Variation {
  readonly operation: Operation;
  /** The argument and its value: `limit=0`. */
  readonly label: string;
  readonly vary: (probe: ProbeRequest) => ProbeRequest;
}

/** The result of all requests with a variation. */
interface VariedReport {
  /** One line for each value that the lab returned although the oracle does not release it. */
  readonly unexpected: readonly string[];
  /** How many requests of a variation were answered with 200, by operation and label. */
  readonly answered: ReadonlyMap<string, number>;
}

/**
 * Sends the request about every owner, as every viewer, with each variation, and compares everyone of the cast in the response
 * with the oracle, whomever the request was about. Returning less than the oracle releases is no error here.
 */
export async function walkArguments(
  walk: Walk,
  cells: readonly OracleCell[],
  variations: readonly Variation[],
): Promise<VariedReport> {
  const unexpected: string[] = [];
  const answered = new Map<string, number>();
  for (const {
    operation: { name },
    label,
    vary,
  } of variations) {
    const here = cells.filter(({ operation, channel }) => operation === name && channel === 'web');
    const sent = new Map<string, Promise<void>>();
    for (const cell of here) {
      const probe = vary(probeFor(walk, cell));
      const key = JSON.stringify([cell.viewer, cell.at, probe, hasNoId(cell) && cell.owner]);
      const check = async (): Promise<void> => {
        const response = await walk.client.send(cell.host, probe, walk.directory.credentialsOf(cell.viewer));
        const variation = `${name} ${label}`;
        answered.set(variation, (answered.get(variation) ?? 0) + (response.status === 200 ? 1 : 0));
        unexpected.push(...unexpectedValues(walk, here, { cell, response }).map((line) => `${line}, with ${label}`));
      };
      if (!sent.has(key)) sent.set(key, check());
    }
    await Promise.all(sent.values());
  }
  return { unexpected, answered };
}

const hasNoId = ({ resource }: OracleCell): boolean => resource.endsWith('List');

function probeFor({ directory }: Walk, { operation, at, owner, host }: OracleCell): ProbeRequest {
  const probe = probeOf(operation, at);
  if (probe === undefined) throw new Error(`no request is known for ${operation}`);
  return probe(directory.idsOf(owner), directory.fixtures[host.includes('.us.') ? 'us' : 'uk']);
}

interface Exchange {
  /** The cell that the request was made for. */
  readonly cell: OracleCell;
  readonly response: ProbeResponse;
}

/** What the response contains of anyone in the cast beyond what the oracle releases to the viewer. */
function unexpectedValues(walk: Walk, cells: readonly OracleCell[], exchange: Exchange): string[] {
  const { cell: requested, response } = exchange;
  const ofViewer = cells.filter(({ viewer }) => viewer === requested.viewer);
  const returned = ofViewer
    .filter((cell) => !cell.released && (!hasNoId(cell) || (hasNoId(requested) && cell.owner === requested.owner)))
    .filter((cell) =>
      objectsOf(cell, response, walk.directory.idsOf(cell.owner)).some((object) => valueOf(cell, object) !== undefined),
    )
    .map((cell) => describeCell(cell, `status ${response.status}`));
  return [...returned, ...unexpectedOwners(walk, ofViewer, exchange)];
}

/** Owners in the response of whom the oracle has no cell at this operation for the viewer. */
function unexpectedOwners(
  { directory }: Walk,
  ofViewer: readonly OracleCell[],
  { cell: { viewer, operation, host }, response }: Exchange,
): string[] {
  const known = new Set(ofViewer.map(({ owner }) => owner));
  const text = JSON.stringify(response.body) ?? '';
  return OWNERS.map((castMember) => directory.idsOf(usernameOf(castMember, host.includes('.us.') ? 'us' : 'uk')))
    .filter(({ name, userId }) => !known.has(name) && userId !== '' && text.includes(userId))
    .map(({ name }) => `${viewer} → ${name} at ${operation}: not in the oracle`);
}
