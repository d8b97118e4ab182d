/** Bounds that keep the guard itself safe; each has its reason in this package's README. */
export interface Limits {
  /** Largest request body read, in bytes, before and after decompression. */
  readonly maxRequestBytes: number;
  /**
   * Most bytes of one element of a response in `enforce`: an entry of a list or map, a record, an event, or a body that is
   * no list. With as much again for what is held to ask together, it bounds memory for each response under way.
   */
  readonly maxElementBytes: number;
  /** A JSON answer of no more bytes than this leaves whole, with its length; what is longer leaves as it comes. */
  readonly maxWholeBytes: number;
  /**
   * Most bytes of what cannot be judged piece by piece: answers of lookups, objects read for their owner, bodies that are
   * `any`, copies in `monitor`, answers to HTTP/1.0, and those to a principal whose budget is spent. After decompression.
   */
  readonly maxBodyBytes: number;
  /** A compressed body may grow by this factor. */
  readonly maxRatio: number;
  /** Longest wait for the head of an answer of the origin, and between two parts of it. */
  readonly originTimeoutMs: number;
  /** Longest wait for all lookups of one round. */
  readonly lookupTimeoutMs: number;
  /** Owners asked about in one lookup; more are asked in several, at once. */
  readonly maxOwnersPerLookup: number;
  /** Answers of lookups kept in memory. */
  readonly maxFacts: number;
  /** Verified tokens kept in memory, by digest. */
  readonly maxTokens: number;
  /** Principals whose budgets are kept; beyond them the one idle longest is forgotten, and counted. */
  readonly maxPrincipals: number;
  /** Connections to one origin. */
  readonly maxConnections: number;
  /** How long a request waits in the budget step `delay`. */
  readonly delayMs: number;
  /** Requests refused by a spent budget after which `freeze` begins. */
  readonly freezeAfter: number;
  /** Longest time a client may take to send a request. */
  readonly requestTimeoutMs: number;
  /** Longest time a connection may stay without a byte moving. */
  readonly idleTimeoutMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  maxRequestBytes: MIB,
  maxElementBytes: MIB,
  maxWholeBytes: 64 * 1024,
  maxBodyBytes: 8 * MIB,
  maxRatio: 100,
  originTimeoutMs: 30_000,
  lookupTimeoutMs: 300,
  maxOwnersPerLookup: 1_024,
  maxFacts: 100_000,
  maxTokens: 20_000,
  maxPrincipals: 50_000,
  maxConnections: 64,
  delayMs: 1_000,
  freezeAfter: 10,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
};
