import type { EpochMs, Headers } from '@leakproof/core';

/** A request as it arrived at the guard. Header names in lower case, values as sent. */
export interface Incoming {
  /** Unique in one log. */
  readonly id: string;
  readonly time: EpochMs;
  readonly method: string;
  /** Of the `Host` header: lower case, the guard's own port and the scheme's default port taken off. */
  readonly authority: string;
  /** As sent. */
  readonly target: string;
  readonly headers: Headers;
  readonly httpVersion: '1.0' | '1.1';
  /** Address of the connection's other end. */
  readonly peer: string;
  /** Content codings as sent. `too-large`: more than the limit. Absent where it was not read (`monitor`). */
  readonly body?: Uint8Array | 'too-large';
}

/** The head of an HTTP answer. */
export interface Head {
  readonly status: number;
  readonly headers: Headers;
}

/** An HTTP answer, whole. */
export interface Outgoing extends Head {
  readonly body: Uint8Array;
}

const NONE: readonly string[] = [];

/** Values of one header, in order. */
export function valuesOf(headers: Headers, name: string): readonly string[] {
  let values: string[] | undefined;
  for (const [each, value] of headers) if (each === name) (values ??= []).push(value);
  return values ?? NONE;
}

/** The one value of a header; undefined if it stands there twice. */
export function valueOf(headers: Headers, name: string): string | undefined {
  let found: string | undefined;
  for (const [each, value] of headers) {
    if (each !== name) continue;
    if (found !== undefined) return undefined;
    found = value;
  }
  return found;
}
