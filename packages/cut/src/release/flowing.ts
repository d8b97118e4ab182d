import type { Shape } from '@leakproof/core';
import { planFor } from '../layout/compile-plan.ts';
import { placeOfKey } from '../layout/layout.ts';
import {
  BUBBLE,
  CHOICE,
  ENTER,
  type Layout,
  LIST,
  MAP,
  OBJECT,
  type ObjectPlan,
  type Plan,
  type Verdict,
} from '../layout/tables.ts';
import { IS, IS_WHOLE, NEXT, ROW, type Tape } from '../read/tape.ts';

/**
 * Whether the members of a container may leave before it is whole: it is nobody's, it may be seen whoever asks for it here,
 * nothing in it needs the rest of it to be judged, and nothing that may still come can take it back.
 */
export function mayFlow(
  tape: Tape,
  entry: number,
  open: { readonly layout: Layout; readonly verdict: Verdict; readonly monitor: boolean },
): boolean {
  const { layout, verdict, monitor } = open;
  const { plan } = layout;
  if (!plan.container || verdict.hidden || hasHeirs(plan)) return false;
  const last = layout.size - 1;
  if (verdict.fates[last] !== ENTER) return false;
  let member = entry + ROW;
  for (let index = 0; index < last; index++) {
    if (verdict.fates[index] === BUBBLE) return false;
    if (verdict.fates[index] === ENTER && verdict.elseFates[index] === BUBBLE && tape.rows[member + IS] !== IS_WHOLE)
      return false;
    member = tape.rows[member + NEXT] as number;
  }
  return monitor || !isMissingRequired(plan, layout);
}

/** A key of a selection that must not be null has not come yet. */
function isMissingRequired({ shape }: ObjectPlan, layout: Layout): boolean {
  return Object.entries(shape?.keys ?? {}).some(
    ([name, key]) => key.nonNull && !key.added && placeOfKey(layout, name) < 0,
  );
}

const heirs = new WeakMap<ObjectPlan, boolean>();

/** Whether an object of a container takes its owners, or what holds for them, from the container. */
function hasHeirs(plan: ObjectPlan): boolean {
  let known = heirs.get(plan);
  if (known === undefined) {
    const shapes: (Shape | undefined)[] = [
      ...Object.values(plan.resource?.fields ?? {}).map((field) => field.shape),
      ...Object.values(plan.shape?.keys ?? {}).map((key) => key.shape),
    ];
    known = shapes.some((shape) => shape !== undefined && isHeir(planFor(plan.plans, shape)));
    heirs.set(plan, known);
  }
  return known;
}

/** Whether what has this plan takes its owners from the object it stands in. */
export function isHeir(plan: Plan): boolean {
  switch (plan.kind) {
    case LIST:
    case MAP:
      return plan.of !== undefined && isHeir(plan.of);
    case CHOICE:
      return plan.choice !== undefined && [...plan.choice.cases.values(), plan.choice.otherwise].some(isHeir);
    case OBJECT:
      return plan.object?.inherits === true;
    default:
      return false;
  }
}
