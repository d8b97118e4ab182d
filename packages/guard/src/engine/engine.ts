import type { CompiledContract, EpochMs, Headers, LogRecord, Mode, Tokenize } from '@leakproof/core';
import { Budgets } from '../budget/budgets.ts';
import { guardHeaders } from '../headers/to-client.ts';
import { RequestHeaders } from '../headers/request-headers.ts';
import type { CredentialTraits } from '../headers/credential-traits.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { LookupCache } from '../lookup/lookup-cache.ts';
import { type Authorities, authoritiesOf } from './authorities.ts';
import { type Notice, Notices } from './notices.ts';

export interface EngineOptions {
  readonly contract: CompiledContract;
  /** Of the principals of the contract (`credentialTraits`). */
  readonly credentials: CredentialTraits;
  /** Digest of the contract, written with every fact. */
  readonly contractDigest: string;
  /** Overrides every mode of the contract. */
  readonly mode?: Mode | undefined;
  readonly limits?: Partial<Limits>;
  readonly tokenize: Tokenize;
  readonly now: () => EpochMs;
  /** Log records of earlier processes within the longest window of a budget, so that budgets continue. Read once. */
  readonly recent?: Iterable<LogRecord>;
  /** Called once for each thing that an operator should know, such as the first refusal of each code. */
  readonly onNotice?: ((notice: Notice) => void) | undefined;
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
  /** Gaps: reasons why a passed response, or a part of it, could not be judged. */
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
  readonly requestHeaders: RequestHeaders;
  /** The response headers that operations declare, by the operation's name. */
  readonly responseHeaders: ReadonlyMap<string, ReadonlySet<string>>;
  /** The cookies that the origin gets; undefined: all. */
  readonly allowedCookies: ReadonlySet<string> | undefined;
  readonly authorities: Authorities;
  readonly notices: Notices;
  readonly counts: Counts;
}

export function createEngine(options: EngineOptions): Engine {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const budgets = new Budgets(options.contract, limits, options.tokenize);
  if (options.recent) budgets.restore(options.recent, options.now());
  const { contract, credentials } = options;
  const allowedCookies = cookiesToOrigin(contract, credentials);
  return {
    contract,
    contractDigest: options.contractDigest,
    mode: options.mode,
    limits,
    tokenize: options.tokenize,
    now: options.now,
    lookupCache: new LookupCache(limits.maxCachedAnswers),
    budgets,
    identityHeaders: credentials.headers,
    guardHeaders: guardHeaders(credentials.headers),
    // With another credential the origin could identify another caller than the guard does.
    requestHeaders: new RequestHeaders(contract, {
      credentials: credentials.headers,
      authorization: credentials.readsAuthorization || !trustsOriginAboutCaller(contract),
      cookies: allowedCookies !== undefined || !trustsOriginAboutCaller(contract),
    }),
    responseHeaders: new Map(
      contract.operations.flatMap(({ name, responseHeaders }) =>
        responseHeaders ? [[name, new Set(responseHeaders)]] : [],
      ),
    ),
    allowedCookies,
    authorities: authoritiesOf(contract, credentials),
    notices: new Notices(options.onNotice),
    counts: { released: 0, brokenOff: 0, refused: 0, passed: 0, gaps: 0, unrecorded: 0, faults: 0 },
  };
}

/** The cookies that the contract names: as credentials, or as such that name no caller. */
function cookiesToOrigin(contract: CompiledContract, { cookies }: CredentialTraits): ReadonlySet<string> | undefined {
  return cookies || contract.cookies ? new Set([...(cookies ?? []), ...(contract.cookies ?? [])]) : undefined;
}

/** True if a relation is read from responses of an origin that authenticates its caller. */
function trustsOriginAboutCaller(contract: CompiledContract): boolean {
  return (
    contract.servers.some((server) => server.authenticatesCaller) &&
    Object.values(contract.relations).some((relation) => relation.object !== undefined)
  );
}
