import { conclude } from '../run/conclusion.ts';
import type { ScanResult } from '../run/scan-result.ts';

/** A scan result as it is printed: without the proofs, which have files of their own, and with every cell only once. */
export function jsonReport({ proofs: _proofs, findings, ...report }: ScanResult): object {
  return {
    conclusion: conclude({ ...report, findings }),
    ...report,
    findings: findings.map(({ cells: _cells, ...finding }) => finding),
  };
}
