/** Something that happened and that somebody may want to know: of a case, a log, a scan. Without personal data. */
export interface AlertRecord {
  readonly kind: string;
  readonly atMs: number;
  /** Whom it concerns most: the step of an escalation. */
  readonly role?: string | undefined;
  readonly caseId?: string | undefined;
  readonly summary: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Which records go where. A rule without `kinds` takes every kind, one without `roles` every role. */
export interface AlertRule {
  readonly kinds?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  /** The name of a sink. */
  readonly sink: string;
  /** A mail address, or the URL of a webhook. */
  readonly target: string;
}

/** Where a record goes, each target once, in the order of the rules. */
export function routeRecord(rules: readonly AlertRule[], record: AlertRecord): readonly AlertRule[] {
  const targets = new Map<string, AlertRule>();
  for (const rule of rules) {
    if (rule.kinds && !rule.kinds.includes(record.kind)) continue;
    if (rule.roles && (record.role === undefined || !rule.roles.includes(record.role))) continue;
    const key = `${rule.sink} ${rule.target}`;
    if (!targets.has(key)) targets.set(key, rule);
  }
  return [...targets.values()];
}
