import type { Budget } from '../../contract/compiled.ts';
import type { ContractSource } from '../read/source.ts';
import { listOf, millisecondsOf } from './compiling.ts';

export function compileBudget(budget: NonNullable<ContractSource['budgets']>[number]): Budget {
  return {
    per: budget.per,
    count: budget.count,
    withinMs: millisecondsOf(budget.within),
    max: budget.max,
    steps: listOf(budget.steps ?? ['429']) as Budget['steps'],
  };
}
