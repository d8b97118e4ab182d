import type { EpochMs, ErrorCode, Headers } from '@leakproof/core';

/** A received request. Header names in lower case, values unchanged. */
export interface IncomingRequest {
  /** Unique within a log. */
  readonly id: string;
  readonly time: EpochMs;
  readonly method: string;
  /** From the `Host` header: in lower case, without the listener's own port and the scheme's default port. */
  readonly authority: string;
  /** Unchanged. */
  readonly target: string;
  readonly headers: Headers;
  readonly httpVersion: '1.0' | '1.1';
  /** IP address of the client. */
  readonly peer: string;
  /** Not decoded. `too-large`: beyond the limit. Absent: not read (`monitor`). */
  readonly body?: Uint8Array | 'too-large';
}

/** Where a request is sent. */
export interface Destination {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
}

/** A request to an origin. */
export interface OutboundRequest extends Destination {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
  readonly body: Uint8Array | undefined;
}

/** Status and headers of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
}

/** A response with its whole body. */
export interface FullResponse extends ResponseHead {
  readonly body: Uint8Array;
}

/** The next part of a body. `isLast`: the body ends with it. */
export type BodyPart =
  | { readonly chunks: readonly Uint8Array[]; readonly isLast: boolean }
  | { readonly failed: ErrorCode };

const NONE: readonly string[] = [];

/** Values of one header, in order. */
export function headerValues(headers: Headers, name: string): readonly string[] {
  let values: string[] | undefined;
  for (const [each, value] of headers) if (each === name) (values ??= []).push(value);
  return values ?? NONE;
}

/** The value of a header; undefined if it is absent or repeated. */
export function singleHeader(headers: Headers, name: string): string | undefined {
  let found: string | undefined;
  for (const [each, value] of headers) {
    if (each !== name) continue;
    if (found !== undefined) return undefined;
    found = value;
  }
  return found;
}
