import { isObjectType, isUnionType, type GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';
import { makeSchema } from '../graphql/schema.ts';
import { oracle } from '../oracle/oracle.ts';
import { ANSWERS } from '../rest/answers/index.ts';
import { MEANING } from '../rules/meaning.ts';
import { probeOf } from '../traffic/probes.ts';
import { DOORS } from './doors.ts';
import { GRAPHQL_DOORS } from './graphql-doors.ts';
import { REST_DOORS } from './rest-doors.ts';

const cells = oracle({ stage: 'open', regions: ['us'] });
const inOracle = new Set(cells.map(({ operation }) => operation));

/** Doors that show and change nothing of anybody: ways in, decoys, and the caller's own errands. */
const ABOUT_NOBODY = new Set(DOORS.filter(({ about }) => about === 'none').map(({ operation }) => operation));

test('every REST route that is answered is a door, and every door is answered', () => {
  expect(Object.keys(ANSWERS).sort()).toEqual(REST_DOORS.map(({ operation }) => operation).sort());
  expect(REST_DOORS.length).toBeGreaterThan(35);
});

test('every door is in the oracle, unless it is about nobody', () => {
  const missing = DOORS.map(({ operation }) => operation).filter(
    (each) => !inOracle.has(each) && !ABOUT_NOBODY.has(each),
  );
  expect(missing).toEqual([]);
  expect([...ABOUT_NOBODY].sort()).toEqual([
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

test('every field that MEANING speaks of is shown by some door, and so is in the oracle', () => {
  const shown = new Set(
    DOORS.flatMap(({ sights }) =>
      sights.flatMap(({ resource, fields }) => Object.values(fields).map((field) => `${resource}.${field}`)),
    ),
  );
  const meant = Object.entries(MEANING).flatMap(([resource, { fields }]) =>
    Object.keys(fields).map((field) => `${resource}.${field}`),
  );
  expect(meant.filter((field) => !shown.has(field))).toEqual([]);
  expect([...shown].filter((field) => !meant.includes(field))).toEqual([]);
});

test('every door that shows somebody has a request that brings it out', () => {
  const reads = cells.filter(({ kind }) => kind === 'read');
  expect(reads.filter(({ operation, at }) => probeOf(operation, at) === undefined)).toEqual([]);
});

/** Fields of the graph that lead on, or say nothing of anybody; all others must be a wire name of a door. */
const PLAIN = new Set(
  `User.assets User.protectedFields UserProtectedFields.workouts Tag.name Tag.followingCount Tag.users Class.id
  Class.joinToken Class.instructor Class.attendees Instructor.id Instructor.name Instructor.userId UserPrivacyError.code
  UserPrivacyError.message PageInfo.hasNextPage PageInfo.endCursor StackResponse.classes`.split(/\s+/),
);
/** What each argument of the graph does: all that name somebody lead through a door. */
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

test('every field of the graph is in the oracle or known to be plain, and every argument is known', () => {
  const schema = makeSchema();
  const wires = new Set(
    GRAPHQL_DOORS.flatMap(({ sights }) =>
      sights.flatMap(({ resource, fields }) => Object.keys(fields).map((wire) => `${resource} ${wire}`)),
    ),
  );
  const unknown = fieldsOf(schema).filter(({ type, name }) => {
    const isUsers = ['User', 'UserAssets', 'UserProtectedFields'].includes(type);
    const wire = { UserAssets: `assets.${name}`, UserProtectedFields: `protectedFields.${name}` }[type] ?? name;
    const owned = wires.has(`${isUsers ? 'User' : type} ${wire}`) || wires.has(`FollowerList ${name}`);
    return !owned && !PLAIN.has(`${type}.${name}`);
  });
  expect(unknown).toEqual([]);
  const takes = fieldsOf(schema, true).flatMap(({ takes: names }) => names);
  expect(takes.length).toBeGreaterThan(10);
  expect(takes.filter((name) => !ARGUMENTS.has(name))).toEqual([]);
});

test('every root of the graph has a door', () => {
  const roots = Object.keys(makeSchema().getQueryType()?.getFields() ?? {}).map((name) => `Query.${name}`);
  const changes = Object.keys(makeSchema().getMutationType()?.getFields() ?? {}).map((name) => `Mutation.${name}`);
  const operations = DOORS.map(({ operation }) => operation);
  expect(
    [...roots, ...changes].filter((root) => !operations.some((each) => each === root || each.startsWith(`${root}.`))),
  ).toEqual([]);
});

interface SchemaField {
  readonly type: string;
  readonly name: string;
  readonly takes: readonly string[];
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
      takes: args.map((arg) => arg.name),
    }));
  });
}
