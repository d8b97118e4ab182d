import type { Proof } from '../proof/proof.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { jsonReport } from './json-report.ts';

export interface ReportFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** `report.json`, and `proofs/NN-FINDING.json` for every proof. */
export function reportFiles(result: ScanResult): ReportFile[] {
  return [
    { path: 'report.json', text: `${JSON.stringify(jsonReport(result), null, 1)}\n` },
    ...result.proofs.map((proof, index) => ({
      path: `proofs/${proofName(proof, index)}`,
      text: `${JSON.stringify(proof, null, 1)}\n`,
    })),
  ];
}

function proofName({ finding }: Proof, index: number): string {
  return `${String(index + 1).padStart(2, '0')}-${finding.id.replaceAll(/[^A-Za-z0-9]+/g, '-')}.json`;
}
