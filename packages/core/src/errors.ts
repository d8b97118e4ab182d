import { ERROR_CODES } from './error-codes.ts';

/** A stable code from the one table (`error-codes.ts`, `docs/errors.md`). */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Where in an input something was wrong: lines and columns count from 1. */
export interface Where {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export interface LeakproofErrorOptions extends ErrorOptions {
  readonly where?: Where | undefined;
  /** What would be right, in one sentence. Defaults to the table's advice. */
  readonly fix?: string | undefined;
}

/**
 * Misuse, or a failure outside the program. Match on `code`, not on `instanceof`. `message` says what was wrong and never holds a
 * personal value; findings are values and are never thrown.
 */
export class LeakproofError extends Error {
  readonly code: ErrorCode;
  readonly where: Where | undefined;
  readonly fix: string;
  constructor(code: ErrorCode, detail: string, options: LeakproofErrorOptions = {}) {
    super(detail, options);
    this.name = 'LeakproofError';
    this.code = code;
    this.where = options.where;
    this.fix = options.fix ?? ERROR_CODES[code].fix;
  }
}

/** True if `value` carries one of our codes, whichever copy of this module made it. */
export function isLeakproofError(value: unknown): value is LeakproofError {
  return (
    value instanceof Error &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(ERROR_CODES, value.code)
  );
}

/** `file:line:column`, with only the parts that are known. */
export function formatWhere(where: Where): string {
  return [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
}
