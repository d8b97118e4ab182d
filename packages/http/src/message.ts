import type { EpochMs, ErrorCode, Headers } from '@leakproof/core';

/** A request as it arrived. Header names in lower case, values as sent. */
export interface IncomingRequest {
  /** Unique in one log. */
  readonly id: string;
  readonly time: EpochMs;
  readonly method: string;
  /** Of the `Host` header: lower case, without the listener's own port and the scheme's default port. */
  readonly authority: string;
  /** As sent. */
  readonly target: string;
  readonly headers: Headers;
  readonly httpVersion: '1.0' | '1.1';
  /** Address of the connection's other end. */
  readonly peer: string;
  /** Still coded, as sent. `too-large`: beyond the limit. Absent: not read (`monitor`). */
  readonly body?: Uint8Array | 'too-large';
}

/** Where a request goes. */
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

/** The next part of a body, in order. `isLast`: the body ends with it. */
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

/** The value of a header that stands there once; undefined if it is absent or stands there more than once. */
export function singleHeader(headers: Headers, name: string): string | undefined {
  let found: string | undefined;
  for (const [each, value] of headers) {
    if (each !== name) continue;
    if (found !== undefined) return undefined;
    found = value;
  }
  return found;
}
