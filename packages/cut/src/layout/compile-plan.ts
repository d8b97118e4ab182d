import type { CompiledContract, ObjectShape, Shape } from '@leakproof/core';
import { keyFor, keysBelow, type Narrow, own, conditionPathsOf } from '@leakproof/core/rules';
import { questionsFor } from '../rule/question.ts';
import {
  type BytePath,
  CHOICE,
  type Compiled,
  LIST,
  MAP,
  NOTHING,
  OBJECT,
  type ObjectPlan,
  type OwnerAt,
  PLAIN,
  type Plan,
  type Plans,
  REF,
  WHOLE,
} from './tables.ts';

const cache = new WeakMap<CompiledContract, Plans>();

export function plansFor(contract: CompiledContract): Plans {
  let plans = cache.get(contract);
  if (!plans) cache.set(contract, (plans = makePlans(contract)));
  return plans;
}

/** All plans have one form, so that the engine keeps one way to read them. */
function makePlan(kind: number, more: Partial<Omit<Plan, 'kind'>> = {}): Plan {
  const { of, leavesNull = false, keyed = false, choice, object } = more;
  return { kind, of, leavesNull, keyed, choice, object };
}

export const WHOLE_PLAN: Plan = makePlan(WHOLE);
const PLAIN_PLAN: Plan = makePlan(PLAIN);
/** Null is all that may stand there. */
const NOTHING_PLAN: Plan = makePlan(NOTHING);

function makePlans(contract: CompiledContract): Plans {
  const plans = { contract, questions: questionsFor(contract), compiled: new WeakMap<Shape, Compiled[]>() };
  const complete = plans as Plans & { opaque: ObjectPlan };
  complete.opaque = objectPlan(complete, undefined, undefined, undefined);
  return complete;
}

/** The plan of a shape below `narrow`; `mapField` if the place is listed in a map by a field of its objects. */
export function planFor(plans: Plans, shape: Shape, narrow?: Narrow, mapField?: string): Plan {
  let variants = plans.compiled.get(shape);
  if (!variants) plans.compiled.set(shape, (variants = []));
  let found = variants.find((each) => each.narrow === narrow && each.mapField === mapField);
  if (!found) variants.push((found = { narrow, mapField, plan: compile(plans, shape, narrow, mapField) }));
  return found.plan;
}

function compile(plans: Plans, shape: Shape, narrow: Narrow | undefined, mapField: string | undefined): Plan {
  switch (shape.type) {
    case 'any':
      return WHOLE_PLAN;
    case 'plain':
      return PLAIN_PLAN;
    case 'nothing':
      return NOTHING_PLAN;
    case 'ref':
      return refPlan(plans, shape.resource, narrow);
    case 'list':
      return makePlan(LIST, { of: planFor(plans, shape.of, narrow, mapField), leavesNull: shape.gone === 'null' });
    case 'map':
      return makePlan(MAP, { of: planFor(plans, shape.of, narrow, shape.key), keyed: holdsObjects(shape.of) });
    case 'choice': {
      const cases = Object.entries(shape.cases).map(
        ([name, each]) => [name, planFor(plans, each, narrow, mapField)] as const,
      );
      const otherwise = shape.otherwise === 'drop' ? NOTHING_PLAN : planFor(plans, shape.otherwise, narrow, mapField);
      return makePlan(CHOICE, { choice: { by: shape.by, cases: new Map(cases), otherwise } });
    }
    case 'object':
      return own(plans.contract.resources, shape.resource)
        ? makePlan(OBJECT, { object: objectPlan(plans, shape, narrow, mapField) })
        : NOTHING_PLAN;
  }
}

function holdsObjects(shape: Shape): boolean {
  return shape.type === 'list' ? holdsObjects(shape.of) : shape.type !== 'plain' && shape.type !== 'any';
}

function refPlan(plans: Plans, name: string, narrow: Narrow | undefined): Plan {
  const resource = own(plans.contract.resources, name);
  const [path] = resource && typeof resource.owner !== 'string' ? resource.owner : [];
  if (!resource || !path) return makePlan(REF);
  const shape: ObjectShape = { type: 'object', resource: name };
  const object = objectPlan(plans, shape, narrow, undefined);
  const at = { first: path.path[0] ?? 'id', rest: [] };
  const owner = { at, kind: path.kind, role: path.as, about: false, orKey: false };
  return makePlan(REF, { object: { ...object, owners: [owner], onlyOwner: owner, narrowed: true, isReference: true } });
}

function objectPlan(
  plans: Plans,
  shape: ObjectShape | undefined,
  narrow: Narrow | undefined,
  mapField: string | undefined,
): ObjectPlan {
  const resource = shape && own(plans.contract.resources, shape.resource);
  const paths = resource && typeof resource.owner !== 'string' ? resource.owner : [];
  const ownerAt =
    (about: boolean) =>
    (each: (typeof paths)[number]): OwnerAt => ({
      at: bytePath(shape, each.path),
      kind: each.kind,
      role: each.as,
      about,
      orKey: mapField !== undefined && each.path.length === 1 && each.path[0] === mapField,
    });
  const count = resource?.aggregate;
  const owners = [...paths.map(ownerAt(false)), ...(resource?.about ?? []).map(ownerAt(true))];
  const inherits = resource?.owner === 'parent';
  return {
    plans,
    resource,
    shape,
    narrow,
    narrowed: resource?.owner !== 'none',
    mapField,
    owners,
    onlyOwner: owners.length === 1 && !inherits && owners[0]?.at.rest.length === 0 ? owners[0] : undefined,
    inherits,
    owned: resource !== undefined && resource.owner !== 'none',
    crowd: count ? { at: bytePath(shape, [count.count]), min: count.min } : undefined,
    reads: resource
      ? conditionPathsOf(plans.contract, resource.name).map((path) => ({ path, at: bytePath(shape, path) }))
      : [],
    container: resource?.owner === 'none' && resource.about.length === 0 && !count && mapField === undefined,
    isReference: false,
    trie: { root: undefined, size: 0, isTooLarge: false },
  };
}

/** A path of field names as the keys it stands under, aliases seen through, as `stepInto` would go. */
function bytePath(shape: ObjectShape | undefined, path: readonly string[]): BytePath {
  let keys = shape?.keys;
  const steps: (string | undefined)[] = [];
  for (const step of path) {
    if (step === '*') {
      steps.push(undefined);
      continue;
    }
    const key = keys ? keyFor(keys, step) : undefined;
    if (keys && !key) return { first: undefined, rest: [] };
    steps.push(key ? key[0] : step);
    keys = keysBelow(key?.[1]);
  }
  const [first, ...rest] = steps;
  return { first, rest };
}
