import type { CompiledContract, EpochMs, Headers, LogRecord, Mode, Tokenize } from '@leakproof/core';
import { Budgets } from '../budget/budgets.ts';
import { guardHeaders } from '../headers/to-client.ts';
import { identityHeaders } from '../headers/identity-headers.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { LookupCache } from '../lookup/lookup-cache.ts';

export interface EngineOptions {
  readonly contract: CompiledContract;
  /** Digest of the contract, written with every fact. */
  readonly contractDigest: string;
  /** Overrides every mode of the contract. */
  readonly mode?: Mode | undefined;
  readonly limits?: Partial<Limits>;
  readonly tokenize: Tokenize;
  readonly now: () => EpochMs;
  /** Log records of earlier processes within the longest window of a budget, so that budgets continue. Read once. */
  readonly recent?: Iterable<LogRecord>;
}

/** Totals since the guard started. */
export interface Counts {
  /** Responses released in `enforce`. */
  released: number;
  /** Released responses of which the connection was broken after a part had been sent. */
  brokenOff: number;
  /** Requests that the guard refused, and those whose response it withheld as a whole. */
  refused: number;
  /** Requests forwarded unchanged (`monitor`, or `undeclared: { operations: pass }`). */
  passed: number;
  /** Passed requests whose response could not be judged. */
  gaps: number;
  /** Records that the log refused. */
  unrecorded: number;
  /** Internal errors of the guard. */
  faults: number;
}

/** State and settings that all requests share. */
export interface Engine {
  readonly contract: CompiledContract;
  readonly contractDigest: string;
  readonly mode: Mode | undefined;
  readonly limits: Limits;
  readonly tokenize: Tokenize;
  readonly now: () => EpochMs;
  readonly lookupCache: LookupCache;
  readonly budgets: Budgets;
  readonly identityHeaders: readonly string[];
  /** Headers of every response of the guard. */
  readonly guardHeaders: Headers;
  /** Whether the origin gets the client's cookies. */
  readonly sendsCookies: boolean;
  readonly counts: Counts;
}

export function createEngine(options: EngineOptions): Engine {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const budgets = new Budgets(options.contract, limits, options.tokenize);
  if (options.recent) budgets.restore(options.recent, options.now());
  const credentials = identityHeaders(options.contract);
  return {
    contract: options.contract,
    contractDigest: options.contractDigest,
    mode: options.mode,
    limits,
    tokenize: options.tokenize,
    now: options.now,
    lookupCache: new LookupCache(limits.maxCachedAnswers),
    budgets,
    identityHeaders: credentials,
    guardHeaders: guardHeaders(credentials),
    sendsCookies: !trustsOriginAboutCaller(options.contract),
    counts: { released: 0, brokenOff: 0, refused: 0, passed: 0, gaps: 0, unrecorded: 0, faults: 0 },
  };
}

/** True if a relation is read from responses of an origin that authenticates its caller. */
function trustsOriginAboutCaller(contract: CompiledContract): boolean {
  return (
    contract.servers.some((server) => server.authenticatesCaller) &&
    Object.values(contract.relations).some((relation) => relation.object !== undefined)
  );
}
