import type { ErrorCode } from '../errors.ts';

/** A refused request. `reason` is for the operator and never sent to the caller. */
export interface Refusal {
  readonly type: 'refusal';
  readonly status: 400 | 401 | 403 | 404 | 405 | 413;
  readonly code: ErrorCode;
  readonly reason: string;
}

export function refuse(status: Refusal['status'], code: ErrorCode, reason: string): Refusal {
  return { type: 'refusal', status, code, reason };
}
