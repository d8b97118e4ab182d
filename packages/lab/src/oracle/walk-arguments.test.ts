import type { ProbeRequest } from '../traffic/probe.ts';
import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSchema } from '../graphql/schema.ts';
import { type Lab, startLab } from '../lab.ts';
import type { Operation } from '../surface/operation.ts';
import { GRAPHQL_OPERATIONS } from '../surface/graphql-operations.ts';
import { REST_OPERATIONS } from '../surface/rest-operations.ts';
import { probeOf } from '../traffic/probes.ts';
import { openLabClient, type LabClient } from '../traffic/lab-client.ts';
import { logInCast } from '../traffic/cast-directory.ts';
import { oracle, type OracleCell } from './oracle.ts';
import { type Variation, walkArguments } from './walk-arguments.ts';
import type { Walk } from './walk-reads.ts';

/** Values for each argument: larger, smaller, empty, invalid. */
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
const FIXTURES = {
  hub: NOBODY,
  followedByHub: NOBODY,
  follower: NOBODY,
  followedByHubNames: [],
  org: '',
  tagName: '',
  classId: '',
};
/** Operations that return personal data; the schedule and the catalogue do not. */
const PERSONAL = REST_OPERATIONS.filter(({ about }) => about !== 'none');

const REST_VARIATIONS: readonly Variation[] = PERSONAL.flatMap((operation) =>
  (operation.queryParameters ?? []).flatMap((name) =>
    (REST_VALUES[name] ?? []).map((value) => ({
      operation,
      label: `${name}=${value}`,
      vary: (probe: ProbeRequest) => ({ ...probe, path: withQueryParameter(probe.path, name, value) }),
    })),
  ),
);

