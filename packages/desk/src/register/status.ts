import type { Case } from '../cases/case.ts';
import type { CaseEvent } from '../cases/event.ts';
import { loadCase } from '../service/change-case.ts';
import type { DeskContext } from '../service/context.ts';
import { DAY_MS } from '../clocks/calendar.ts';

export interface ListedCase {
  readonly id: string;
  readonly desk: Case;
}

/** Every case there is, folded. O(events). */
export async function allCases(context: DeskContext): Promise<readonly ListedCase[]> {
  return loadAll(
    (await context.store.rows.all()).map(({ id }) => id),
    context,
  );
}

/** The cases with an event of one kind: public pages read no more than these. */
export async function casesWith(kind: CaseEvent['body']['kind'], context: DeskContext): Promise<readonly ListedCase[]> {
  return loadAll(await context.store.rows.withEvent(kind), context);
}

async function loadAll(ids: readonly string[], context: DeskContext): Promise<readonly ListedCase[]> {
  const cases: ListedCase[] = [];
  for (const id of ids) {
    const { desk } = await loadCase(context.store.rows, id, context);
    cases.push({ id, desk });
  }
  return cases;
}

/** What is public of a missed deadline: program, dates, and no detail. */
export async function statusLines(context: DeskContext): Promise<readonly string[]> {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return (await casesWith('deadline-passed', context)).flatMap(({ desk }) => {
    const { deadlinePassedMs, publishedMs, arrivedMs, embargoUntilMs } = desk;
    if (deadlinePassedMs === undefined || publishedMs !== undefined) return [];
    const deadline = embargoUntilMs ?? deadlinePassedMs;
    const days = Math.round((deadline - arrivedMs) / DAY_MS);
    return [
      `${context.program.name}: reported on ${day(arrivedMs)}, deadline ${day(deadline)} (${days} days), not published.`,
    ];
  });
}
