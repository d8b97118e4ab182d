import type { Paint } from '../report/paint.ts';
import { textReport } from '../report/text-report.ts';
import { conclude, exitOf } from '../run/conclusion.ts';
import { jsonReport } from '../report/json-report.ts';
import type { Proven } from './prove.ts';

/** Whether a run found something, is clean, or decides nothing. What was not judged is never clean. */
export function exitOfProven({ scan, draft, notTested, interrupted }: Proven): 0 | 1 | 3 | 130 {
  if (interrupted) return 130;
  if (!scan) return 3;
  const exit = exitOf(scan);
  if (exit !== 0) return exit;
  const isComplete = notTested.length === 0 && draft.rules.every(({ undecided }) => undecided === undefined);
  return isComplete ? 0 : 3;
}

export interface ProveReportOptions {
  readonly paint: Paint;
  /** Commands that can be run next, as they are typed. */
  readonly next: readonly string[];
}

/** The report of a run as text: what was not tested, what is undecided with its questions, then the scan. */
export function proveReport(proven: Proven, { paint, next }: ProveReportOptions): string {
  const { draft, scan, notTested, explored, seconds } = proven;
  const exit = exitOfProven(proven);
  return [
    ...section(paint('bold', 'Not tested, before the scan'), notTestedLines(proven)),
    ...section(paint('bold', 'Undecided: nobody told who may see this'), undecidedLines(proven)),
    ...(scan ? [textReport(scan, paint)] : []),
    `${explored} requests to read the API, ${scan?.requests ?? 0} to scan it, in ${seconds.toFixed(1)} s; ${draft.rules.length} rules drafted.`,
    ...(scan && exitOf(scan) === exit ? [] : [paint('yellow', `${sentenceOf(proven)} Exit ${exit}.`)]),
    ...(next.length === 0 ? [] : ['', paint('bold', 'Next'), ...next.map((each) => `  ${each}`)]),
    '',
  ].join('\n');

  function sentenceOf({ interrupted }: Proven): string {
    if (interrupted) return 'Interrupted: the results are incomplete.';
    if (!scan) return 'Inconclusive: nobody could be judged by what was found, so nothing is known.';
    return notTested.length > 0
      ? 'Inconclusive: nothing was proven, and not everything was tested.'
      : 'Inconclusive: nothing was proven, and rules are undecided.';
  }
}

/** The result as JSON: names and counts, no value and no secret. */
export function proveJson(proven: Proven): object {
  const { draft, scan, notTested, explored, seconds, interrupted } = proven;
  return {
    exit: exitOfProven(proven),
    conclusion: scan ? conclude(scan).sentence : undefined,
    interrupted,
    explored,
    seconds,
    notTested,
    undecided: draft.rules.flatMap(({ at, undecided }) => (undecided === undefined ? [] : [{ at, why: undecided }])),
    questions: draft.questions,
    scan: scan && jsonReport(scan),
  };
}

const MAX_LINES = 20;

function notTestedLines({ notTested }: Proven): string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, why } of notTested) byReason.set(why, [...(byReason.get(why) ?? []), what]);
  return [...byReason].map(([why, names]) => {
    const shown = names.slice(0, 6).join(', ');
    return `${shown}${names.length > 6 ? ` and ${names.length - 6} more` : ''}: ${why}`;
  });
}

function undecidedLines({ draft }: Proven): string[] {
  const rules = draft.rules.filter(({ undecided }) => undecided !== undefined);
  if (rules.length === 0) return [];
  const questions = draft.questions.flatMap(({ about, text, suggestion, flags }) => {
    const narrowed = suggestion === 'member' && flags[0] !== undefined ? `, narrowed by ${flags[0]} to self` : '';
    return [text, `    ${about}: ${suggestion}${narrowed}   # usual; or anyone, member, self, nobody`];
  });
  return [
    `${rules.length} rules, of ${new Set(rules.map(({ at }) => at.split('.').slice(0, 2).join('.'))).size} resources and operations.`,
    ...(questions.length === 0
      ? []
      : ['Write the answers into a file, and run this again with --answers FILE:', ...questions]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MAX_LINES).map((line) => `  ${line}`);
  return [title, ...shown, ...(lines.length > MAX_LINES ? [`  and ${lines.length - MAX_LINES} more lines`] : []), ''];
}
