import type { ScanResult } from './scan-result.ts';

/** What a scan shows as a whole. */
export interface Conclusion {
  /** 0 clean, 1 findings, 3 neither proven nor clean, 130 interrupted (docs/exit-codes.md). */
  readonly exit: 0 | 1 | 3 | 130;
  /** One sentence. */
  readonly sentence: string;
}

type Concluded = Pick<
  ScanResult,
  'cells' | 'findings' | 'endpoints' | 'notTested' | 'undeclaredInDocument' | 'interrupted'
>;

export function conclude(result: Concluded): Conclusion {
  const { cells, findings, endpoints, notTested, undeclaredInDocument, interrupted } = result;
  if (interrupted) return { exit: 130, sentence: 'Interrupted: the results are incomplete.' };
  const proven = findings.filter(({ verdict }) => verdict === 'proven').length;
  const undecided = undecidedCounts(cells);
  if (proven > 0) {
    const rest = undecided === '' ? '' : ` Not decided: ${undecided}.`;
    return { exit: 1, sentence: `${count(proven, 'leak')} proven.${rest}` };
  }
  if (cells.length === 0 || endpoints === 0)
    return { exit: 3, sentence: 'Inconclusive: nothing could be tested, so nothing is known.' };
  if (undecided !== '')
    return {
      exit: 3,
      sentence: `Inconclusive: no leak was proven, and not everything could be decided: ${undecided}.`,
    };
  const operations = new Set([...undeclaredInDocument, ...notTested.map(({ operation }) => operation)]).size;
  const rest = operations === 0 ? '' : ` ${count(operations, 'operation')} not tested, or not with all parameters.`;
  return { exit: 0, sentence: `Nothing leaks in what was tested.${rest}` };
}

/** The exit code of a scan. */
export function exitOf(result: Concluded): Conclusion['exit'] {
  return conclude(result).exit;
}

const UNDECIDED = { inconclusive: 'unknown', likely: 'likely', lost: 'lost' } as const;

function undecidedCounts(cells: ScanResult['cells']): string {
  return Object.entries(UNDECIDED)
    .map(([verdict, word]) => [cells.filter((cell) => cell.verdict === verdict).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${count(number, 'cell')} ${word}`)
    .join(', ');
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
