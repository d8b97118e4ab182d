import type { ProbeResponse } from '../traffic/probe.ts';
import type { Lab } from '../lab.ts';
import { probeOf } from '../traffic/probes.ts';
import type { LabClient } from '../traffic/lab-client.ts';
import type { OwnerIds, CastDirectory } from '../traffic/cast-directory.ts';
import { describeCell } from './describe-cell.ts';
import type { OracleCell } from './oracle.ts';

/** A running lab, with clients that send the requests of its cast. */
export interface Walk {
  readonly lab: Lab;
  readonly client: LabClient;
  /** A client of the origin's internal service. */
  readonly internalClient: LabClient;
  readonly directory: CastDirectory;
  /** The first value seen of each owner's field at each operation; every viewer must get the same. */
  readonly knownValues: Map<string, string>;
}

type Group = readonly [OracleCell, ...OracleCell[]];
/** Concurrent requests. */
const BATCH = 256;

/**
 * Requests every cell that is read, by plain HTTP, and returns a line for each where the lab does something else than the oracle
 * says. Uses operations and names only, not the server's code: an object is found by its id.
 */
export async function walkReads(walk: Walk, cells: readonly OracleCell[]): Promise<string[]> {
  const answers = new Map<string, Promise<ProbeResponse>>();
  const wrong: string[] = [];
  const groups = groupsOf(cells.filter(({ kind }) => kind === 'read'));
  for (let from = 0; from < groups.length; from += BATCH) {
    const batch = groups.slice(from, from + BATCH);
    const found = await Promise.all(
      batch.map(async (group) => checkGroup(walk, group, await sendOnce(walk, answers, group[0]))),
    );
    wrong.push(...found.flat());
  }
  return wrong;
}

function checkGroup({ knownValues, directory }: Walk, group: Group, response: ProbeResponse): string[] {
  const [first] = group;
  const [object] = objectsOf(first, response, directory.idsOf(first.owner));
  return group.flatMap((cell) => {
    const value = valueOf(cell, object);
    if ((value !== undefined) !== cell.released) return [describeCell(cell, `status ${response.status}`)];
    return value === undefined || isConsistent(knownValues, cell, value) ? [] : [describeCell(cell, 'another value')];
  });
}

/** Identical requests are sent once: one list may contain every owner. */
function sendOnce(walk: Walk, answers: Map<string, Promise<ProbeResponse>>, cell: OracleCell): Promise<ProbeResponse> {
  const { client, directory } = walk;
  const probe = probeOf(cell.operation, cell.at);
  if (probe === undefined) throw new Error(`no request is known for ${cell.operation}`);
  const request = probe(directory.idsOf(cell.owner), directory.fixtures[cell.host.includes('.us.') ? 'us' : 'uk']);
  const key = JSON.stringify([cell.host, cell.channel, cell.viewer, request]);
  const answer = answers.get(key) ?? client.send(cell.host, request, credentialsOf(walk, cell));
  answers.set(key, answer);
  return answer;
}

/** The credentials of a viewer for the channel of the cell. */
function credentialsOf({ lab, directory }: Walk, { viewer, channel }: OracleCell): Record<string, string> {
  if (channel === 'device')
    return { 'x-api-key': lab.identities.find(({ name }) => name === viewer)?.apiKey ?? 'none' };
  return { ...(channel === 'mobile' ? { platform: 'ios' } : {}), ...directory.credentialsOf(viewer) };
}

/** Every value at a path; `*` is each element of a list, and GraphQL lists are entered without it. */
function valuesAt(body: unknown, names: readonly string[]): unknown[] {
  if (body === undefined || body === null) return [];
  const [name, ...rest] = names;
  if (name === undefined) return [body];
  if (Array.isArray(body)) return body.flatMap((each) => valuesAt(each, name === '*' ? rest : names));
  return valuesAt((body as Record<string, unknown>)[name], rest);
}

function pathTo({ protocol, operation, at }: OracleCell): readonly string[] {
  if (protocol === 'rest') return at.split('/').filter((name) => name !== '');
  return ['data', ...operation.split('.').slice(1), ...(operation === 'Query.users' ? ['*'] : [])];
}

/** The objects of the cell's owner in a response. An envelope without an id belongs to the owner named in the request. */
export function objectsOf(cell: OracleCell, response: ProbeResponse, owner: OwnerIds): unknown[] {
  if (response.status !== 200) return [];
  const mine = new Set<unknown>([owner.userId, owner.name, ...owner.workoutIds]);
  const hasNoId = cell.resource.endsWith('List') || cell.operation === 'Query.viewUserStack';
  return valuesAt(response.body, pathTo(cell)).filter((each) => {
    const { id, user_id: userId, org } = each as Record<string, unknown>;
    return hasNoId || mine.has(userId ?? id) || mine.has(id) || mine.has(org);
  });
}

/** The value of the cell in its object; undefined if it is withheld. */
export function valueOf(cell: OracleCell, object: unknown): unknown {
  const value = valuesAt(object, cell.wire.split('.'))[0] as { readonly edges?: unknown } | undefined;
  if (cell.resource !== 'FollowerList' && cell.resource !== 'FollowingList') return value;
  const rows = Array.isArray(value) ? value : value?.edges;
  return Array.isArray(rows) && rows.length > 0 ? rows : undefined;
}

/** Fields that differ between viewers, or list others: only their presence is checked. */
const VIEWERS_OWN = new Set(['relationship', 'authed_user_follows', 'followers', 'following']);

function isConsistent(knownValues: Map<string, string>, cell: OracleCell, value: unknown): boolean {
  if (VIEWERS_OWN.has(cell.field)) return true;
  const key = [cell.host, cell.operation, cell.at, cell.owner, cell.resource, cell.field].join(' ');
  const text = JSON.stringify(value);
  if (!knownValues.has(key)) knownValues.set(key, text);
  return knownValues.get(key) === text;
}

/** Cells that one response answers. */
function groupsOf(cells: readonly OracleCell[]): readonly Group[] {
  const groups = new Map<string, [OracleCell, ...OracleCell[]]>();
  for (const cell of cells) {
    const key = `${cell.host} ${cell.channel} ${cell.operation} ${cell.at} ${cell.viewer} ${cell.owner}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()];
}
