import type { ProbeRequest } from '../traffic/probe.ts';
import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSchema } from '../graphql/schema.ts';
import { type Lab, startLab } from '../lab.ts';
import type { Door } from '../surface/door.ts';
import { DOORS } from '../surface/doors.ts';
import { GRAPHQL_DOORS } from '../surface/graphql-doors.ts';
import { REST_DOORS } from '../surface/rest-doors.ts';
import { probeOf } from '../traffic/probes.ts';
import { openVisitor, type Visitor } from '../traffic/visitor.ts';
import { learnWorld } from '../traffic/world.ts';
import { oracle, type OracleCell } from './oracle.ts';
import { type Variation, walkArguments } from './walk-arguments.ts';
import type { Walk } from './walk-reads.ts';

/** What else each argument may say: more, less, nothing, nonsense. */
const REST_VALUES: Readonly<Record<string, readonly string[]>> = {
  limit: ['0', '1', '100', '100000', '-1', 'x'],
  page: ['0', '1', '-1', '999999'],
  joins: ['user', 'ride.instructor', 'followers,user.settings,user,user'],
  filter: ['just_me', 'following', 'age_and_gender', 'everybody'],
  sort_by: ['created_at', '-created_at', 'email'],
  from: ['0', '1', '-1'],
  to: ['0', '1', '4000000000'],
  version: ['1', '2'],
  every_n: ['0', '600'],
  user_query: ['', 'h', 'hida', 'vip', '%'],
};
const GRAPH_VALUES: Readonly<Record<string, readonly string[]>> = {
  after: ['"0"', '"1"', '"5"', '"-1"', 'null'],
  first: ['1', '50', '100000', '-5'],
};
const PAGING = Object.keys(GRAPH_VALUES);
const NOBODY = { name: '', userId: '', workoutIds: [] };
const ANCHORS = { hub: NOBODY, hubsIdol: NOBODY, follower: NOBODY, hubFollows: [], org: '', tagName: '', classId: '' };
/** The schedule and the catalogue are about nobody. */
const ABOUT_SOMEBODY = REST_DOORS.filter(({ about }) => about !== 'none');

const REST_VARIATIONS: readonly Variation[] = ABOUT_SOMEBODY.flatMap((door) =>
  (door.takes ?? []).flatMap((name) =>
    (REST_VALUES[name] ?? []).map((value) => ({
      door,
      said: `${name}=${value}`,
      vary: (probe: ProbeRequest) => ({ ...probe, path: saying(probe.path, name, value) }),
    })),
  ),
);

function saying(path: string, name: string, value: string): string {
  const url = new URL(path, 'http://lab.test');
  url.searchParams.set(name, value);
  return url.pathname + url.search;
}

interface GraphArgument {
  readonly type: string;
  readonly field: string;
  readonly name: string;
}
const GRAPH_ARGUMENTS: readonly GraphArgument[] = Object.values(makeSchema().getTypeMap()).flatMap((type) =>
  isObjectType(type)
    ? Object.values(type.getFields()).flatMap(({ name: field, args }) =>
        args.flatMap(({ name }) => (PAGING.includes(name) ? [{ type: type.name, field, name }] : [])),
      )
    : [],
);

const GRAPH_VARIATIONS: readonly Variation[] = GRAPHQL_DOORS.filter(({ sights }) => sights.length > 0).flatMap((door) =>
  GRAPH_ARGUMENTS.filter((argument) => isSpokenAt(door, argument)).flatMap(({ field, name }) =>
    (GRAPH_VALUES[name] ?? []).map((value) => ({
      door,
      said: `${field}.${name}=${value}`,
      vary: (probe: ProbeRequest) => {
        const { query, variables } = probe.body as { readonly query: string; readonly variables: unknown };
        return { ...probe, body: { query: asking(query, field, `${name}: ${value}`), variables } };
      },
    })),
  ),
);

function placeOf(field: string): RegExp {
  return new RegExp(`\\b${field}(?:\\(([^)]*)\\))?(?=\\s*\\{)`);
}

/** Whether the door's request goes through that field; a root of the same name is another field. */
function isSpokenAt({ operation }: Door, { type, field }: GraphArgument): boolean {
  const { body } = probeOf(operation, '')?.(NOBODY, ANCHORS) ?? {};
  const isRoot = operation.split('.')[1] === field;
  return isRoot === (type === 'Query') && placeOf(field).test((body as { readonly query?: string }).query ?? '');
}

