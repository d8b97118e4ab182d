import { request, Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import { STAGES } from '../rules/stages.ts';
import { probeOf } from '../traffic/probes.ts';
import type { Anchors, OwnerIds, ProbeRequest } from '../traffic/world.ts';
import { oracle, type OracleCell } from './oracle.ts';

/*
 * The lab's own proof: every cell of the oracle, in every stage, asked for by plain HTTP. It knows the lab's doors and its
 * people's names, and nothing of its server: values are compared with what the person's own account says.
 */

let lab: Lab;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const tokens = new Map<string, string>();
const ids = new Map<string, OwnerIds>();
/** What anybody sees of an owner through a door of the open stage: the values that must not change on the way. */
const truth = new Map<string, unknown>();

interface Got {
  readonly status: number;
  readonly body: unknown;
}

function ask(host: string, probe: ProbeRequest, viewer: string): Promise<Got> {
  const token = tokens.get(viewer);
  const headers = { host, ...probe.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  return new Promise((resolve, reject) => {
    const { method, path } = probe;
    const sent = request({ agent, host: '127.0.0.1', port: lab.port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
      );
    });
    sent.on('error', reject);
    sent.end(probe.body === undefined ? undefined : JSON.stringify(probe.body));
  });
}

beforeAll(async () => {
  lab = await startLab({ members: 200, stage: 'open' });
  for (const { region, username, password, userId, canLogIn } of lab.identities) {
    const host = `api.${region}.lab.test`;
    const login = { method: 'POST', path: '/auth/login', body: { username_or_email: username, password } };
    const got = await ask(host, login, 'anonymous');
    expect(got.status).toBe(canLogIn ? 200 : 401);
    if (canLogIn) tokens.set(username, (got.body as { token: string }).token);
    const { body } = await ask(host, { method: 'GET', path: `/api/user/${userId}/workouts` }, 'anonymous');
    const workoutIds = ((body as { data?: { id: string }[] }).data ?? []).map(({ id }) => id);
    ids.set(username, { name: username, userId, workoutIds });
  }
});
afterAll(() => lab.close());

function idsOf(name: string): OwnerIds {
  const found = ids.get(name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

async function anchorsOf(region: string): Promise<Anchors> {
  const named = (name: string): OwnerIds => idsOf(region === 'us' ? name : `${name}_${region}`);
  const { body } = await ask(
    `api.${region}.lab.test`,
    { method: 'GET', path: '/api/ride/metadata_mappings' },
    'anonymous',
  );
  const classId = (body as { class_types: { id: string }[] }).class_types[0]?.id ?? '';
  return { hub: named('olga'), hubsIdol: named('hugo'), tagName: 'SharedTag', classId };
}

/** Every value at an address, `*` standing for each element. */
function at(body: unknown, address: string): unknown[] {
  if (address === '') return [body];
  const [name = '', ...rest] = address.split('/');
  const inner =
    name === '*' && Array.isArray(body)
      ? (body as unknown[])
      : [(body as Record<string, unknown> | null | undefined)?.[name]];
  return inner.filter((each) => each !== undefined && each !== null).flatMap((each) => at(each, rest.join('/')));
}

/** The objects of a GraphQL answer under a path of field names; lists are walked into. */
function under(value: unknown, names: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => under(each, names));
  if (value === null || value === undefined) return [];
  const [name, ...rest] = names;
  return name === undefined ? [value] : under((value as Record<string, unknown>)[name], rest);
}

/** The object of the cell's owner in an answer; list envelopes have no id and are the owner's by the request. */
function objectOf(cell: OracleCell, got: Got, owner: OwnerIds): Record<string, unknown> | undefined {
  if (got.status !== 200) return undefined;
  const objects =
    cell.protocol === 'rest'
      ? at(got.body, cell.at)
      : under((got.body as { data: unknown }).data, cell.operation.split('.').slice(1));
  const mine = new Set<unknown>([owner.userId, ...owner.workoutIds]);
  return (objects as Record<string, unknown>[]).find(
    (each) => cell.resource.endsWith('List') || mine.has(each['id']) || mine.has(each['user_id']),
  );
}

function valueOf(cell: OracleCell, got: Got, owner: OwnerIds): unknown {
  const value = at(objectOf(cell, got, owner), cell.wire.replaceAll('.', '/'))[0];
  return cell.resource === 'FollowerList' && isEmptyList(value) ? undefined : value;
}

const isEmptyList = (value: unknown): boolean => {
  const rows: unknown = Array.isArray(value) ? value : (value as { edges?: unknown } | undefined)?.edges;
  return Array.isArray(rows) && rows.length === 0;
};

/** Told differently to each viewer, or a page of others: present or absent is all there is to check. */
const VIEWERS_OWN = new Set(['relationship', 'authed_user_follows', 'followers']);

describe.each(STAGES.map(({ name }) => name))('in the stage %s', (stage) => {
  test('the lab answers every cell exactly as the oracle says', { timeout: 60_000 }, async () => {
    lab.setStage(stage);
    const groups = groupsOf(oracle({ stage }));
    const anchors = { us: await anchorsOf('us'), uk: await anchorsOf('uk') };
    const wrong: string[] = [];
    let walked = 0;
    const walk = async (cells: readonly OracleCell[]): Promise<void> => {
      const [first] = cells;
      const probe = first && probeOf(first.operation, first.at);
      if (first === undefined || probe === undefined) throw new Error(`no request is known for ${first?.operation}`);
      const owner = idsOf(first.owner);
      const got = await ask(
        first.host,
        probe(owner, first.host.includes('.us.') ? anchors.us : anchors.uk),
        first.viewer,
      );
      for (const cell of cells) {
        walked += 1;
        const value = valueOf(cell, got, owner);
        if ((value !== undefined) !== cell.released) wrong.push(describeCell(cell, `status ${got.status}`));
        if (value === undefined || VIEWERS_OWN.has(cell.field)) continue;
        const key = [cell.host, cell.operation, cell.owner, cell.resource, cell.field].join(' ');
        if (!truth.has(key)) truth.set(key, value);
        if (JSON.stringify(truth.get(key)) !== JSON.stringify(value)) wrong.push(describeCell(cell, 'another value'));
      }
    };
    const queue = groups.values();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const cells of queue) await walk(cells);
      }),
    );
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(walked).toBeGreaterThan(50_000);
  });
});

/** Cells that one request answers. */
function groupsOf(cells: readonly OracleCell[]): Map<string, OracleCell[]> {
  const groups = new Map<string, OracleCell[]>();
  for (const cell of cells) {
    const key = [cell.host, cell.channel, cell.operation, cell.at, cell.viewer, cell.owner].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return groups;
}

const describeCell = ({ host, operation, resource, field, viewer, owner, verdict }: OracleCell, got: string): string =>
  `${verdict}: ${viewer} → ${owner} ${resource}.${field} at ${host} ${operation}: ${got}`;
