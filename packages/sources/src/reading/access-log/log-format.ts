import type { Exchange, Headers } from '@leakproof/core';
import { normalAuthority, normalMethod, originForm, cutUrl } from '../request-url.ts';
import { callerOf, isCredentialHeader, type Fingerprint } from '../caller.ts';
import type { ReadOptions } from '../reader.ts';

/** The content of one line of an access log. Parts that are not in the line are undefined. */
export interface LogRecord {
  readonly method: string;
  /** A path with query, or an absolute URL. */
  readonly target: string;
  readonly scheme?: 'http' | 'https' | undefined;
  readonly authority?: string | undefined;
  /** Lower-case names. */
  readonly headers: Headers;
  readonly status?: number | undefined;
  readonly responseHeaders?: Headers | undefined;
  readonly timeMs?: number | undefined;
  /** The user the server had authenticated (`$remote_user`). */
  readonly user?: string | undefined;
}

/** `comment`: a header line; `no-request`: a line of the format that records something else. */
export type LogLine = LogRecord | 'comment' | 'no-request' | undefined;

/** Reads lines of one format; may keep state between lines. `undefined`: the line is not of this format. */
export type LineParser = (line: string) => LogLine;

export interface LogFormat {
  readonly id: string;
  /** A parser for one source; undefined if the format needs an option that is missing. */
  start(options: ReadOptions): LineParser | undefined;
}

export interface LogContext {
  readonly reader: string;
  readonly file: string;
  readonly fingerprint: Fingerprint;
  readonly options: ReadOptions;
}

const UNKNOWN_CALLER = Object.freeze({ auth: 'unknown' as const });

/** The exchange of a line, without bodies; undefined if its request line is not HTTP. */
export function exchangeOfRecord(record: LogRecord, line: number, context: LogContext): Exchange | undefined {
  const method = normalMethod(record.method);
  const target = originAndTarget(record, context.options);
  if (method === undefined || target === undefined) return undefined;
  return {
    request: {
      method,
      scheme: target.scheme,
      authority: target.authority,
      target: target.target,
      headers: record.headers,
    },
    response:
      record.status === undefined
        ? undefined
        : { status: record.status, headers: record.responseHeaders ?? NO_HEADERS },
    caller: callerOfRecord(record, context),
    time: record.timeMs,
    provenance: { reader: context.reader, file: context.file, at: `line ${line}` },
  };
}

const NO_HEADERS: Headers = Object.freeze([]);

function originAndTarget(
  record: LogRecord,
  { origin }: ReadOptions,
): { scheme: 'http' | 'https'; authority: string; target: string } | undefined {
  const { target } = record;
  if (!target.startsWith('/')) {
    if (target === '*') return undefined;
    const url = cutUrl(target);
    return typeof url === 'string' ? undefined : url;
  }
  const scheme = record.scheme ?? (record.authority?.endsWith(':443') === true ? 'https' : (origin?.scheme ?? 'http'));
  const named = record.authority === undefined ? undefined : normalAuthority(record.authority, scheme);
  return { scheme, authority: named ?? origin?.authority ?? '', target: originForm(target) };
}

function callerOfRecord(
  { user, headers, target }: LogRecord,
  { fingerprint, options }: LogContext,
): Exchange['caller'] {
  const { identity } = options;
  for (const [name] of headers) {
    if (isCredentialHeader(name)) return callerOf({ headers, target, without: 'unknown', identity }, fingerprint);
  }
  if (user !== undefined && user !== '' && user !== '-') {
    return { auth: 'credential', scheme: 'user', fingerprint: fingerprint('user', user), identity };
  }
  return identity === undefined ? UNKNOWN_CALLER : { auth: 'unknown', identity };
}

/** A value of a log line; undefined for a dash, which means none. */
export function present(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value === '-' ? undefined : value;
}

/** Named values as headers, without absent ones. */
export function headersFrom(...pairs: readonly (readonly [string, string | undefined])[]): Headers {
  const headers: [string, string][] = [];
  for (const [name, value] of pairs) {
    const text = present(value);
    if (text !== undefined) headers.push([name, text]);
  }
  return headers;
}

/** A status of three digits; undefined for a dash, and for 000 and 0, which mean a connection that was closed early. */
export function statusOf(text: string | undefined): number | undefined {
  if (text === '200') return 200;
  const status = Number(text);
  return Number.isInteger(status) && status >= 100 && status <= 999 ? status : undefined;
}

/** The parts of `GET /path HTTP/1.1`; the version may be missing (HTTP/0.9). */
export function requestLine(text: string): { method: string; target: string } | undefined {
  const first = text.indexOf(' ');
  if (first <= 0) return undefined;
  const last = text.lastIndexOf(' ');
  const versioned = last > first && text.startsWith('HTTP/', last + 1);
  return { method: text.slice(0, first), target: text.slice(first + 1, versioned ? last : undefined).trim() };
}
