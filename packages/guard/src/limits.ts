/** Bounds on memory and time; the README explains them together. */
export interface Limits {
  /** Largest request body, in bytes, before and after decompression. */
  readonly maxRequestBytes: number;
  /**
   * Largest element of a response in `enforce`, in bytes: an element of a list or map, a record, an event, or a body that is not
   * a list. Elements that wait together for lookups take as much again; this bounds the memory for each open response.
   */
  readonly maxElementBytes: number;
  /** A JSON response up to this size is sent at once, with its length; a larger one is streamed. In bytes. */
  readonly maxWholeBytes: number;
  /**
   * Largest body that has to be buffered, in bytes after decompression: answers of lookups, objects read for their owner, bodies
   * of type `any`, what waits of one response to be judged in `monitor`, responses to HTTP/1.0, and to a principal whose budget is spent.
   */
  readonly maxBodyBytes: number;
  /** `monitor`: most bytes, and most responses, that were forwarded and wait to be judged. What is beyond is a gap. */
  readonly maxBacklogBytes: number;
  readonly maxBacklogBodies: number;
  /** Most decompressed bytes for each compressed byte. */
  readonly maxRatio: number;
  /** Longest wait for the head of the origin's response, and between two parts of its body. */
  readonly originTimeoutMs: number;
  /** Longest wait for the lookups of one round. */
  readonly lookupTimeoutMs: number;
  /** Most owners in one lookup; more are sent as several lookups at the same time. */
  readonly maxOwnersPerLookup: number;
  /** Most answers of lookups in the cache. */
  readonly maxCachedAnswers: number;
  /** Most verified tokens in the cache, and most callers that the origin has named. */
  readonly maxTokens: number;
  /** The caller of a stream is identified again after so long, before more of it is released. */
  readonly reidentifyMs: number;
  /** Longest wait for the origin to name a caller (`userinfo`). */
  readonly userinfoTimeoutMs: number;
  /** Most credentials that the origin has not confirmed before, and is asked about at a time and in a second; then 503. */
  readonly maxUnknownCredentials: number;
  /** The same for one IPv4 address, or the /64 of an IPv6 address. */
  readonly maxUnknownCredentialsPerNetwork: number;
  /** Most principals with budgets; beyond it the one idle for the longest time is dropped, and counted. */
  readonly maxPrincipals: number;
  /** Most connections to one origin for requests that end soon. */
  readonly maxConnections: number;
  /** Most connections to one origin that do not end soon: streams, slow readers, requests that the origin does not answer. */
  readonly maxLongConnections: number;
  /** Most connections of one principal, or of one address of anonymous callers, that end soon; as many may wait for one. */
  readonly maxPerCaller: number;
  /** The same for connections that do not end soon. */
  readonly maxLongPerCaller: number;
  /** A connection counts as long after this time, or once its response is a stream. */
  readonly longAfterMs: number;
  /** Longest wait for a connection to the origin; then 503. */
  readonly connectionWaitMs: number;
  /** A client that takes fewer bytes per second of what is ready for it is disconnected, after a grace period of 10 s. */
  readonly minReadBytesPerSecond: number;
  /** How long the budget step `delay` delays a request. */
  readonly delayMs: number;
  /** The budget step `freeze` begins after so many refused requests within the window. */
  readonly freezeAfter: number;
  /** Longest time for a client to send a request. */
  readonly requestTimeoutMs: number;
  /** A connection on which nothing is sent or received for this time is closed. */
  readonly idleTimeoutMs: number;
  /** How long open requests may go on after the guard is told to stop; then they are broken off. */
  readonly drainMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  maxRequestBytes: MIB,
  maxElementBytes: MIB,
  maxWholeBytes: 64 * 1024,
  maxBodyBytes: 8 * MIB,
  maxBacklogBytes: 64 * MIB,
  maxBacklogBodies: 1_024,
  maxRatio: 100,
  originTimeoutMs: 30_000,
  lookupTimeoutMs: 300,
  maxOwnersPerLookup: 1_024,
  maxCachedAnswers: 100_000,
  maxTokens: 20_000,
  reidentifyMs: 30_000,
  userinfoTimeoutMs: 2_000,
  maxUnknownCredentials: 64,
  maxUnknownCredentialsPerNetwork: 16,
  maxPrincipals: 50_000,
  maxConnections: 64,
  maxLongConnections: 256,
  maxPerCaller: 32,
  maxLongPerCaller: 16,
  longAfterMs: 1_000,
  connectionWaitMs: 5_000,
  minReadBytesPerSecond: 1_024,
  delayMs: 1_000,
  freezeAfter: 10,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
  drainMs: 10_000,
};
