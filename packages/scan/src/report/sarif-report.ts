import type { Log, ReportingDescriptor, Result } from 'sarif';
import { CHECKS } from '../checks/index.ts';
import type { Check } from '../checks/check.ts';
import type { Finding } from '../findings/finding.ts';
import type { Severity } from '../findings/severity.ts';
import type { ScanResult } from '../run/scan-result.ts';
import type { LineOfOperation } from './operation-lines.ts';
import { viewerText } from './viewer-text.ts';

export interface SarifOptions {
  /**
   * The file that results are shown in, relative to the root of the repository: the contract. Never a URL: GitHub refuses a whole
   * report for one.
   */
  readonly file: string;
  readonly lineOf: LineOfOperation;
  /** Tells reports of several APIs in one repository apart. */
  readonly service?: string | undefined;
}

/** Between the limits of GitHub's `security-severity`: over 9 is critical, from 7 high, from 4 medium. */
const SCORES: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.5' };
const LEVELS: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

/**
 * SARIF 2.1.0: a result for each proven finding record, and all rules, so that an alert closes when its leak is closed. Only what is
 * proven is a result.
 */
export function sarifReport({ findings, interrupted }: ScanResult, options: SarifOptions): object {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Leakproof',
            rules: CHECKS.map(ruleOf),
          },
        },
        automationDetails: { id: `leakproof/${options.service ?? 'api'}/` },
        invocations: [{ executionSuccessful: !interrupted }],
        columnKind: 'utf16CodeUnits',
        results: findings
          .filter(({ verdict }) => verdict === 'proven')
          .flatMap((finding) => resultsOf(finding, options)),
      },
    ],
  };
  return log;
}

function ruleOf({ id, severity, references, statement, remediation }: Check): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: statement },
    fullDescription: { text: statement },
    help: { text: remediation },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'api', ...references],
      precision: 'very-high',
      'security-severity': SCORES[severity],
    },
  };
}

function resultsOf(finding: Finding, { file, lineOf }: SarifOptions): Result[] {
  const { check, severity, statement, remediation, operation, relation, servers } = finding;
  return finding.records.map(({ id, host, field }): Result => ({
    ruleId: check,
    ruleIndex: CHECKS.findIndex((each) => each.id === check),
    level: LEVELS[severity],
    message: { text: `${statement} ${operation} gives ${field} to ${viewerText(relation)}. ${remediation}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file },
          region: { startLine: lineOf(operation), startColumn: 1 },
        },
        logicalLocations: [{ kind: 'property', fullyQualifiedName: `${operation} at ${host}: ${field}` }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: id, 'leakproofFinding/v1': id },
    properties: { 'security-severity': SCORES[severity], servers },
  }));
}
