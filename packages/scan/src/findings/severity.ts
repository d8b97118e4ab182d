/** How bad a finding is, mildest first. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

const GRAVE =
  /^(?:health|body|biometric|genetic|credential|secret|financial|payment|government|religion|sexual|child|location\.(?:precise|gps|live))/;

/** A check's own severity, one step up for special kinds of data (GDPR art. 9, credentials, money) and one for anonymous callers. */
export function severityOf(base: Severity, dataClasses: readonly string[], isAnonymous: boolean): Severity {
  const steps = (dataClasses.some((each) => GRAVE.test(each)) ? 1 : 0) + (isAnonymous ? 1 : 0);
  return SEVERITIES[Math.min(SEVERITIES.indexOf(base) + steps, SEVERITIES.length - 1)] ?? base;
}
