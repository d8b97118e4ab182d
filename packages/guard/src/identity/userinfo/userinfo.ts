import { hash } from 'node:crypto';
import { ANONYMOUS, type CredentialPlace, matchServer, type Server, type UserinfoIdentity } from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';
import { knownKey } from '../../budget/caller-key.ts';
import { networkOf } from '../../budget/network-of.ts';
import {
  type CredentialReader,
  defineIdentity,
  type Identified,
  type IdentityOptions,
  type NamedIdentity,
} from '../identity-kind.ts';
import { type Answer, Answers } from './answers.ts';
import { AskBudget } from './ask-budget.ts';
import { MAX_ANSWER_BYTES, readUserinfo } from './read-userinfo.ts';
import { credentialsAt, userinfoRequest } from './userinfo-request.ts';

/**
 * The origin itself names the caller: opaque tokens, Basic, session cookies, API keys. It is asked once for each credential while
 * an answer holds, however many requests come at the same time. A refused cookie is an anonymous caller, as browsers send
 * cookies unasked; any other refused credential is invalid.
 */
export const userinfo = defineIdentity('userinfo', {
  traits: ({ from }) => ({
    readsAuthorization: from.some(({ name }) => name === 'authorization'),
    headers: namesIn(from, 'header').filter((name) => name !== 'authorization'),
    cookies: namesIn(from, 'cookie'),
  }),
  reader: (kinds, options) => new UserinfoReader(kinds, options),
});

function namesIn(from: readonly CredentialPlace[], where: CredentialPlace['in']): readonly string[] {
  return from.flatMap((place) => (place.in === where ? [place.name] : []));
}

type Kind = NamedIdentity<UserinfoIdentity>;

interface Source {
  readonly kind: Kind;
  readonly place: CredentialPlace;
}

/** A question to the origin about one credential. */
interface Question extends Source {
  readonly digest: string;
  readonly server: Server;
  readonly request: IncomingRequest;
}

interface Asked {
  readonly answer: Answer;
  /** `Set-Cookie` of the answer: only for the caller whose request asked. */
  readonly setCookies: readonly string[];
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY']);

class UserinfoReader implements CredentialReader {
  readonly #options: IdentityOptions;
  readonly #sources: readonly Source[];
  readonly #cookies: ReadonlySet<string>;
  readonly #answers: Answers;
  readonly #strangers: AskBudget;
  readonly #asking = new Map<string, Promise<Asked>>();

  constructor(kinds: readonly Kind[], options: IdentityOptions) {
    this.#options = options;
    this.#sources = kinds.flatMap((kind) => kind.by.from.map((place) => ({ kind, place })));
    const places = kinds.flatMap(({ by }) => by.from);
    this.#cookies = new Set([...namesIn(places, 'cookie'), ...(options.contract.cookies ?? [])]);
    this.#answers = new Answers(options.limits.maxTokens);
    this.#strangers = new AskBudget({
      max: options.limits.maxUnknownCredentials,
      maxPerNetwork: options.limits.maxUnknownCredentialsPerNetwork,
    });
  }

  /** Each credential with the number of its source before it. */
  find(request: IncomingRequest): readonly string[] {
    return this.#sources.flatMap(({ place }, index) =>
      credentialsAt(request, place).map((credential) => `${index} ${credential}`),
    );
  }

  read(credential: string, request: IncomingRequest): Identified | Promise<Identified> {
    const { contract, now } = this.#options;
    const source = this.#sources[Number.parseInt(credential, 10)];
    const match = matchServer(contract, request);
    // Without a server the request is refused later, whoever sends it.
    if (!source || 'type' in match) return { principal: ANONYMOUS };
    const digest = hash('sha256', `${match.server.name}\n${credential}`, 'base64');
    const known = this.#answers.get(digest, now());
    const asked = known
      ? { answer: known, setCookies: [] }
      : this.#ask({ ...source, digest, server: match.server, request });
    const conclude = (given: Asked): Identified => {
      // After a login the same session can be another caller.
      if (!SAFE.has(request.method)) this.#answers.forgetRefusal(digest);
      return identifiedBy(given, source.place);
    };
    return asked instanceof Promise ? asked.then(conclude) : conclude(asked);
  }

  /** Asks once for all requests that come until the answer. */
  #ask(question: Question): Asked | Promise<Asked> {
    const { digest, request } = question;
    const asking = this.#asking.get(digest);
    if (asking) return asking;
    const network = networkOf(request.peer);
    const isKnown = this.#answers.isKnown(digest);
    const done = isKnown ? undefined : this.#strangers.take(network, this.#options.now());
    if (!isKnown && !done) return { answer: { failed: 'LP-USERINFO-BUSY' }, setCookies: [] };
    const asked = this.#send(question, isKnown ? knownKey('userinfo', digest) : network).finally(() => {
      done?.();
      this.#asking.delete(digest);
    });
    const shared = asked.then(({ answer }) => ({ answer, setCookies: [] }));
    // Whoever waits handles a rejection; if nobody does, it is that of `asked`.
    shared.catch(() => undefined);
    this.#asking.set(digest, shared);
    return asked;
  }

  async #send({ kind, place, digest, server, request }: Question, caller: string): Promise<Asked> {
    const { contract, askOrigin, now, limits } = this.#options;
    const endpoint = server.endpoints.rest;
    if (!endpoint) return { answer: { failed: 'LP-USERINFO-UNAVAILABLE' }, setCookies: [] };
    const response = await askOrigin(
      userinfoRequest(request, { by: kind.by, place, endpoint, cookies: this.#cookies }),
      {
        caller,
        maxBytes: MAX_ANSWER_BYTES,
        timeoutMs: limits.userinfoTimeoutMs,
      },
    );
    const info = readUserinfo(contract, kind, response);
    const answer = this.#answers.put(digest, info, { nowMs: now(), cacheMs: kind.by.cacheMs });
    const isNamed = 'principal' in answer && typeof info === 'object' && 'setCookies' in info;
    return { answer, setCookies: isNamed ? info.setCookies : [] };
  }
}

function identifiedBy({ answer, setCookies }: Asked, place: CredentialPlace): Identified {
  if ('principal' in answer) return { principal: answer.principal, ...(setCookies.length > 0 ? { setCookies } : {}) };
  if ('failed' in answer) return { unavailable: answer.failed };
  return place.in === 'cookie' ? { principal: ANONYMOUS } : { invalid: 'LP-CREDENTIAL-INVALID' };
}
