import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import { STAGES } from '../rules/drifts.ts';
import { probeOf } from '../traffic/probes.ts';
import { type Got, openVisitor, type Visitor } from '../traffic/visitor.ts';
import { learnWorld, type OwnerIds, type World } from '../traffic/world.ts';
import { oracle, type OracleCell } from './oracle.ts';

/*
 * The lab's own proof: every cell of the oracle that is read, in every stage, asked for by plain HTTP. It knows the doors and
 * the people's names, and nothing of the server: an object is found by its id, and what is shown of it must be one and the same
 * value for whoever sees it.
 */

let lab: Lab;
let visitor: Visitor;
let world: World;
/** The value of each owner's field at each door, as first seen. */
const truth = new Map<string, string>();

beforeAll(async () => {
  lab = await startLab({ members: 200 });
  visitor = openVisitor(lab.port);
  world = await learnWorld(lab, visitor);
  expect(world.tokens.size).toBe(lab.identities.filter(({ canLogIn }) => canLogIn).length);
});
afterAll(async () => {
  visitor.close();
  await lab.close();
});

/** What a viewer sends to be known, by the channel they come by. */
function credentialsOf({ viewer, channel }: OracleCell): Record<string, string> {
  if (channel === 'device')
    return { 'x-api-key': lab.identities.find(({ name }) => name === viewer)?.apiKey ?? 'none' };
  const token = world.tokens.get(viewer);
  const platform = channel === 'mobile' ? { platform: 'ios' } : {};
  return token === undefined ? platform : { ...platform, authorization: `Bearer ${token}` };
}

/** Every value at an address: `*` stands for each element, lists of a GraphQL answer are walked into. */
function at(body: unknown, names: readonly string[]): unknown[] {
  if (body === undefined || body === null) return [];
  const [name, ...rest] = names;
  if (name === undefined) return [body];
  if (Array.isArray(body)) return body.flatMap((each) => at(each, name === '*' ? rest : names));
  return at((body as Record<string, unknown>)[name], rest);
}

const pathTo = ({ protocol, operation, at: place }: OracleCell): readonly string[] =>
  protocol === 'graphql'
    ? ['data', ...operation.split('.').slice(1), ...(operation === 'Query.users' ? ['*'] : [])]
    : place.split('/').filter((name) => name !== '');

/** The object of the cell's owner in an answer; envelopes that carry no id are the owner's by the request. */
function objectOf(cell: OracleCell, got: Got, owner: OwnerIds): unknown {
  if (got.status !== 200) return undefined;
  const mine = new Set<unknown>([owner.userId, owner.name, ...owner.workoutIds]);
  const hasNoId = cell.resource.endsWith('List') || cell.operation === 'Query.viewUserStack';
  return at(got.body, pathTo(cell)).find((each) => {
    const { id, user_id: userId, org } = each as Record<string, unknown>;
    return hasNoId || mine.has(userId ?? id) || mine.has(id) || mine.has(org);
  });
}

function valueOf(cell: OracleCell, object: unknown): unknown {
  const value = at(object, cell.wire.split('.'))[0] as { readonly edges?: unknown } | undefined;
  if (cell.resource !== 'FollowerList' && cell.resource !== 'FollowingList') return value;
  const rows = Array.isArray(value) ? value : value?.edges;
  return Array.isArray(rows) && rows.length > 0 ? rows : undefined;
}

/** Told differently to each viewer, or a list of others: present or absent is all there is to check. */
const VIEWERS_OWN = new Set(['relationship', 'authed_user_follows', 'followers', 'following']);

describe.each(STAGES.map(({ name }) => name))('in the stage %s', (stage) => {
  test('the lab answers every cell exactly as the oracle says', { timeout: 60_000 }, async () => {
    lab.setStage(stage);
    const answers = new Map<string, Promise<Got>>();
    const wrong: string[] = [];
    const groups = groupsOf(oracle({ stage }).filter(({ kind }) => kind === 'read'));
    const check = async (cells: readonly [OracleCell, ...OracleCell[]]): Promise<void> => {
      const owner = world.idsOf(cells[0].owner);
      const got = await askOnce(answers, cells[0]);
      const object = objectOf(cells[0], got, owner);
      for (const cell of cells) {
        const value = valueOf(cell, object);
        if ((value !== undefined) !== cell.released) wrong.push(describeCell(cell, `status ${got.status}`));
        else if (value !== undefined && !isTheTruth(cell, value)) wrong.push(describeCell(cell, 'another value'));
      }
    };
    for (let from = 0; from < groups.length; from += 256) await Promise.all(groups.slice(from, from + 256).map(check));
    expect(groups.flat().length).toBeGreaterThan(100_000);
    expect(wrong.slice(0, 20)).toEqual([]);
  });
});

/** Identical requests are sent once: a list that holds every owner answers for all of them. */
function askOnce(answers: Map<string, Promise<Got>>, cell: OracleCell): Promise<Got> {
  const probe = probeOf(cell.operation, cell.at);
  if (probe === undefined) throw new Error(`no request is known for ${cell.operation}`);
  const asked = probe(world.idsOf(cell.owner), world.anchors[cell.host.includes('.us.') ? 'us' : 'uk']);
  const key = JSON.stringify([cell.host, cell.channel, cell.viewer, asked]);
  const answer = answers.get(key) ?? visitor.ask(cell.host, asked, credentialsOf(cell));
  answers.set(key, answer);
  return answer;
}

function isTheTruth(cell: OracleCell, value: unknown): boolean {
  if (VIEWERS_OWN.has(cell.field)) return true;
  const key = [cell.host, cell.operation, cell.at, cell.owner, cell.resource, cell.field].join(' ');
  const text = JSON.stringify(value);
  if (!truth.has(key)) truth.set(key, text);
  return truth.get(key) === text;
}

/** Cells that one request answers. */
function groupsOf(cells: readonly OracleCell[]): readonly (readonly [OracleCell, ...OracleCell[]])[] {
  const groups = new Map<string, [OracleCell, ...OracleCell[]]>();
  for (const cell of cells) {
    const key = [cell.host, cell.channel, cell.operation, cell.at, cell.viewer, cell.owner].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()];
}

const describeCell = (
  { host, channel, operation, resource, field, viewer, owner, verdict }: OracleCell,
  got: string,
): string => `${verdict}: ${viewer} → ${owner} ${resource}.${field} at ${host} ${channel} ${operation}: ${got}`;
