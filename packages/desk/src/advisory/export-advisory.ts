import { LeakproofError } from '@leakproof/core';
import type { Desk } from '../service/desk.ts';
import { type Advisory, advisoryOf, type Publisher } from './advisory.ts';
import { csafOf } from './csaf.ts';
import { cveDraftOf } from './cve.ts';
import { cyclonedxOf } from './cyclonedx.ts';
import { markdownOf } from './markdown.ts';

export interface AdvisoryOptions {
  readonly publisher: Publisher | undefined;
}

const json = (of: (advisory: Advisory) => unknown) => ({
  type: 'application/json',
  write: (advisory: Advisory): string => `${JSON.stringify(of(advisory), null, 2)}\n`,
});

/** The formats, by file name. */
export const ADVISORY_FORMATS: Readonly<
  Record<string, { readonly type: string; readonly write: (advisory: Advisory) => string }>
> = {
  'csaf.json': json(csafOf),
  'cyclonedx.json': json(cyclonedxOf),
  'cve.json': json(cveDraftOf),
  'advisory.md': { type: 'text/markdown; charset=utf-8', write: markdownOf },
};

/** An advisory of a case in one format. Throws LP-ADVISORY-INCOMPLETE, LP-DESK-CASE-UNKNOWN. */
export async function exportAdvisory(
  caseId: string,
  format: string,
  { desk, publisher }: AdvisoryOptions & { readonly desk: Desk },
): Promise<{ readonly type: string; readonly content: string }> {
  const writer = Object.hasOwn(ADVISORY_FORMATS, format) ? ADVISORY_FORMATS[format] : undefined;
  if (!writer) throw new LeakproofError('LP-DESK-CASE-UNKNOWN', `There is no format ${format.slice(0, 60)}.`);
  return { type: writer.type, content: writer.write(await advisoryOf(caseId, desk, publisher)) };
}
