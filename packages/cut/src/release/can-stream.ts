import type { Shape } from '@leakproof/core';
import { planFor } from '../layout/compile-plan.ts';
import { memberIndexOf } from '../layout/layout.ts';
import { CHOICE, type Layout, LIST, MAP, OBJECT, type ObjectPlan, type Plan } from '../layout/tables.ts';
import { DESCEND, PROPAGATE_NULL, type Verdict } from '../rule/decision-tree.ts';
import { NEXT, ROW_WORDS, type Tape, TYPE, TYPE_WHOLE } from '../read/tape.ts';

/**
 * Whether the members of an object may be released before it is complete: it is a container and visible, no object in it inherits
 * its owners, and nothing that may still follow can withhold it.
 */
export function canStream(
  tape: Tape,
  entry: number,
  open: { readonly layout: Layout; readonly verdict: Verdict; readonly monitor: boolean },
): boolean {
  const { layout, verdict, monitor } = open;
  const { plan } = layout;
  if (!plan.isContainer || verdict.isHidden || hasInheritingChildren(plan)) return false;
  const last = layout.size - 1;
  if (verdict.actions[last] !== DESCEND) return false;
  let member = entry + ROW_WORDS;
  for (let index = 0; index < last; index++) {
    const action = verdict.actions[index];
    const fallback = verdict.fallbacks[index];
    if (action === PROPAGATE_NULL) return false;
    if (action === DESCEND && fallback === PROPAGATE_NULL && tape.rows[member + TYPE] !== TYPE_WHOLE) return false;
    member = tape.rows[member + NEXT] as number;
  }
  return monitor || !isMissingRequired(plan, layout);
}

/** Whether a selected key that must not be null has not been read yet. */
function isMissingRequired({ shape }: ObjectPlan, layout: Layout): boolean {
  return Object.entries(shape?.keys ?? {}).some(
    ([name, key]) => key.nonNull && !key.added && memberIndexOf(layout, name) < 0,
  );
}

const inheritingChildren = new WeakMap<ObjectPlan, boolean>();

/** Whether an object in the container may inherit the container's owners. */
function hasInheritingChildren(plan: ObjectPlan): boolean {
  let known = inheritingChildren.get(plan);
  if (known === undefined) {
    const shapes: (Shape | undefined)[] = [
      ...Object.values(plan.resource?.fields ?? {}).map((field) => field.shape),
      ...Object.values(plan.shape?.keys ?? {}).map((key) => key.shape),
    ];
    known = shapes.some((shape) => shape !== undefined && inheritsOwner(planFor(plan.plans, shape)));
    inheritingChildren.set(plan, known);
  }
  return known;
}

/** Whether a value with this plan takes its owners from the object that contains it. */
export function inheritsOwner(plan: Plan): boolean {
  switch (plan.type) {
    case LIST:
    case MAP:
      return plan.of !== undefined && inheritsOwner(plan.of);
    case CHOICE:
      return plan.choice !== undefined && [...plan.choice.cases.values(), plan.choice.otherwise].some(inheritsOwner);
    case OBJECT:
      return plan.object?.inheritsOwner === true;
    default:
      return false;
  }
}
