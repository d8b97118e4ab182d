import type { CompiledContract, Field, Grant, Narrow, OwnerPath, Resource } from '../contract/compiled.ts';
import { readCondition } from '../contract/condition.ts';
import { PLAIN, type SelectedKey, type Shape } from '../contract/shape.ts';
import type { Draw } from './draw.ts';

/** Ids are few, so that principals meet their own; two of them differ beyond 2^53 only. */
export const IDS = ['7', '8', '9007199254740992', '9007199254740993', 'a"b'] as const;
export const SPACE = 'us';
export const RELATIONS = ['anyone', 'member', 'self', 'nobody', 'staff', 'follower', 'friend', 'colleague'] as const;
export const STATES = ['private', 'hides', 'frozen'] as const;
export const RESOURCES = ['A', 'B', 'C', 'D'] as const;

/** Fields that owners and conditions are read from, fields of none of them, and names that a careless program trips over. */
const FIELDS = [
  'id',
  'name',
  'weight',
  'person_id',
  'org_id',
  'from_id',
  'to_id',
  'shared',
  'meta',
  'is_private',
  'friend',
  '__proto__',
  'constructor',
  'we ight"',
  'größe',
  'kind',
  'inner',
  'inners',
] as const;

const OWNERS: readonly [readonly OwnerPath[], ...(readonly OwnerPath[])[]] = [
  [{ kind: 'person', path: ['id'] }],
  [{ kind: 'person', path: ['person_id'] }],
  [{ kind: 'org', path: ['org_id'] }],
  [
    { kind: 'person', path: ['from_id'], as: 'sender' },
    { kind: 'person', path: ['to_id'], as: 'recipient' },
  ],
  [
    { kind: 'person', path: ['person_id'] },
    { kind: 'person', path: ['shared', '*'], as: 'recipient' },
  ],
  [{ kind: 'person', path: ['meta', 'person_id'] }],
];

/** A contract as the compiler makes them: relations by condition, object and lookup; states known and not. */
export function drawContract(draw: Draw, graphql: boolean): CompiledContract {
  const resources: Record<string, Resource> = {
    Envelope: {
      name: 'Envelope',
      owner: 'none',
      about: [],
      see: { see: ['anyone'], narrow: {} },
      fields: record([
        ['data', { grant: { see: ['anyone'], narrow: {} }, shape: drawShape(draw, graphql) }],
        ['total', { grant: { see: draw.oneOf([['anyone'], ['nobody'], ['member']]), narrow: {} }, shape: PLAIN }],
      ]),
    },
  };
  for (const name of RESOURCES) resources[name] = drawResource(draw, name, graphql);
  return {
    format: 2,
    servers: [
      {
        name: 'one',
        endpoints: { rest: { scheme: 'http', authority: 'api.example', path: '' } },
        space: SPACE,
        authenticatesCaller: draw.oneIn(2),
      },
    ],
    principals: [],
    owners: { person: { subject: true }, org: { subject: false } },
    relations: {
      follower: { of: 'person', lookup: { method: 'POST', path: '/follows', cacheMs: 0 } },
      friend: { of: 'person', object: { '*': readCondition('object.friend == true') } },
      colleague: { of: 'org', when: readCondition('principal.claims.org == owner.id') },
    },
    states: {
      private: {
        of: 'person',
        object: { '*': readCondition('object.is_private') },
        lookup: { method: 'POST', path: '/states', cacheMs: 0 },
        unknown: draw.oneIn(2),
      },
      hides: { of: 'person', lookup: { method: 'POST', path: '/states', cacheMs: 0 }, unknown: draw.oneIn(2) },
      frozen: { of: 'org', object: { A: readCondition('object.meta.kind != "open"') }, unknown: true },
    },
    resources,
    operations: [],
    mode: 'enforce',
    undeclared: { operations: 'deny', parameters: 'deny' },
    on: { 'no-ledger': 'refuse', 'no-lookup': 'deny' },
    budgets: [],
    foreign: 404,
  };
}

function drawResource(draw: Draw, name: string, graphql: boolean): Resource {
  const names: readonly string[] = ['id', 'name', 'kind', ...draw.someOf(FIELDS)];
  const fields = record([...new Set(names)].map((field) => [field, drawField(draw, field, graphql)] as const));
  const owner = draw.oneIn(5) ? draw.oneOf(['none', 'parent'] as const) : draw.oneOf(OWNERS);
  return {
    name,
    owner,
    ...(draw.oneIn(4) ? {} : { id: 'id' }),
    about: draw.oneIn(4) ? [{ kind: 'person', path: ['person_id'] }] : [],
    ...(draw.oneIn(3) ? { see: drawGrant(draw, false) } : {}),
    fields,
    ...(draw.oneIn(40) ? { aggregate: { count: 'weight', min: 20 } } : {}),
  };
}

