import { stringify } from 'yaml';
import type { IdentitiesSource } from '../identities/identities-source.ts';
import type { ReportFile } from '../report/report-files.ts';
import { reportFiles } from '../report/report-files.ts';
import type { SarifOptions } from '../report/sarif-report.ts';
import type { Proven } from './prove.ts';

export const CONTRACT_FILE = 'contract.yaml';
export const IDENTITIES_FILE = 'identities.yaml';

/** The files of a run: the drafted contract, the identities with references to their secrets, the report and the proofs. */
export function proveFiles({ draft, identities, scan }: Proven, sarif: SarifOptions): ReportFile[] {
  return [
    { path: CONTRACT_FILE, text: draft.source },
    ...(identities ? [{ path: IDENTITIES_FILE, text: identitiesText(identities) }] : []),
    ...(scan ? reportFiles(scan, sarif) : []),
  ];
}

function identitiesText(identities: IdentitiesSource): string {
  const head = '# Written by leakproof prove. Secrets are not in this file: it names where they are.\n';
  return `${head}${stringify(identities, { lineWidth: 0 })}`;
}
