import type { Exchange, Headers } from '@leakproof/core';
import type { Sessions } from '../identities/sessions.ts';
import type { HttpResponse, Transport } from '../transport/transport.ts';
import { type ExploreRequest, originOfEndpoint } from './explore-request.ts';

/** Why a caller sends nothing more to an origin. */
export type StopReason =
  | 'the server limits its requests'
  | 'the server does not answer'
  | 'the server answers with errors only'
  | 'the account was locked';

export interface SenderContext {
  readonly transport: Transport;
  readonly sessions: Sessions;
  /** Headers that every caller sends, by origin. */
  readonly common: ReadonlyMap<string, Headers>;
  readonly signal: AbortSignal;
  readonly wait: (ms: number) => Promise<void>;
}

/** Answers of one kind in a row after which nothing more is sent. */
const MAX_LIMITED = 3;
const MAX_SILENT = 3;
const MAX_FAILED = 20;
/** Of `Retry-After`, in milliseconds. */
const MAX_WAIT_MS = 3_000;

interface Streak {
  limited: number;
  silent: number;
  failed: number;
}

/** Sends the requests of one caller, and stops at a server that is not to be asked any more. */
export class ExploreSender {
  readonly name: string;
  readonly #context: SenderContext;
  readonly #streaks = new Map<string, Streak>();
  readonly #stopped = new Map<string, StopReason>();

  constructor(name: string, context: SenderContext) {
    this.name = name;
    this.#context = context;
  }

  /** Origins where it stopped. */
  get stopped(): ReadonlyMap<string, StopReason> {
    return this.#stopped;
  }

  /** The exchange, without its time; undefined if it was not sent, or not answered. */
  async send(request: ExploreRequest): Promise<Omit<Exchange, 'time'> | undefined> {
    const origin = originOfEndpoint(request.endpoint);
    if (this.#stopped.has(origin) || this.#context.signal.aborted) return undefined;
    let response = await this.#once(request);
    if (response && isLimited(response)) {
      await this.#context.wait(Math.min(retryAfterMs(response.headers), MAX_WAIT_MS));
      response = await this.#once(request);
    }
    if (this.#context.signal.aborted) return undefined;
    this.#note(origin, response);
    return response && this.#exchange(request, response);
  }

  async #once(request: ExploreRequest): Promise<HttpResponse | undefined> {
    const { transport, sessions } = this.#context;
    const { endpoint } = request;
    const signed = sessions.sign(this.name, endpoint, this.#template(request));
    const response = await transport.send(endpoint, signed.template, signed.credential);
    if (response.type === 'no-response') return undefined;
    sessions.received(this.name, endpoint, response.headers);
    return response;
  }

  #template({ endpoint, method, target, headers, body }: ExploreRequest) {
    const common = this.#context.common.get(originOfEndpoint(endpoint)) ?? [];
    return { method, target, headers: [...common, ...headers], ...(body === undefined ? {} : { body }) };
  }

  #exchange(request: ExploreRequest, response: HttpResponse): Omit<Exchange, 'time'> {
    const { endpoint, method, target, body } = request;
    const template = this.#template(request);
    const { credential } = this.#context.sessions.sign(this.name, endpoint, template);
    const isKnown = this.name !== 'anonymous';
    return {
      request: {
        method,
        scheme: endpoint.scheme,
        authority: endpoint.authority,
        target,
        headers: [...template.headers, ...credential],
        ...(body === undefined ? {} : { body: Buffer.from(body) }),
      },
      response: { status: response.status, headers: response.headers, body: response.body },
      caller: isKnown
        ? { auth: 'credential', scheme: schemeOf(credential), identity: this.name }
        : { auth: 'anonymous' },
      provenance: { reader: 'explore', at: `${request.why} ${request.operation}` },
    };
  }

  #note(origin: string, response: HttpResponse | undefined): void {
    const streak = this.#streaks.get(origin) ?? { limited: 0, silent: 0, failed: 0 };
    this.#streaks.set(origin, streak);
    streak.silent = response ? 0 : streak.silent + 1;
    streak.limited = response && isLimited(response) ? streak.limited + 1 : 0;
    streak.failed = response && response.status >= 500 ? streak.failed + 1 : 0;
    const reason: StopReason | undefined =
      response?.status === 423
        ? 'the account was locked'
        : streak.silent >= MAX_SILENT
          ? 'the server does not answer'
          : streak.limited >= MAX_LIMITED
            ? 'the server limits its requests'
            : streak.failed >= MAX_FAILED
              ? 'the server answers with errors only'
              : undefined;
    if (reason) this.#stopped.set(origin, reason);
  }
}

const isLimited = ({ status, headers }: HttpResponse): boolean =>
  status === 429 || (status === 503 && headers.some(([name]) => name === 'retry-after'));

/** `Retry-After` in seconds (RFC 9110 §10.2.3); a date counts as one second. */
function retryAfterMs(headers: Headers): number {
  const value = headers.find(([name]) => name === 'retry-after')?.[1] ?? '';
  return /^\d{1,6}$/.test(value) ? Number(value) * 1000 : 1000;
}

function schemeOf(credential: Headers): string {
  const authorization = credential.find(([name]) => name === 'authorization')?.[1];
  if (authorization !== undefined) return /^[A-Za-z][\w-]*(?= )/.exec(authorization)?.[0].toLowerCase() ?? 'token';
  return credential.some(([name]) => name === 'cookie') ? 'cookie' : 'api-key';
}
