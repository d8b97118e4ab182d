import calculator from 'ae-cvss-calculator';
import { Proof } from '@leakproof/scan';
import type { ProofRow } from '@leakproof/store';

export interface Severity {
  readonly vector: string;
  readonly score: number;
}

/** Scores a CVSS 4.0 vector (base metrics). */
export function scoreCvss4(vector: string): number {
  const { baseMetricsOnly } = new calculator.Cvss4P0(vector).calculateScores();
  return baseMetricsOnly ?? 0;
}

/**
 * The CVSS 4.0 of a leak by its runnable proofs: over the network, without any privilege where anonymous callers get the data, only
 * confidentiality. Undefined without a runnable proof. CVSS cannot see whose data it is, nor of how many people.
 */
export function severityOf(proofs: readonly Pick<ProofRow, 'body' | 'runnable'>[]): Severity | undefined {
  const own = proofs.flatMap(({ body, runnable }) => (runnable === 1 ? [Proof.parse(JSON.parse(body))] : []));
  if (own.length === 0) return undefined;
  const isAnonymous = own.some(({ ladder }) => ladder.some(({ verdicts }) => verdicts.proven?.includes('anonymous')));
  const isGrave = own.some(({ finding }) => finding.severity === 'critical' || finding.severity === 'high');
  const vector = `CVSS:4.0/AV:N/AC:L/AT:N/PR:${isAnonymous ? 'N' : 'L'}/UI:N/VC:${isGrave ? 'H' : 'L'}/VI:N/VA:N/SC:N/SI:N/SA:N`;
  return { vector, score: scoreCvss4(vector) };
}
