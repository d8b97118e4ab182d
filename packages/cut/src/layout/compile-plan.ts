import type { CompiledContract, ObjectShape, Shape } from '@leakproof/core';
import { conditionPathsOf, holdsObjects, keyFor, keysBelow, own } from '@leakproof/core/rules';
import { questionsFor } from '../rule/question.ts';
import {
  ANY,
  type BytePath,
  CHOICE,
  LIST,
  MAP,
  NOTHING,
  OBJECT,
  type ObjectPlan,
  PLAIN,
  type Plan,
  type PlanContext,
  type PlannedOwner,
  type Plans,
  type PlanVariant,
  REF,
} from './tables.ts';

const NO_CONTEXT: PlanContext = { narrow: undefined, mapField: undefined };

const cache = new WeakMap<CompiledContract, Plans>();

export function plansFor(contract: CompiledContract): Plans {
  let plans = cache.get(contract);
  if (!plans) cache.set(contract, (plans = makePlans(contract)));
  return plans;
}

/** All plans have the same members in the same order: one hidden class for the JavaScript engine. */
function makePlan(type: number, more: Partial<Omit<Plan, 'type'>> = {}): Plan {
  const { of, nullIfWithheld = false, keyed = false, choice, object } = more;
  return { type, of, nullIfWithheld, keyed, choice, object };
}

export const ANY_PLAN: Plan = makePlan(ANY);
const PLAIN_PLAN: Plan = makePlan(PLAIN);
/** Allows null only. */
const NOTHING_PLAN: Plan = makePlan(NOTHING);

function makePlans(contract: CompiledContract): Plans {
  const plans = { contract, questions: questionsFor(contract), variants: new WeakMap<Shape, PlanVariant[]>() };
  const complete = plans as Plans & { opaque: ObjectPlan };
  complete.opaque = objectPlan(complete, undefined, NO_CONTEXT);
  return complete;
}

/** The plan of a shape; compiled once for each context. */
export function planFor(plans: Plans, shape: Shape, context: PlanContext = NO_CONTEXT): Plan {
  const { narrow, mapField } = context;
  let variants = plans.variants.get(shape);
  if (!variants) plans.variants.set(shape, (variants = []));
  let found = variants.find((each) => each.narrow === narrow && each.mapField === mapField);
  if (!found) variants.push((found = { narrow, mapField, plan: compile(plans, shape, context) }));
  return found.plan;
}

function compile(plans: Plans, shape: Shape, context: PlanContext): Plan {
  switch (shape.type) {
    case 'any':
      return ANY_PLAN;
    case 'plain':
      return PLAIN_PLAN;
    case 'nothing':
      return NOTHING_PLAN;
    case 'ref':
      return refPlan(plans, shape.resource, context);
    case 'list':
      return makePlan(LIST, { of: planFor(plans, shape.of, context), nullIfWithheld: shape.gone === 'null' });
    case 'map':
      return makePlan(MAP, {
        of: planFor(plans, shape.of, { ...context, mapField: shape.key }),
        keyed: holdsObjects(shape.of),
      });
    case 'choice': {
      const cases = Object.entries(shape.cases).map(([name, each]) => [name, planFor(plans, each, context)] as const);
      const otherwise = shape.otherwise === 'drop' ? NOTHING_PLAN : planFor(plans, shape.otherwise, context);
      return makePlan(CHOICE, { choice: { discriminator: shape.by, cases: new Map(cases), otherwise } });
    }
    case 'object':
      return own(plans.contract.resources, shape.resource)
        ? makePlan(OBJECT, { object: objectPlan(plans, shape, context) })
        : NOTHING_PLAN;
  }
}

function refPlan(plans: Plans, name: string, { narrow }: PlanContext): Plan {
  const resource = own(plans.contract.resources, name);
  const [path] = resource && typeof resource.owner !== 'string' ? resource.owner : [];
  if (!resource || !path) return makePlan(REF);
  const shape: ObjectShape = { type: 'object', resource: name };
  const object = objectPlan(plans, shape, { narrow, mapField: undefined });
  const at = { first: path.path[0] ?? 'id', rest: [] };
  const owner = { at, kind: path.kind, role: path.as, about: false, orMapKey: false };
  return makePlan(REF, {
    object: { ...object, owners: [owner], onlyOwner: owner, appliesNarrow: true, isReference: true },
  });
}

function objectPlan(plans: Plans, shape: ObjectShape | undefined, { narrow, mapField }: PlanContext): ObjectPlan {
  const resource = shape && own(plans.contract.resources, shape.resource);
  const paths = resource && typeof resource.owner !== 'string' ? resource.owner : [];
  const ownerAt =
    (about: boolean) =>
    (each: (typeof paths)[number]): PlannedOwner => ({
      at: bytePath(shape, each.path),
      kind: each.kind,
      role: each.as,
      about,
      orMapKey: mapField !== undefined && each.path.length === 1 && each.path[0] === mapField,
    });
  const count = resource?.aggregate;
  const owners = [...paths.map(ownerAt(false)), ...(resource?.about ?? []).map(ownerAt(true))];
  const inheritsOwner = resource?.owner === 'parent';
  return {
    plans,
    resource,
    shape,
    narrow,
    appliesNarrow: resource?.owner !== 'none',
    mapField,
    owners,
    onlyOwner:
      owners.length === 1 && !inheritsOwner && owners[0]?.at.rest.length === 0 && owners[0].at.first !== undefined
        ? owners[0]
        : undefined,
    inheritsOwner,
    isOwned: resource !== undefined && resource.owner !== 'none',
    group: count ? { at: bytePath(shape, [count.count]), min: count.min } : undefined,
    evidencePaths: resource
      ? conditionPathsOf(plans.contract, resource.name).map((path) => ({ path, at: bytePath(shape, path) }))
      : [],
    isContainer: resource?.owner === 'none' && resource.about.length === 0 && !count && mapField === undefined,
    isReference: false,
    trie: { root: undefined, size: 0, isTooLargeForWasm: false },
  };
}

/** A path of field names as keys of the body: GraphQL aliases are resolved, as in core's `stepInto`. */
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
