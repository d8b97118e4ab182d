import { LeakproofError } from '@leakproof/core';
import { Proof } from '@leakproof/scan';
import type { Counts } from '../cases/event.ts';
import type { Desk } from '../service/desk.ts';
import { type Severity, severityOf } from './severity.ts';

/** Who publishes. */
export interface Publisher {
  readonly name: string;
  /** An https URL of the publisher's own. */
  readonly namespace: string;
  readonly contact: string;
  /** What the hosted API is called. */
  readonly product: string;
}

/** The facts that every format of an advisory is made of. No text of a reporter is in it. */
export interface Advisory {
  readonly id: string;
  readonly caseId: string;
  readonly title: string;
  readonly publisher: Publisher;
  readonly publishedAt: string;
  readonly isPublished: boolean;
  readonly reportedAt: string;
  readonly cwe: { readonly id: string; readonly name: string };
  readonly operations: readonly string[];
  readonly fields: readonly string[];
  readonly servers: readonly string[];
  readonly severity: Severity | undefined;
  readonly counts: Counts | undefined;
  readonly isFixed: boolean;
  /** Reporters of this case and its duplicates who want credit. */
  readonly credits: readonly string[];
}

const CWES: Readonly<Record<string, { readonly id: string; readonly name: string }>> = {
  'missing-authentication': { id: 'CWE-306', name: 'Missing Authentication for Critical Function' },
  other: { id: 'CWE-639', name: 'Authorization Bypass Through User-Controlled Key' },
};

/** The facts of a case for publication. Throws LP-ADVISORY-INCOMPLETE without a publisher, LP-DESK-CASE-UNKNOWN. */
export async function advisoryOf(caseId: string, desk: Desk, publisher: Publisher | undefined): Promise<Advisory> {
  if (!publisher)
    throw new LeakproofError(
      'LP-ADVISORY-INCOMPLETE',
      'No publisher is configured (publisher: name, namespace, contact, product).',
    );
  const { rows } = desk.context.store;
  const { desk: state } = await desk.load(caseId);
  const proofs = await rows.proofsOf(caseId);
  const own = proofs.flatMap(({ body, runnable }) => (runnable === 1 ? [Proof.parse(JSON.parse(body))] : []));
  const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();
  const check = own[0]?.finding.check ?? 'other';
  const isFixed = state.facts.has('fix-deployed') && state.resolution === 'fixed';
  return {
    id: state.advisory ?? caseId,
    caseId,
    title: own[0]?.finding.statement ?? `Exposure of personal data in ${publisher.product}`,
    publisher,
    publishedAt: new Date(state.publishedMs ?? desk.context.now()).toISOString(),
    isPublished: state.publishedMs !== undefined,
    reportedAt: new Date(state.arrivedMs).toISOString(),
    cwe: CWES[check] ?? { id: 'CWE-639', name: 'Authorization Bypass Through User-Controlled Key' },
    operations: distinct(own.flatMap(({ ladder }) => ladder.map(({ operation }) => operation))),
    fields: distinct(own.flatMap(({ ladder }) => ladder.map(({ resource, field }) => `${resource}.${field}`))),
    servers: distinct(own.flatMap(({ ladder }) => ladder.map(({ server }) => server))),
    severity: severityOf(proofs),
    counts: state.counts,
    isFixed,
    credits: await creditsOf(caseId, desk),
  };
}

async function creditsOf(caseId: string, desk: Desk): Promise<string[]> {
  const { desk: state } = await desk.load(caseId);
  const siblings = await desk.context.store.rows.byFindings([...state.findings]);
  const names: string[] = [];
  for (const id of new Set([caseId, ...siblings.map((row) => row.id)])) {
    const { original } = (await desk.load(id)).desk;
    if (original.isCreditWanted && original.name !== undefined) names.push(original.name);
  }
  return [...new Set(names)];
}

/** One paragraph for people, in every format. */
export function summaryOf({ publisher, operations, fields, servers, counts }: Advisory): string {
  const what = fields.length > 0 ? fields.join(', ') : 'personal data';
  const where = operations.length > 0 ? ` by ${operations.join(', ')} on ${servers.join(', ')}` : '';
  const whom = counts
    ? ` Exposed: ${counts.people} people, ${counts.classes.join(', ')} (${counts.grade}${counts.isComplete ? '' : '; a lower bound'}).`
    : ' How many people were exposed is not counted.';
  return `${publisher.product} gave ${what} to callers who were not meant to see it${where}.${whom}`;
}
