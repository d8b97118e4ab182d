import type { Lookup } from '../contract/compiled.ts';
import { own } from '../own.ts';
import type { EpochMs } from '../wire/exchange.ts';
import { readTimestamp } from '../wire/timestamp.ts';
import type { Truth } from '../contract/condition.ts';

/**
 * One answer of a lookup: `true`, `false`, or `{ holds: boolean, … }` with its end time (RFC 3339) at `until`. Anything else, and an
 * unreadable end time, is `unknown`. `now` is the time of use.
 */
export function readLookupAnswer(lookup: Lookup, given: unknown, now: EpochMs): Truth {
  if (given === true && lookup.until === undefined) return 'yes';
  if (given === false) return 'no';
  if (typeof given !== 'object' || given === null) return 'unknown';
  const holds = own(given as Record<string, unknown>, 'holds');
  if (holds === false) return 'no';
  if (holds !== true) return 'unknown';
  if (lookup.until === undefined) return 'yes';
  const ends = lookupAnswerExpiry(lookup, given);
  if (ends === undefined) return 'unknown';
  return now < ends ? 'yes' : 'no';
}

/** The end time of an answer; undefined if it has no readable one. */
export function lookupAnswerExpiry(lookup: Lookup, given: unknown): EpochMs | undefined {
  let value: unknown = given;
  for (const step of (lookup.until ?? '').split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null ? own(value as Record<string, unknown>, key) : undefined;
  }
  return typeof value === 'string' ? readTimestamp(value) : undefined;
}
