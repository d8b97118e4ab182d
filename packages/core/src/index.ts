export { ERROR_CODES, type CodeEntry } from './error-codes.ts';
export {
  formatWhere,
  isLeakproofError,
  LeakproofError,
  type ErrorCode,
  type LeakproofErrorOptions,
  type Where,
} from './errors.ts';
export type { Caller, EpochMs, Exchange, Headers, Provenance, WireRequest, WireResponse } from './wire/exchange.ts';
