import type { Budget, BudgetStep } from '@leakproof/core';

/** What a principal's budget means for its next request. */
export interface BudgetLevel {
  readonly step: BudgetStep | 'free';
  /** Other owners' data is released only as anyone may see it. */
  readonly publicOnly: boolean;
  readonly delayed: boolean;
}

/** What a principal has used of a budget within its window. */
export interface BudgetUse {
  /** Distinct owners. */
  readonly count: number;
  /** Requests that the budget refused. */
  readonly refusals: number;
}

const MILD = ['observe', 'delay', 'public-only'] as const;

/**
 * The step of a budget that applies. The mild steps begin evenly spread below `max`, the refusing ones at `max`; see
 * docs/decisions/0003-budget-steps.md.
 */
export function levelOf(budget: Budget, { count, refusals }: BudgetUse, freezeAfter: number): BudgetLevel {
  const mild = MILD.filter((step) => budget.steps.includes(step));
  const reached = mild.filter((_, index) => count >= (budget.max * (index + 1)) / (mild.length + 1));
  const publicOnly = reached.includes('public-only');
  const delayed = reached.includes('delay');
  if (budget.steps.includes('freeze') && refusals >= freezeAfter) return { step: 'freeze', publicOnly, delayed };
  if (refuses(budget) && count >= budget.max) return { step: '429', publicOnly, delayed };
  return { step: reached.at(-1) ?? 'free', publicOnly, delayed };
}

/** True if the budget ends in a refusal: only then does `max` bound what a principal receives. */
export function refuses(budget: Budget): boolean {
  return budget.steps.includes('429') || budget.steps.includes('freeze');
}
