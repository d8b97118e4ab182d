import type { Proof } from '../proof/proof.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { htmlReport } from './html-report.ts';
import { jsonReport } from './json-report.ts';
import { junitReport } from './junit-report.ts';
import { type SarifOptions, sarifReport } from './sarif-report.ts';

export interface ReportFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** `report.json`, `.html`, `.sarif`, `junit.xml`, and `proofs/NN-FINDING.json` for every proof. */
export function reportFiles(result: ScanResult, sarif: SarifOptions): ReportFile[] {
  return [
    { path: 'report.json', text: `${JSON.stringify(jsonReport(result), null, 1)}\n` },
    { path: 'report.html', text: htmlReport(result) },
    { path: 'report.sarif', text: `${JSON.stringify(sarifReport(result, sarif), null, 1)}\n` },
    { path: 'junit.xml', text: junitReport(result) },
    ...result.proofs.map((proof, index) => ({
      path: `proofs/${proofName(proof, index)}`,
      text: `${JSON.stringify(proof, null, 1)}\n`,
    })),
  ];
}

function proofName({ finding }: Proof, index: number): string {
  return `${String(index + 1).padStart(2, '0')}-${finding.id.replaceAll(/[^A-Za-z0-9]+/g, '-')}.json`;
}