function asking(query: string, field: string, argument: string): string {
  const [name = ''] = argument.split(':');
  return query.replace(placeOf(field), (_, before: string | undefined) => {
    const kept = (before ?? '').split(',').filter((each) => each.trim() !== '' && !each.trim().startsWith(`${name}:`));
    return `${field}(${[...kept, argument].join(', ')})`;
  });
}

const VARIATIONS = [...REST_VARIATIONS, ...GRAPH_VARIATIONS];
/** Nobody, a stranger, a follower, one who asked, a guardian, an owner, one of the other region. */
const VIEWERS = new Set(['anonymous', 'sam', 'fay', 'penny', 'gwen', 'pia', 'sam_uk']);

let lab: Lab;
let visitor: Visitor;
let walk: Walk;
beforeAll(async () => {
  lab = await startLab({ members: 200 });
  visitor = openVisitor(lab.port);
  walk = { lab, visitor, back: visitor, world: await learnWorld(lab, visitor), truth: new Map() };
});
afterAll(async () => {
  visitor.close();
  await lab.close();
});

const cellsOf = (stage: string): OracleCell[] =>
  oracle({ stage, regions: ['us'] }).filter(({ viewer }) => VIEWERS.has(viewer));
const argumentsOf = (said: Iterable<string>): Set<string> => new Set([...said].map((each) => each.split('=')[0] ?? ''));

test('every argument of every door about somebody is varied', () => {
  const declared = ABOUT_SOMEBODY.flatMap(({ operation, takes = [] }) => takes.map((name) => `${operation} ${name}`));
  const varied = argumentsOf(VARIATIONS.map(({ door, said }) => `${door.operation} ${said}`));
  expect(declared.filter((each) => !varied.has(each))).toEqual([]);
  expect(declared.length).toBeGreaterThan(15);
  const fields = argumentsOf(GRAPH_VARIATIONS.map(({ said }) => said));
  expect(GRAPH_ARGUMENTS.filter(({ field, name }) => !fields.has(`${field}.${name}`))).toEqual([]);
});

describe.each(['sealed', 'location-left'])('in the stage %s', (stage) => {
  test('no argument brings out more than the oracle releases', { timeout: 90_000 }, async () => {
    lab.setStage(stage);
    const { wider, answered } = await walkArguments(walk, cellsOf(stage), VARIATIONS);
    expect(wider.slice(0, 20)).toEqual([]);
    const heard = argumentsOf([...answered].filter(([, times]) => times > 0).map(([said]) => said));
    const varied = argumentsOf(VARIATIONS.map(({ door, said }) => `${door.operation} ${said}`));
    expect([...varied].filter((each) => !heard.has(each))).toEqual([]);
  });
});

test(
  'a lab that stands wider than its oracle is caught at every door with an argument',
  { timeout: 90_000 },
  async () => {
    lab.setStage('members');
    const few = VARIATIONS.filter(({ said }) => /^(limit=100|version=1|every_n=600|[a-zA-Z]+\.after="0")$/.test(said));
    const sealed = cellsOf('sealed').filter(({ viewer }) => viewer === 'sam');
    const { wider } = await walkArguments(walk, sealed, few);
    const doors = new Set(
      few.map(({ door }) => door).filter(({ about, control }) => about !== 'follows' && control !== true),
    );
    const caught = [...doors].filter(({ operation }) => wider.some((line) => line.includes(` ${operation}: `)));
    expect(caught.map(({ operation }) => operation)).toEqual([...doors].map(({ operation }) => operation));
  },
);

describe('an argument that no door declares', () => {
  test.each(REST_DOORS.map(({ operation }) => operation))('is refused at %s', async (operation) => {
    lab.setStage('open');
    const [method = '', template = ''] = operation.split(' ');
    const path = template.replace('{id}', 'olga').replace('{org}', 'northwind').replace('{query}', 'o');
    const got = await visitor.ask(
      'api.us.lab.test',
      { method, path: `${path}?as_user=pia` },
      walk.world.credentialsOf('olga'),
    );
    expect(got).toMatchObject({ status: 400, body: { error_code: 'UNKNOWN_ARGUMENT' } });
  });

  test.each(
    DOORS.filter(({ protocol }) => protocol === 'graphql').map(({ operation }) => operation.split('.')[1] ?? ''),
  )('is refused at the root %s of the graph', async (root) => {
    lab.setStage('open');
    const body = {
      query: `${root === 'follow' || root === 'addClassToStack' ? 'mutation' : 'query'} { ${root}(asUser: "pia") { __typename } }`,
    };
    const got = await visitor.ask('gql.us.lab.test', { method: 'POST', path: '/graphql', body });
    expect(got.status).toBe(400);
    expect(JSON.stringify(got.body)).toContain('Unknown argument');
  });
});
