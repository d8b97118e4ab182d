import { isObjectType, isUnionType, type GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';
import { makeSchema } from '../graphql/schema.ts';
import { oracle } from '../oracle/oracle.ts';
import { HANDLERS } from '../rest/handlers/index.ts';
import { POLICY } from '../rules/policy.ts';
import { probeOf } from '../traffic/probes.ts';
import { OPERATIONS } from './operations.ts';
import { GRAPHQL_OPERATIONS } from './graphql-operations.ts';
import { REST_OPERATIONS } from './rest-operations.ts';

const cells = oracle({ stage: 'open', regions: ['us'] });
const inOracle = new Set(cells.map(({ operation }) => operation));

/** Operations without personal data: login, public data, and actions of the caller. */
const NOT_PERSONAL = new Set(OPERATIONS.filter(({ about }) => about === 'none').map(({ name }) => name));

test('every REST operation has a handler, and every handler an operation', () => {
  expect(Object.keys(HANDLERS).sort()).toEqual(REST_OPERATIONS.map(({ name }) => name).sort());
  expect(REST_OPERATIONS.length).toBeGreaterThan(35);
});

test('every operation is in the oracle, unless it has no personal data', () => {
  const missing = OPERATIONS.map(({ name }) => name).filter((each) => !inOracle.has(each) && !NOT_PERSONAL.has(each));
  expect(missing).toEqual([]);
  expect([...NOT_PERSONAL].sort()).toEqual([
    'GET /.well-known/jwks.json',
    'GET /.well-known/security.txt',
    'GET /api/instructor',
    'GET /api/instructor/{id}',
    'GET /api/ride/metadata_mappings',
    'GET /api/ride/{id}/details',
    'GET /api/v2/ride/archived',
    'GET /api/v3/ride/live',
    'GET /health',
    'Mutation.addClassToStack',
    'POST /api/ride/{id}/reservation',
    'POST /auth/login',
    'POST /auth/signup',
  ]);
});

test('every field of the policy is returned by some operation, and so is in the oracle', () => {
  const returned = new Set(
    OPERATIONS.flatMap(({ projections }) =>
      projections.flatMap(({ resource, fields }) => Object.values(fields).map((field) => `${resource}.${field}`)),
    ),
  );
  const inPolicy = Object.entries(POLICY).flatMap(([resource, { fields }]) =>
    Object.keys(fields).map((field) => `${resource}.${field}`),
  );
  expect(inPolicy.filter((field) => !returned.has(field))).toEqual([]);
  expect([...returned].filter((field) => !inPolicy.includes(field))).toEqual([]);
});

test('every operation that returns personal data has a probe', () => {
  const reads = cells.filter(({ kind }) => kind === 'read');
  expect(reads.filter(({ operation, at }) => probeOf(operation, at) === undefined)).toEqual([]);
});

/** Fields of the graph that lead to others or are not personal; all others must be in a projection. */
const NOT_PROTECTED = new Set(
  `User.assets User.protectedFields UserProtectedFields.workouts Tag.name Tag.followingCount Tag.users Class.id
  Class.joinToken Class.instructor Class.attendees Instructor.id Instructor.name Instructor.userId UserPrivacyError.code
  UserPrivacyError.message PageInfo.hasNextPage PageInfo.endCursor StackResponse.classes`.split(/\s+/),
);
/** The purpose of each argument of the graph. */
const ARGUMENTS = new Map([
  ['id', 'names an owner'],
  ['ids', 'names owners'],
  ['q', 'finds owners'],
  ['tagName', 'leads to owners'],
  ['userId', 'names an owner'],
  ['input', "is the caller's own"],
  ['after', 'pages'],
  ['first', 'pages'],
]);

test('every field of the graph is in the oracle or known not to be personal, and every argument is known', () => {
  const schema = makeSchema();
  const wires = new Set(
    GRAPHQL_OPERATIONS.flatMap(({ projections }) =>
      projections.flatMap(({ resource, fields }) => Object.keys(fields).map((wire) => `${resource} ${wire}`)),
    ),
  );
  const unknown = fieldsOf(schema).filter(({ type, name }) => {
    const isUsers = ['User', 'UserAssets', 'UserProtectedFields'].includes(type);
    const wire = { UserAssets: `assets.${name}`, UserProtectedFields: `protectedFields.${name}` }[type] ?? name;
    const owned = wires.has(`${isUsers ? 'User' : type} ${wire}`) || wires.has(`FollowerList ${name}`);
    return !owned && !NOT_PROTECTED.has(`${type}.${name}`);
  });
  expect(unknown).toEqual([]);
  const queryParameters = fieldsOf(schema, true).flatMap(({ queryParameters: names }) => names);
  expect(queryParameters.length).toBeGreaterThan(10);
  expect(queryParameters.filter((name) => !ARGUMENTS.has(name))).toEqual([]);
});

test('every root field of the graph is an operation', () => {
  const roots = Object.keys(makeSchema().getQueryType()?.getFields() ?? {}).map((name) => `Query.${name}`);
  const changes = Object.keys(makeSchema().getMutationType()?.getFields() ?? {}).map((name) => `Mutation.${name}`);
  const operations = OPERATIONS.map(({ name }) => name);
  expect(
    [...roots, ...changes].filter((root) => !operations.some((each) => each === root || each.startsWith(`${root}.`))),
  ).toEqual([]);
});

interface SchemaField {
  readonly type: string;
  readonly name: string;
  readonly queryParameters: readonly string[];
}

function fieldsOf(schema: GraphQLSchema, roots = false): readonly SchemaField[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    const isRoot = type.name === 'Query' || type.name === 'Mutation';
    const isEnvelope = /(Edge|List|Page)$/.test(type.name);
    if (!isObjectType(type) || isUnionType(type) || type.name.startsWith('__') || isEnvelope || (isRoot && !roots))
      return [];
    return Object.values(type.getFields()).map(({ name, args }) => ({
      type: type.name,
      name,
      queryParameters: args.map((arg) => arg.name),
    }));
  });
}
