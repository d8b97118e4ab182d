import {
  type Claim,
  type EpochMs,
  type FoundOwners,
  isLeakproofError,
  type Known,
  lookupsOf,
  matchServer,
  observe,
  ownersFound,
  type PreRead,
  type Server,
  type Truth,
} from '@leakproof/core';
import { ClaimMap } from '@leakproof/core/rules';
import type { FullResponse, IncomingRequest } from '@leakproof/http';
import { headersOfPreRead } from '../headers/to-origin.ts';
import { lookupCalls } from '../lookup/lookup-call.ts';
import { readLookupResponse } from '../lookup/read-lookup-response.ts';
import { perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { readJsonBody } from './read-json-body.ts';

/**
 * An answer is kept until at least so many later claims were asked: longer than the cut remembers what it asked, because it
 * would take an answer that is forgotten here for unknown.
 */
const MIN_KEPT = 100_000;

/** The request that a pre-read is made for. */
export interface PreReadContext {
  readonly request: IncomingRequest;
  /** Names of the headers that the origin gets with the request. */
  readonly sent: ReadonlySet<string>;
  /** Whose part of the connections it takes. */
  readonly caller: string;
}

/** The lookups of one request. No claim is asked twice: without an answer it stays unknown. */
export class LookupSession implements Known {
  readonly #engine: Engine;
  /** Created by the first `ask`. */
  #answers: ClaimMap<Truth> | undefined;
  #mostAsked = 0;
  readonly #owners = new Map<string, FoundOwners>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get(claim: Claim): Truth {
    return this.getAt(claim, this.#engine.now());
  }

  /** The answer at a time that the caller has read: reading the clock for each claim costs more than the rest. */
  getAt(claim: Claim, nowMs: EpochMs): Truth {
    const answer = this.#answers?.get(claim);
    return answer === undefined || answer === 'unknown' ? this.#engine.lookupCache.get(claim, nowMs) : answer;
  }

  owners(read: PreRead): FoundOwners | undefined {
    return this.#owners.get(readKey(read));
  }

  /** Asks the back end of `server` for the claims not asked before; false if there are none. */
  *ask(server: Server, claims: readonly Claim[]): RequestFlow<boolean> {
    const { contract, limits, lookupCache, now } = this.#engine;
    const asked = (this.#answers ??= new ClaimMap(Infinity));
    this.#mostAsked = Math.max(this.#mostAsked, claims.length);
    if (asked.recent > MIN_KEPT && asked.recent > 4 * lookupsOf(contract) * this.#mostAsked) asked.turn();
    const fresh: Claim[] = [];
    for (const claim of claims) {
      if (asked.get(claim) !== undefined) continue;
      asked.set(claim, 'unknown');
      fresh.push(claim);
    }
    if (fresh.length === 0) return false;
    const calls = lookupCalls(contract, server, { claims: fresh, maxOwners: limits.maxOwnersPerLookup });
    if (calls.length === 0) return false;
    const { answers } = yield* perform({ do: 'lookup', calls });
    const nowMs = now();
    for (const [index, call] of calls.entries()) {
      const body = answers[index];
      const answered = body ? readLookupResponse(call, body, nowMs) : [];
      lookupCache.put(answered, nowMs);
      for (const { claim, answer } of answered) asked.set(claim, answer);
    }
    return true;
  }

  /** Reads objects as the caller, to learn their owners. Of an object that cannot be read whole they are unknown. False if nothing was read. */
  *read(context: PreReadContext, reads: readonly PreRead[]): RequestFlow<boolean> {
    const fresh = reads.filter((read) => !this.#owners.has(readKey(read)));
    for (const read of fresh) this.#owners.set(readKey(read), yield* this.#readOwners(context, read));
    return fresh.length > 0;
  }

  *#readOwners({ request, sent, caller }: PreReadContext, read: PreRead): RequestFlow<FoundOwners> {
    const serverMatch = matchServer(this.#engine.contract, {
      method: 'GET',
      authority: request.authority,
      target: read.target,
    });
    if ('type' in serverMatch) return 'unknown';
    const { endpoint, server } = serverMatch;
    const event = yield* perform({
      do: 'fetch',
      request: {
        scheme: endpoint.scheme,
        authority: endpoint.authority,
        method: 'GET',
        target: read.target,
        headers: headersOfPreRead(request, { to: endpoint, sent }),
        body: undefined,
      },
      caller,
    });
    return 'response' in event ? this.#ownersIn(event.response, read, server.space) : 'unknown';
  }

  #ownersIn(response: FullResponse, read: PreRead, space: string): FoundOwners {
    const { contract } = this.#engine;
    const operation = contract.operations.find((each) => each.name === read.operation);
    if (!operation || response.status !== 200) return 'unknown';
    const json = readJsonBody(this.#engine, response);
    if (typeof json === 'string') return 'unknown';
    try {
      return ownersFound(observe(contract, { shape: operation.returns, space }, json));
    } catch (error) {
      if (isLeakproofError(error)) return 'unknown';
      throw error;
    }
  }
}

function readKey(read: PreRead): string {
  return JSON.stringify([read.operation, read.target]);
}
