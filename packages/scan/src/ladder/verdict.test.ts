import { expect, test } from 'vitest';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { type Observation, verdictOf } from './verdict.ts';

type MeaningType = 'allowed' | 'forbidden' | 'unknown';
const observe = (receipt: Receipt, type: MeaningType, more: Partial<Observation> = {}): Observation => ({
  request: {} as PlannedRequest,
  object: {} as Observation['object'],
  field: {} as Observation['field'],
  receipt,
  meaning: { type, asks: ['follower'] },
  ...more,
});

test.each<[string, readonly Observation[], string]>([
  ['a forbidden value of the owner', [observe('value', 'forbidden')], 'proven'],
  ['a forbidden value that others could have too', [observe('weak', 'forbidden')], 'likely'],
  ['a forbidden value that is not what the owner reads', [observe('differs', 'forbidden')], 'likely'],
  ['a forbidden value with none to compare it with', [observe('unmatched', 'forbidden')], 'likely'],
  ['an allowed value', [observe('value', 'allowed')], 'by-design'],
  ['an allowed value that is not what the owner reads', [observe('differs', 'allowed')], 'by-design'],
  ['a value where the meaning is unknown', [observe('value', 'unknown')], 'inconclusive'],
  ['no value where it is forbidden', [observe('none', 'forbidden')], 'enforced'],
  ['no value where it is allowed', [observe('none', 'allowed')], 'lost'],
  ['no value where the meaning is unknown', [observe('none', 'unknown')], 'inconclusive'],
  [
    'no allowed value in a response to a request without input',
    [observe('none', 'allowed', { hasNoInput: true })],
    'enforced',
  ],
  [
    'no value in an unreliable response',
    [observe('none', 'forbidden', { doubt: 'the response status was 503' })],
    'inconclusive',
  ],
  [
    'a leak in one response and none in another',
    [observe('none', 'forbidden'), observe('value', 'forbidden')],
    'proven',
  ],
  [
    'a leak in one response and an allowed value in another',
    [observe('value', 'allowed'), observe('value', 'forbidden')],
    'proven',
  ],
  [
    'an allowed value that is missing in another response',
    [observe('none', 'allowed'), observe('value', 'allowed')],
    'by-design',
  ],
])('%s is %s', (_title, observed, verdict) => expect(verdictOf(observed).verdict).toBe(verdict));
