import type { Exchange, Headers } from '@leakproof/core';
import { normalAuthority, normalMethod, originForm, cutUrl } from '../request-url.ts';
import { callerOf, isCredentialHeader, type Fingerprint } from '../caller.ts';
import type { ReadOptions } from '../reader.ts';

/** What one line of an access log says. Only what the line really holds is set. */
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

/** `comment` carries no request by its nature (a header line); `no-request` is of the format and records something else. */
export type LogLine = LogRecord | 'comment' | 'no-request' | undefined;

/** Reads lines of one format; may keep state from line to line. `undefined` means that the line is not of this format. */
export type LineParser = (line: string) => LogLine;

export interface LogFormat {
  readonly id: string;
  /** A parser for one source; undefined if the format cannot be read without an option that is not given. */
  start(options: ReadOptions): LineParser | undefined;
}

export interface LogFacts {
  readonly reader: string;
  readonly file: string;
  readonly fingerprint: Fingerprint;
  readonly options: ReadOptions;
}

const UNKNOWN_CALLER = Object.freeze({ auth: 'unknown' as const });

/** The exchange a line records, or undefined if its request line is not HTTP. Bodies are never known, callers seldom. */
export function exchangeOfRecord(record: LogRecord, line: number, facts: LogFacts): Exchange | undefined {
  const method = normalMethod(record.method);
  const place = placeOf(record, facts.options);
  if (method === undefined || place === undefined) return undefined;
  return {
    request: {
      method,
      scheme: place.scheme,
      authority: place.authority,
      target: place.target,
      headers: record.headers,
    },
    response:
      record.status === undefined
        ? undefined
        : { status: record.status, headers: record.responseHeaders ?? NO_HEADERS },
    caller: callerOfRecord(record, facts),
    time: record.timeMs,
    provenance: { reader: facts.reader, file: facts.file, at: `line ${line}` },
  };
}

const NO_HEADERS: Headers = Object.freeze([]);

function placeOf(
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

function callerOfRecord({ user, headers, target }: LogRecord, { fingerprint, options }: LogFacts): Exchange['caller'] {
  const { identity } = options;
  for (const [name] of headers) {
    if (isCredentialHeader(name)) return callerOf({ headers, target, without: 'unknown', identity }, fingerprint);
  }
  if (user !== undefined && user !== '' && user !== '-') {
    return { auth: 'credential', scheme: 'user', fingerprint: fingerprint('user', user), identity };
  }
  return identity === undefined ? UNKNOWN_CALLER : { auth: 'unknown', identity };
}

/** A value of a log line, or undefined for the dash that stands for none. */
export function present(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value === '-' ? undefined : value;
}

/** Named values as headers, those that are absent left out. */
export function headersFrom(...pairs: readonly (readonly [string, string | undefined])[]): Headers {
  const headers: [string, string][] = [];
  for (const [name, value] of pairs) {
    const text = present(value);
    if (text !== undefined) headers.push([name, text]);
  }
  return headers;
}

/** A status of a log line: three digits, or undefined (a dash, or 000 and 0 for a connection closed early). */
export function statusOf(text: string | undefined): number | undefined {
  if (text === '200') return 200;
  const status = Number(text);
  return Number.isInteger(status) && status >= 100 && status <= 999 ? status : undefined;
}

/** `GET /path HTTP/1.1` as its parts; the version may be missing (HTTP/0.9). */
export function requestLine(text: string): { method: string; target: string } | undefined {
  const first = text.indexOf(' ');
  if (first <= 0) return undefined;
  const last = text.lastIndexOf(' ');
  const versioned = last > first && text.startsWith('HTTP/', last + 1);
  return { method: text.slice(0, first), target: text.slice(first + 1, versioned ? last : undefined).trim() };
}
