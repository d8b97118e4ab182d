import type { CompiledContract, EpochMs, Headers, LogRecord, Mode, Tokenize } from '@leakproof/core';
import { Budgets } from '../budget/budgets.ts';
import { ownHeaders } from '../headers/to-client.ts';
import { identityHeaders } from '../identity/identify.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { LookupCache } from '../lookup/lookup-cache.ts';

export interface EngineOptions {
  readonly contract: CompiledContract;
  /** Digest of the contract, written with every fact. */
  readonly contractDigest: string;
  /** In the place of every mode the contract names. */
  readonly mode?: Mode | undefined;
  readonly limits?: Partial<Limits>;
  readonly tokenize: Tokenize;
  readonly now: () => EpochMs;
  /** What an earlier process wrote within the longest window of a budget: its counting goes on. Read once. */
  readonly recent?: Iterable<LogRecord>;
}

/** What the guard has done since it started. */
export interface Counts {
  /** Responses released in `enforce`. */
  released: number;
  /** Of those, the ones broken off after a part of them had left. */
  brokenOff: number;
  /** Requests or responses not let through. */
  refused: number;
  /** Responses that went past in `monitor`. */
  passed: number;
  /** Of those, the ones that could not be judged. */
  gaps: number;
  /** Records the log did not take. */
  unrecorded: number;
  /** Faults of the guard itself. */
  faults: number;
}

/** What all requests share. */
export interface Engine {
  readonly contract: CompiledContract;
  readonly contractDigest: string;
  readonly mode: Mode | undefined;
  readonly limits: Limits;
  readonly tokenize: Tokenize;
  readonly now: () => EpochMs;
  readonly facts: LookupCache;
  readonly budgets: Budgets;
  readonly identityHeaders: readonly string[];
  /** What every answer says of itself. */
  readonly ownHeaders: Headers;
  /** Whether cookies are sent on to the origin. */
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
    facts: new LookupCache(limits.maxFacts),
    budgets,
    identityHeaders: credentials,
    ownHeaders: ownHeaders(credentials),
    sendsCookies: !believesOrigin(options.contract),
    counts: { released: 0, brokenOff: 0, refused: 0, passed: 0, gaps: 0, unrecorded: 0, faults: 0 },
  };
}

/** Some relation is what the origin says of its caller. */
function believesOrigin(contract: CompiledContract): boolean {
  return (
    contract.servers.some((server) => server.authenticatesCaller) &&
    Object.values(contract.relations).some((relation) => relation.object !== undefined)
  );
}
