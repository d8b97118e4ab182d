import {
  type Truth,
  matchServer,
  type Claim,
  decodeUtf8,
  type EpochMs,
  isLeakproofError,
  type Known,
  lookupsOf,
  observe,
  type OwnerRef,
  type PreRead,
  readJson,
  type Server,
} from '@leakproof/core';
import { ClaimMap } from '@leakproof/core/rules';
import { decodeContent, type FullResponse, type IncomingRequest, saysJson, STRICT } from '@leakproof/http';
import { headersToOrigin } from '../headers/to-origin.ts';
import { lookupAnswers } from './lookup-answers.ts';
import { lookupCalls } from './lookup-call.ts';
import { perform, type RequestFlow } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';

/** Claims that are remembered, and at most as many again: for longer than the cut remembers to have asked them. */
const MIN_TOLD = 100_000;

/** What one request has asked and been told. Nothing is asked twice: what did not come stays unknown. */
export class LookupSession implements Known {
  readonly #engine: Engine;
  /** Made when something is asked. */
  #told: ClaimMap<Truth> | undefined;
  #mostAsked = 0;
  readonly #owners = new Map<string, readonly OwnerRef[] | undefined>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get(claim: Claim): Truth {
    return this.getAt(claim, this.#engine.now());
  }

  /** The same for many claims at one time: to read a clock for each costs more than the answer. */
  getAt(claim: Claim, nowMs: EpochMs): Truth {
    const told = this.#told?.get(claim);
    return told === undefined || told === 'unknown' ? this.#engine.facts.get(claim, nowMs) : told;
  }

  owners(read: PreRead): readonly OwnerRef[] | undefined {
    return this.#owners.get(readKey(read));
  }

  /** Asks the back end of `server` for what was not asked before; false if there was nothing new to ask. */
  *ask(server: Server, claims: readonly Claim[]): RequestFlow<boolean> {
    const { contract, limits, facts, now } = this.#engine;
    const told = (this.#told ??= new ClaimMap(Infinity));
    this.#mostAsked = Math.max(this.#mostAsked, claims.length);
    if (told.recent > MIN_TOLD && told.recent > 4 * lookupsOf(contract) * this.#mostAsked) told.turn();
    const fresh: Claim[] = [];
    for (const claim of claims) {
      if (told.get(claim) !== undefined) continue;
      told.set(claim, 'unknown');
      fresh.push(claim);
    }
    if (fresh.length === 0) return false;
    const calls = lookupCalls(contract, server, fresh, limits.maxOwnersPerLookup);
    if (calls.length === 0) return false;
    const { answers } = yield* perform({ do: 'lookup', calls });
    const nowMs = now();
    for (const [index, call] of calls.entries()) {
      const body = answers[index];
      const learnt = body ? lookupAnswers(call, body, nowMs) : [];
      facts.put(learnt, nowMs);
      for (const { claim, answer } of learnt) told.set(claim, answer);
    }
    return true;
  }

  /** Reads an object as the caller, to learn whose it is. What cannot be read has no owners. */
  *read(request: IncomingRequest, reads: readonly PreRead[]): RequestFlow<boolean> {
    const fresh = reads.filter((read) => !this.#owners.has(readKey(read)));
    for (const read of fresh) this.#owners.set(readKey(read), yield* this.#readOne(request, read));
    return fresh.length > 0;
  }

  *#readOne(request: IncomingRequest, read: PreRead): RequestFlow<readonly OwnerRef[] | undefined> {
    const { contract } = this.#engine;
    const serverMatch = matchServer(contract, { method: 'GET', authority: request.authority, target: read.target });
    if ('type' in serverMatch) return undefined;
    const headers = headersToOrigin(request, { to: serverMatch.endpoint, cookies: this.#engine.sendsCookies }).filter(
      ([name]) => name !== 'content-type',
    );
    const event = yield* perform({
      do: 'fetch',
      request: {
        scheme: serverMatch.endpoint.scheme,
        authority: serverMatch.endpoint.authority,
        method: 'GET',
        target: read.target,
        headers,
        body: undefined,
      },
    });
    return 'response' in event ? this.#ownersIn(event.response, read, serverMatch.server.space) : undefined;
  }

  #ownersIn(response: FullResponse, read: PreRead, space: string): readonly OwnerRef[] | undefined {
    const { contract, limits } = this.#engine;
    const operation = contract.operations.find((each) => each.name === read.operation);
    if (!operation || response.status !== 200 || !saysJson(response.headers)) return undefined;
    const { maxBodyBytes: maxBytes, maxRatio } = limits;
    const body = decodeContent(response.headers, response.body, { ...STRICT, maxBytes, maxRatio });
    if (typeof body === 'string') return undefined;
    try {
      const { root } = observe(contract, { shape: operation.returns, space }, readJson(decodeUtf8(body)));
      if (root.type !== 'object') return undefined;
      return root.sighting.owners.filter((each) => !each.about).map((each) => each.owner);
    } catch (error) {
      if (isLeakproofError(error)) return undefined;
      throw error;
    }
  }
}

function readKey(read: PreRead): string {
  return JSON.stringify([read.operation, read.target]);
}
