/** Mildest first. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

const SENSITIVE =
  /^(?:health|body|biometric|genetic|credential|secret|financial|payment|government|religion|sexual|child|location\.(?:precise|gps|live))/;

/** The severity of a check, one step higher for sensitive data (GDPR art. 9, credentials, money) and one for anonymous callers. */
export function severityOf(base: Severity, dataClasses: readonly string[], isAnonymous: boolean): Severity {
  const steps = (dataClasses.some((each) => SENSITIVE.test(each)) ? 1 : 0) + (isAnonymous ? 1 : 0);
  return SEVERITIES[Math.min(SEVERITIES.indexOf(base) + steps, SEVERITIES.length - 1)] ?? base;
}
