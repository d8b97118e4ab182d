import { expect, test } from 'vitest';
import { severityOf } from './severity.ts';

test.each([
  ['medium', [], false, 'medium'],
  ['medium', ['location.city'], true, 'high'],
  ['medium', ['body.weight'], false, 'high'],
  ['high', ['financial.credit_card', 'name.first'], true, 'critical'],
  ['critical', ['health.condition'], true, 'critical'],
] as const)('a %s check with data classes %j, anonymous %s, is %s', (...row) => {
  const [base, classes, isAnonymous, severity] = row;
  expect(severityOf(base, classes, isAnonymous)).toBe(severity);
});
