import type { ProbeResponse } from '../traffic/probe.ts';
import type { Lab } from '../lab.ts';
import { probeOf } from '../traffic/probes.ts';
import type { Visitor } from '../traffic/visitor.ts';
import type { OwnerIds, World } from '../traffic/world.ts';
import { describeCell } from './describe-cell.ts';
import type { OracleCell } from './oracle.ts';

/** A lab with somebody to walk it. */
export interface Walk {
  readonly lab: Lab;
  readonly visitor: Visitor;
  /** The same, to the origin's own back end. */
  readonly back: Visitor;
  readonly world: World;
  /** The value of each owner's field at each door, as first seen: it must be one and the same for whoever sees it. */
  readonly truth: Map<string, string>;
}

type Group = readonly [OracleCell, ...OracleCell[]];
/** Requests under way at once. */
const BATCH = 256;

/**
 * Asks for every cell that is read by plain HTTP, in the stage the lab is in, and says where it was answered otherwise than the
 * oracle has it. Knows doors and names, and nothing of the server: an object is found by its id.
 */
export async function walkReads(walk: Walk, cells: readonly OracleCell[]): Promise<string[]> {
  const answers = new Map<string, Promise<ProbeResponse>>();
  const wrong: string[] = [];
  const groups = groupsOf(cells.filter(({ kind }) => kind === 'read'));
  for (let from = 0; from < groups.length; from += BATCH) {
    const batch = groups.slice(from, from + BATCH);
    const found = await Promise.all(
      batch.map(async (group) => checkGroup(walk, group, await askOnce(walk, answers, group[0]))),
    );
    wrong.push(...found.flat());
  }
  return wrong;
}

function checkGroup({ truth, world }: Walk, group: Group, got: ProbeResponse): string[] {
  const [first] = group;
  const [object] = objectsOf(first, got, world.idsOf(first.owner));
  return group.flatMap((cell) => {
    const value = valueOf(cell, object);
    if ((value !== undefined) !== cell.released) return [describeCell(cell, `status ${got.status}`)];
    return value === undefined || isTheTruth(truth, cell, value) ? [] : [describeCell(cell, 'another value')];
  });
}

/** Identical requests are sent once: a list that holds every owner answers for all of them. */
function askOnce(walk: Walk, answers: Map<string, Promise<ProbeResponse>>, cell: OracleCell): Promise<ProbeResponse> {
  const { visitor, world } = walk;
  const probe = probeOf(cell.operation, cell.at);
  if (probe === undefined) throw new Error(`no request is known for ${cell.operation}`);
  const asked = probe(world.idsOf(cell.owner), world.anchors[cell.host.includes('.us.') ? 'us' : 'uk']);
  const key = JSON.stringify([cell.host, cell.channel, cell.viewer, asked]);
  const answer = answers.get(key) ?? visitor.ask(cell.host, asked, credentialsOf(walk, cell));
  answers.set(key, answer);
  return answer;
}

/** What a viewer sends to be known, by the channel they come by. */
function credentialsOf({ lab, world }: Walk, { viewer, channel }: OracleCell): Record<string, string> {
  if (channel === 'device')
    return { 'x-api-key': lab.identities.find(({ name }) => name === viewer)?.apiKey ?? 'none' };
  return { ...(channel === 'mobile' ? { platform: 'ios' } : {}), ...world.credentialsOf(viewer) };
}

/** Every value at an address: `*` stands for each element, lists of a GraphQL answer are walked into. */
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

/** The objects of the cell's owner in an answer; envelopes that carry no id are the owner's by the request. */
export function objectsOf(cell: OracleCell, got: ProbeResponse, owner: OwnerIds): unknown[] {
  if (got.status !== 200) return [];
  const mine = new Set<unknown>([owner.userId, owner.name, ...owner.workoutIds]);
  const hasNoId = cell.resource.endsWith('List') || cell.operation === 'Query.viewUserStack';
  return valuesAt(got.body, pathTo(cell)).filter((each) => {
    const { id, user_id: userId, org } = each as Record<string, unknown>;
    return hasNoId || mine.has(userId ?? id) || mine.has(id) || mine.has(org);
  });
}

/** The value of the cell in its object; undefined where it is withheld. */
export function valueOf(cell: OracleCell, object: unknown): unknown {
  const value = valuesAt(object, cell.wire.split('.'))[0] as { readonly edges?: unknown } | undefined;
  if (cell.resource !== 'FollowerList' && cell.resource !== 'FollowingList') return value;
  const rows = Array.isArray(value) ? value : value?.edges;
  return Array.isArray(rows) && rows.length > 0 ? rows : undefined;
}

/** Told differently to each viewer, or a list of others: present or absent is all there is to check. */
const VIEWERS_OWN = new Set(['relationship', 'authed_user_follows', 'followers', 'following']);

function isTheTruth(truth: Map<string, string>, cell: OracleCell, value: unknown): boolean {
  if (VIEWERS_OWN.has(cell.field)) return true;
  const key = [cell.host, cell.operation, cell.at, cell.owner, cell.resource, cell.field].join(' ');
  const text = JSON.stringify(value);
  if (!truth.has(key)) truth.set(key, text);
  return truth.get(key) === text;
}

/** Cells that one request answers. */
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
