import { styleText } from 'node:util';

/** Something an act asserts about what just happened. */
export interface Claim {
  readonly says: string;
  readonly holds: boolean;
  /** What was seen instead, if it does not hold. */
  readonly detail?: string;
}

export interface Figure {
  readonly label: string;
  readonly value: string;
}

/** One act of the demo, as it went. */
export interface Act {
  readonly number: number;
  readonly title: string;
  readonly story: string;
  readonly figures: readonly Figure[];
  readonly claims: readonly Claim[];
}

export function claim(says: string, holds: boolean, detail?: string): Claim {
  return { says, holds, ...(detail === undefined || holds ? {} : { detail }) };
}

/** Two sets that should be the same; says what is missing and what is too much. */
export function same(says: string, got: ReadonlySet<string>, expected: ReadonlySet<string>): Claim {
  const missing = [...expected].filter((each) => !got.has(each));
  const extra = [...got].filter((each) => !expected.has(each));
  const sample = (list: readonly string[]): string => list.slice(0, 3).join(' · ');
  return claim(
    says,
    missing.length + extra.length === 0,
    `${missing.length} missing (${sample(missing)}), ${extra.length} too much (${sample(extra)})`,
  );
}

export function printAct(act: Act): void {
  const stream = { stream: process.stdout };
  const lines = [
    '',
    styleText('bold', `${'①②③④⑤'[act.number - 1] ?? act.number}  ${act.title}`, stream),
    `   ${act.story}`,
    ...act.figures.map(({ label, value }) => `   ${styleText('cyan', value.padStart(8), stream)}  ${label}`),
    ...act.claims.map(({ says, holds, detail }) => {
      const mark = holds ? styleText('green', '✓', stream) : styleText('red', '✗', stream);
      return `   ${mark} ${says}${detail === undefined ? '' : `: ${detail}`}`;
    }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
