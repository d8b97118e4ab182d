import { DAY_MS } from '../clocks/calendar.ts';
import { isFixed } from '../cases/case.ts';
import type { ListedCase } from './status.ts';

/** The metrics that BOD 20-01 asks for each quarter. Ages and times in days; null where there is nothing to measure. */
export interface Metrics {
  readonly received: number;
  readonly valid: number;
  readonly openValid: number;
  readonly medianAgeOfOpenValid: number | null;
  readonly openValidOlderThan90: number;
  /** All valid ones that were open for more than 90 days, by priority. */
  readonly olderThan90ByPriority: Readonly<Record<string, number>>;
  readonly medianAgeOfOlderThan90: number | null;
  readonly medianTimeToValidate: number | null;
  readonly medianTimeToRemediate: number | null;
  readonly medianTimeToFirstResponse: number | null;
  /** Steps of escalation that were taken: promises that were not kept. */
  readonly missedSteps: number;
}

/** The metrics of the reports that arrived in a period. */
export function metricsOf(
  cases: readonly ListedCase[],
  { nowMs, sinceMs = -Infinity }: { readonly nowMs: number; readonly sinceMs?: number | undefined },
): Metrics {
  const all = cases.map(({ desk }) => desk).filter(({ arrivedMs }) => arrivedMs >= sinceMs && arrivedMs <= nowMs);
  const valid = all.filter(
    ({ report, resolution }) =>
      ['valid', 'accepted', 'deferred'].includes(report) || resolution === 'fixed' || resolution === 'will not fix',
  );
  const open = valid.filter(({ closedMs }) => closedMs === undefined);
  const ageDays = ({ arrivedMs, closedMs }: (typeof all)[number]): number => ((closedMs ?? nowMs) - arrivedMs) / DAY_MS;
  const old = valid.filter((each) => ageDays(each) > 90);
  const since = (desk: (typeof all)[number], ms: number | undefined): readonly number[] =>
    ms === undefined ? [] : [(ms - desk.arrivedMs) / DAY_MS];
  const byPriority: Record<string, number> = {};
  for (const { priorityLabel = 'not prioritised' } of old)
    byPriority[priorityLabel] = (byPriority[priorityLabel] ?? 0) + 1;
  return {
    received: all.length,
    valid: valid.length,
    openValid: open.length,
    medianAgeOfOpenValid: median(open.map(ageDays)),
    openValidOlderThan90: open.filter((each) => ageDays(each) > 90).length,
    olderThan90ByPriority: byPriority,
    medianAgeOfOlderThan90: median(old.map(ageDays)),
    medianTimeToValidate: median(all.flatMap((desk) => since(desk, desk.assessedMs))),
    medianTimeToRemediate: median(valid.filter(isFixed).flatMap((desk) => since(desk, desk.closedMs))),
    medianTimeToFirstResponse: median(all.flatMap((desk) => since(desk, desk.firstHeardMs))),
    missedSteps: all.reduce((sum, { missed }) => sum + [...missed.values()].reduce((a, b) => a + b, 0), 0),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle];
  const low = sorted[middle - 1];
  if (high === undefined) return null;
  const value = sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
  return Math.round(value * 10) / 10;
}
