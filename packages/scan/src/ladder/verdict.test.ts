import { expect, test } from 'vitest';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { type Observed, verdictOf } from './verdict.ts';

type Meant = 'allowed' | 'forbidden' | 'unknown';
const seen = (receipt: Receipt, type: Meant, more: Partial<Observed> = {}): Observed => ({
  ask: {} as PlannedRequest,
  at: {} as Observed['at'],
  receipt,
  meaning: { type, asks: ['follower'] },
  ...more,
});

test.each<[string, readonly Observed[], string]>([
  ['the owner’s value where it is forbidden', [seen('value', 'forbidden')], 'proven'],
  ['a value anybody could have', [seen('weak', 'forbidden')], 'likely'],
  ['another value than the owner reads', [seen('differs', 'forbidden')], 'likely'],
  ['a value without one to compare', [seen('unmatched', 'forbidden')], 'likely'],
  ['a value where it is allowed', [seen('value', 'allowed')], 'by-design'],
  ['another value where it is allowed', [seen('differs', 'allowed')], 'by-design'],
  ['a value where it is not known', [seen('value', 'unknown')], 'inconclusive'],
  ['nothing where it is forbidden', [seen('none', 'forbidden')], 'enforced'],
  ['nothing where it is allowed', [seen('none', 'allowed')], 'lost'],
  ['nothing where it is not known', [seen('none', 'unknown')], 'inconclusive'],
  ['nothing from a door that names nobody', [seen('none', 'allowed', { isOwnEndpoint: true })], 'enforced'],
  ['nothing in an answer that is doubted', [seen('none', 'forbidden', { doubt: 'it answered 503' })], 'inconclusive'],
  ['a leak beside a refusal', [seen('none', 'forbidden'), seen('value', 'forbidden')], 'proven'],
  ['a leak beside what is allowed', [seen('value', 'allowed'), seen('value', 'forbidden')], 'proven'],
  ['what is allowed, elsewhere not received', [seen('none', 'allowed'), seen('value', 'allowed')], 'by-design'],
])('%s is %s', (_title, observed, verdict) => expect(verdictOf(observed).verdict).toBe(verdict));
