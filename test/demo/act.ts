import { styleText } from 'node:util';

/** A statement that an act checks. */
export interface Assertion {
  readonly statement: string;
  readonly holds: boolean;
  /** What was found instead, if it does not hold. */
  readonly detail?: string;
}

export interface Figure {
  readonly label: string;
  readonly value: string;
}

/** One act of the demo, with its results. */
export interface Act {
  readonly number: number;
  readonly title: string;
  readonly story: string;
  readonly figures: readonly Figure[];
  readonly assertions: readonly Assertion[];
}

export function assertThat(statement: string, holds: boolean, detail?: string): Assertion {
  return { statement, holds, ...(detail === undefined || holds ? {} : { detail }) };
}

/** That two sets are equal. */
export function assertSame(statement: string, got: ReadonlySet<string>, expected: ReadonlySet<string>): Assertion {
  const missing = [...expected].filter((each) => !got.has(each));
  const extra = [...got].filter((each) => !expected.has(each));
  const sample = (list: readonly string[]): string => list.slice(0, 3).join(' · ');
  return assertThat(
    statement,
    missing.length + extra.length === 0,
    `${missing.length} missing (${sample(missing)}), ${extra.length} unexpected (${sample(extra)})`,
  );
}

export function printAct(act: Act): void {
  const stream = { stream: process.stdout };
  const lines = [
    '',
    styleText('bold', `${'①②③④⑤'[act.number - 1] ?? act.number}  ${act.title}`, stream),
    `   ${act.story}`,
    ...act.figures.map(({ label, value }) => `   ${styleText('cyan', value.padStart(8), stream)}  ${label}`),
    ...act.assertions.map(({ statement, holds, detail }) => {
      const mark = holds ? styleText('green', '✓', stream) : styleText('red', '✗', stream);
      return `   ${mark} ${statement}${detail === undefined ? '' : `: ${detail}`}`;
    }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
