/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** Header names in lower case, in order of arrival; a repeated header is repeated. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** One request as it was sent (RFC 9110 §3). */
export interface WireRequest {
  /** Upper case. */
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** `host` or `host:port`, lower case. */
  readonly authority: string;
  /** Origin form: path and query exactly as sent, never decoded. */
  readonly target: string;
  readonly headers: Headers;
  /** Transfer and content codings undone. Absent when there was none, or when the source does not keep bodies. */
  readonly body?: Uint8Array | undefined;
}

/** One response as it arrived. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Transfer and content codings undone. Absent when there was none, or when the source does not keep bodies. */
  readonly body?: Uint8Array | undefined;
}

/**
 * What a source knows about the caller. `unknown` is not `anonymous`: a sanitised HAR has lost its credentials.
 * `fingerprint` is a keyed digest of the credential: equal for two calls by one caller.
 */
export interface Caller {
  readonly auth: 'anonymous' | 'credential' | 'unknown';
  readonly scheme?: string | undefined;
  readonly fingerprint?: string | undefined;
  /** A name given to this caller, such as `alice`. */
  readonly identity?: string | undefined;
}

/** The origin of a statement: reader, file, and position (a line, an entry number, a JSON pointer). */
export interface Provenance {
  readonly reader: string;
  readonly file?: string | undefined;
  readonly at?: string | undefined;
}

/** A request with its response. */
export interface Exchange {
  readonly request: WireRequest;
  readonly response?: WireResponse | undefined;
  readonly caller: Caller;
  readonly time?: EpochMs | undefined;
  readonly provenance: Provenance;
}