function withQueryParameter(path: string, name: string, value: string): string {
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

const GRAPH_VARIATIONS: readonly Variation[] = GRAPHQL_OPERATIONS.filter(
  ({ projections }) => projections.length > 0,
).flatMap((operation) =>
  GRAPH_ARGUMENTS.filter((argument) => isOnPathOf(operation, argument)).flatMap(({ field, name }) =>
    (GRAPH_VALUES[name] ?? []).map((value) => ({
      operation,
      label: `${field}.${name}=${value}`,
      vary: (probe: ProbeRequest) => {
        const { query, variables } = probe.body as { readonly query: string; readonly variables: unknown };
        return { ...probe, body: { query: withArgument(query, field, `${name}: ${value}`), variables } };
      },
    })),
  ),
);

function fieldPattern(field: string): RegExp {
  return new RegExp(`\\b${field}(?:\\(([^)]*)\\))?(?=\\s*\\{)`);
}

/** Whether the operation's query selects that field; a root field of the same name is another field. */
function isOnPathOf({ name: operation }: Operation, { type, field }: GraphArgument): boolean {
  const { body } = probeOf(operation, '')?.(NOBODY, FIXTURES) ?? {};
  const isRoot = operation.split('.')[1] === field;
  return isRoot === (type === 'Query') && fieldPattern(field).test((body as { readonly query?: string }).query ?? '');
}

function withArgument(query: string, field: string, argument: string): string {
  const [name = ''] = argument.split(':');
  return query.replace(fieldPattern(field), (_, before: string | undefined) => {
    const kept = (before ?? '').split(',').filter((each) => each.trim() !== '' && !each.trim().startsWith(`${name}:`));
    return `${field}(${[...kept, argument].join(', ')})`;
  });
}

const VARIATIONS = [...REST_VARIATIONS, ...GRAPH_VARIATIONS];
/** Anonymous, a stranger, a follower, one with a pending request, a guardian, an owner, one of the other region. */
const VIEWERS = new Set(['anonymous', 'sam', 'fay', 'penny', 'gwen', 'pia', 'sam_uk']);

let lab: Lab;
let client: LabClient;
let walk: Walk;
beforeAll(async () => {
  lab = await startLab({ members: 200 });
  client = openLabClient(lab.port);
  walk = {
    lab,
    client,
    internalClient: client,
    directory: await logInCast(lab, client),
    knownValues: new Map(),
  };
});
afterAll(async () => {
  client.close();
  await lab.close();
});

const cellsOf = (stage: string): OracleCell[] =>
  oracle({ stage, regions: ['us'] }).filter(({ viewer }) => VIEWERS.has(viewer));
const argumentsOf = (labels: Iterable<string>): Set<string> =>
  new Set([...labels].map((each) => each.split('=')[0] ?? ''));

test('every argument of every operation with personal data is varied', () => {
  const declared = PERSONAL.flatMap(({ name: operation, queryParameters = [] }) =>
    queryParameters.map((name) => `${operation} ${name}`),
  );
  const varied = argumentsOf(VARIATIONS.map(({ operation, label }) => `${operation.name} ${label}`));
  expect(declared.filter((each) => !varied.has(each))).toEqual([]);
  expect(declared.length).toBeGreaterThan(15);
  const fields = argumentsOf(GRAPH_VARIATIONS.map(({ label }) => label));
  expect(GRAPH_ARGUMENTS.filter(({ field, name }) => !fields.has(`${field}.${name}`))).toEqual([]);
});

describe.each(['sealed', 'location-left'])('in the stage %s', (stage) => {
  test('no argument returns more than the oracle releases', { timeout: 90_000 }, async () => {
    lab.setStage(stage);
    const { unexpected, answered } = await walkArguments(walk, cellsOf(stage), VARIATIONS);
    expect(unexpected.slice(0, 20)).toEqual([]);
    const withAnswer = argumentsOf([...answered].filter(([, times]) => times > 0).map(([label]) => label));
    const varied = argumentsOf(VARIATIONS.map(({ operation, label }) => `${operation.name} ${label}`));
    expect([...varied].filter((each) => !withAnswer.has(each))).toEqual([]);
  });
});

test(
  'a lab that releases more than its oracle is detected at every operation with an argument',
  { timeout: 90_000 },
  async () => {
    lab.setStage('members');
    const few = VARIATIONS.filter(({ label }) =>
      /^(limit=100|version=1|every_n=600|[a-zA-Z]+\.after="0")$/.test(label),
    );
    const sealed = cellsOf('sealed').filter(({ viewer }) => viewer === 'sam');
    const { unexpected } = await walkArguments(walk, sealed, few);
    const names = new Set(
      few.flatMap(({ operation: { about, name, ownerOnly } }) =>
        about !== 'follows' && ownerOnly !== true ? [name] : [],
      ),
    );
    const detected = [...names].filter((name) => unexpected.some((line) => line.includes(` ${name}: `)));
    expect(detected).toEqual([...names]);
  },
);

describe('an undeclared argument', () => {
  test.each(REST_OPERATIONS.map(({ name }) => name))('is rejected by %s', async (operation) => {
    lab.setStage('open');
    const [method = '', template = ''] = operation.split(' ');
    const path = template.replace('{id}', 'olga').replace('{org}', 'northwind').replace('{query}', 'o');
    const response = await client.send(
      'api.us.lab.test',
      { method, path: `${path}?as_user=pia` },
      walk.directory.credentialsOf('olga'),
    );
    expect(response).toMatchObject({ status: 400, body: { error_code: 'UNKNOWN_ARGUMENT' } });
  });

  test.each(GRAPHQL_OPERATIONS.map(({ name }) => name.split('.')[1] ?? ''))(
    'is rejected by the GraphQL root %s',
    async (root) => {
      lab.setStage('open');
      const body = {
        query: `${root === 'follow' || root === 'addClassToStack' ? 'mutation' : 'query'} { ${root}(asUser: "pia") { __typename } }`,
      };
      const response = await client.send('gql.us.lab.test', { method: 'POST', path: '/graphql', body });
      expect(response.status).toBe(400);
      expect(JSON.stringify(response.body)).toContain('Unknown argument');
    },
  );
});
