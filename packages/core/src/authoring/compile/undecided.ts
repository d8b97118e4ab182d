import type { SourcePath } from '../read/document.ts';
import type { Compiling } from './compiling.ts';

interface UndecidedRule {
  readonly see?: unknown;
  readonly by?: unknown;
  readonly narrow?: unknown;
  readonly undecided?: string;
}

/** Who may see an undecided field: nobody but its owner. */
export function strictest({ undecided }: UndecidedRule): 'self' | undefined {
  return undecided === undefined ? undefined : 'self';
}

/** An undecided rule names nobody: what it means until somebody decides is the same everywhere. */
export function checkUndecided(compiling: Compiling, rule: UndecidedRule, path: SourcePath): void {
  if (rule.undecided === undefined) return;
  for (const word of ['see', 'by', 'narrow'] as const) {
    if (rule[word] === undefined) continue;
    compiling.error(
      [...path, word],
      `The rule is undecided, and has \`${word}\`.`,
      `Take \`undecided\` out once it is decided, or \`${word}\` until then.`,
    );
  }
}