function drawField(draw: Draw, name: string, graphql: boolean): Field {
  const shape = name === 'inner' || name === 'inners' || name === 'meta' ? drawShape(draw, graphql) : drawLeaf(draw);
  const leftToValue = shape.type !== 'plain' && draw.oneIn(3);
  return {
    grant: leftToValue ? { see: ['anyone'], narrow: {} } : drawGrant(draw, true),
    ...(leftToValue ? { leftToValue } : {}),
    shape,
    ...(draw.oneIn(4) ? { instead: draw.oneOf(['null', '"hidden"', '0', '[]', '{"id":null}']) } : {}),
  };
}

export function drawGrant(draw: Draw, roles: boolean): Grant {
  return {
    see: [draw.oneOf(['anyone', 'member', 'self', ...RELATIONS]), ...draw.someOf(RELATIONS.slice(2))],
    narrow: drawNarrow(draw),
    ...(roles && draw.oneIn(8) ? { of: 'recipient' } : {}),
  };
}

export function drawNarrow(draw: Draw): Narrow {
  if (!draw.oneIn(3)) return {};
  return Object.fromEntries(draw.someOf(STATES).map((state) => [state, [draw.oneOf(RELATIONS.slice(1) as [string])]]));
}

function drawLeaf(draw: Draw): Shape {
  if (draw.oneIn(8)) return { type: 'any' };
  return draw.oneIn(8) ? { type: 'ref', resource: draw.oneOf(RESOURCES) } : PLAIN;
}

/** A shape, a few levels deep at most; resources may hold each other, and themselves. */
export function drawShape(draw: Draw, graphql: boolean, depth = 2): Shape {
  const deeper = (): Shape => (depth === 0 ? drawObject(draw, graphql) : drawShape(draw, graphql, depth - 1));
  switch (draw.upTo(9)) {
    case 0:
      return drawLeaf(draw);
    case 1:
    case 2:
    case 3:
      return { type: 'list', of: deeper(), ...(graphql && draw.oneIn(2) ? { gone: 'null' } : {}) };
    case 4:
      return graphql ? drawObject(draw, graphql) : { type: 'map', of: deeper(), key: draw.oneOf(['id', 'person_id']) };
    case 5: {
      const by = graphql ? 'leakproof_type' : 'kind';
      const cases = { a: drawObject(draw, graphql), b: drawObject(draw, graphql), __proto__x: PLAIN };
      return { type: 'choice', by, cases, otherwise: draw.oneIn(2) ? 'drop' : drawObject(draw, graphql) };
    }
    default:
      return drawObject(draw, graphql);
  }
}

function drawObject(draw: Draw, graphql: boolean): Shape {
  const resource = draw.oneOf(RESOURCES);
  if (graphql) return { type: 'object', resource, keys: drawKeys(draw) };
  const only = draw.oneIn(4) ? { only: ['id', ...draw.someOf(FIELDS)] } : {};
  return { type: 'object', resource, ...only };
}

/** A GraphQL selection: fields under names of the client's choosing, and the evidence under ours. */
function drawKeys(draw: Draw): Readonly<Record<string, SelectedKey>> {
  const keys: [string, SelectedKey][] = [];
  for (const field of ['id', 'name', ...draw.someOf(FIELDS)]) {
    const alias = draw.oneIn(5) ? draw.oneOf(['id', 'name', 'x1', 'x2', 'constructor']) : field;
    if (keys.some(([key]) => key === alias)) continue;
    keys.push([alias, { field, shape: drawLeaf(draw), nonNull: draw.oneIn(4), added: false }]);
  }
  for (const field of ['id', 'person_id', 'org_id', 'from_id', 'to_id', 'is_private', 'friend']) {
    keys.push([`leakproof_${field}`, { field, shape: PLAIN, nonNull: false, added: true }]);
  }
  keys.push(['leakproof_type', { field: '__typename', shape: PLAIN, nonNull: true, added: true }]);
  return record(keys);
}

/** A record that `__proto__` cannot break. */
export function record<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries);
}
