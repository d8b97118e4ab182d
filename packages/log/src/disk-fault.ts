import type { ErrorCode } from '@leakproof/core';
import type { AppendRefusal } from './fact-log.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The refusal for a failed system call. It names the call and its errno, never a path. */
export function refusalOf(cause: unknown): AppendRefusal {
  const errno = property(cause, 'code') ?? 'unknown';
  const call = property(cause, 'syscall') ?? 'a system call';
  const code: ErrorCode = FULL.has(errno) ? 'LP-LOG-FULL' : 'LP-LOG-WRITE';
  return { ok: false, code, detail: `${call} failed with ${errno}` };
}

function property(cause: unknown, name: 'code' | 'syscall'): string | undefined {
  if (!(cause instanceof Error) || !(name in cause)) return undefined;
  const value: unknown = Reflect.get(cause, name);
  return typeof value === 'string' ? value : undefined;
}
