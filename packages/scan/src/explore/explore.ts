import type { Exchange, Headers } from '@leakproof/core';
import {
  buildInventory,
  type DeclaredHttpOperation,
  type ExchangeRead,
  matchOperations,
  readExchange,
  traceValues,
} from '@leakproof/sources';
import type { Sessions } from '../identities/sessions.ts';
import { inParallel } from '../in-parallel.ts';
import type { Transport } from '../transport/transport.ts';
import { objectsByConvention } from './by-convention.ts';
import { type ExploreRequest, keyOfRequest, originOfEndpoint, type RequestOrigin } from './explore-request.ts';
import { ExploreSender, type StopReason } from './explore-sender.ts';
import { exploreTemplates, type ExploreTemplate, fillExploreTemplate } from './explore-template.ts';
import { collectionsOf, linksOf } from './follow-up.ts';
import { type PooledValue, ValuePool } from './value-pool.ts';

export interface ExploreBudget {
  /** Requests of one caller by one operation. */
  readonly perOperation: number;
  /** All requests. */
  readonly requests: number;
  readonly timeMs: number;
}

export const EXPLORE_BUDGET: ExploreBudget = { perOperation: 8, requests: 1_500, timeMs: 45_000 };

export interface ExploreOptions {
  /** Requests of the input that only read, and declared operations without parameters. */
  readonly seeds: readonly ExploreRequest[];
  readonly declared: readonly DeclaredHttpOperation[];
  /** Captured exchanges, as evidence of paths and of values. */
  readonly captured: readonly Exchange[];
  /** No other origin is called. */
  readonly origins: readonly string[];
  /** Names of the identities; the caller without a login is added. */
  readonly identities: readonly string[];
  /** What is known of an identity before: its id, and the claims of its token. */
  readonly known?: ReadonlyMap<string, readonly (readonly [name: string, value: string])[]> | undefined;
  readonly common?: ReadonlyMap<string, Headers> | undefined;
  readonly sessions: Sessions;
  readonly transport: Transport;
  readonly budget?: ExploreBudget | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ExploreEvent) => void) | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly now?: (() => number) | undefined;
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
}

/** `done`: requests sent so far. */
export interface ExploreEvent {
  readonly type: 'explored';
  readonly round: number;
  readonly done: number;
}

/** What was not explored, or not answered. */
export interface ExploreNote {
  readonly what: string;
  readonly why: string;
}

export interface Explored {
  /** With the names of the callers. Contains credentials and personal data: keep it in memory. */
  readonly exchanges: readonly Exchange[];
  readonly notes: readonly ExploreNote[];
  /** Origins at which each caller stopped, and why. */
  readonly stopped: ReadonlyMap<string, ReadonlyMap<string, StopReason>>;
  readonly interrupted: boolean;
}

/** The sites whose values were seen in a parameter later. */
type SitesOf = (origin: string, operation: string, parameter: string) => ReadonlySet<string>;

const MAX_ROUNDS = 5;
const PARALLEL = 4;
/** Requests of each caller by one operation: pages, and paths that are only guessed. */
const LIMITS: Readonly<Partial<Record<RequestOrigin, number>>> = { page: 3, collection: 2 };
const NOT_THERE = new Set([400, 404, 405, 410]);
/** A path that no API has: what is answered to it says nothing. */
const NO_SUCH_PATH = '/leakproof-7d1f0c3a9b/no-such-path';

/**
 * Reads an API as every caller, from what is known of it: requests of the input, lists as producers of ids, pages, links, and values
 * that were received before. Nothing is changed: only GET, and what the seeds have. All callers send the same requests, one round
 * after the other, so that two runs on the same API send the same.
 */
export async function explore(options: ExploreOptions): Promise<Explored> {
  return new Exploration(options).run();
}

class Exploration {
  readonly #options: ExploreOptions;
  readonly #budget: ExploreBudget;
  readonly #started: number;
  readonly #now: () => number;
  readonly #senders: readonly ExploreSender[];
  readonly #exchanges: Exchange[] = [];
  readonly #planned = new Set<string>();
  readonly #counts = new Map<string, number>();
  /** Answers to a path that does not exist, by caller and origin. */
  readonly #catchAll = new Map<string, string>();
  readonly #notes = new Map<string, ExploreNote>();
  #sent = 0;

  constructor(options: ExploreOptions) {
    this.#options = options;
    this.#budget = options.budget ?? EXPLORE_BUDGET;
    this.#now = options.now ?? (() => performance.now());
    this.#started = this.#now();
    const { transport, sessions, common = new Map<string, Headers>(), identities } = options;
    const signal = options.signal ?? new AbortController().signal;
    const wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    const context = { transport, sessions, common, signal, wait };
    this.#senders = ['anonymous', ...identities].map((name) => new ExploreSender(name, context));
  }

  async run(): Promise<Explored> {
    await this.#calibrate();
    let requests = this.#admit(this.#options.seeds);
    for (let round = 0; round < MAX_ROUNDS && requests.length > 0; round++) {
      const answered = await this.#send(requests);
      this.#options.onEvent?.({ type: 'explored', round, done: this.#sent });
      if (this.#isOver()) break;
      requests = this.#admit([...this.#followUps(answered, round), ...this.#byValues()]);
    }
    if (this.#sent >= this.#budget.requests)
      this.#note('more requests', `the limit of ${this.#budget.requests} was reached`);
    else if (this.#isOver() && !this.#isInterrupted())
      this.#note('more requests', `the limit of ${Math.round(this.#budget.timeMs / 1000)} s was reached`);
    const stopped = new Map(this.#senders.map((sender) => [sender.name, sender.stopped]));
    for (const [name, origins] of stopped)
      for (const [origin, reason] of origins) this.#note(`more requests of ${name} at ${origin}`, reason);
    return {
      exchanges: this.#exchanges,
      notes: [...this.#notes.values()],
      stopped,
      interrupted: this.#isInterrupted(),
    };
  }

  #isInterrupted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  #isOver(): boolean {
    const { requests, timeMs } = this.#budget;
    return this.#isInterrupted() || this.#sent >= requests || this.#now() - this.#started > timeMs;
  }

  #note(what: string, why: string): void {
    this.#notes.set(what, { what, why });
  }

  /** What the servers answer to a path that does not exist: an equal answer elsewhere is no evidence. */
  async #calibrate(): Promise<void> {
    const endpoints = new Map(this.#options.seeds.map(({ endpoint }) => [originOfEndpoint(endpoint), endpoint]));
    for (const [origin, endpoint] of endpoints)
      for (const sender of this.#senders) {
        const target = NO_SUCH_PATH;
        const request = { endpoint, method: 'GET', target, headers: [], why: 'captured', operation: '' } as const;
        const exchange = await sender.send(request);
        this.#sent++;
        if (exchange?.response && exchange.response.status < 300)
          this.#catchAll.set(`${sender.name} ${origin}`, textOf(exchange));
      }
  }

  /** The requests that are new and within the budget of their operation. */
  #admit(requests: readonly ExploreRequest[]): ExploreRequest[] {
    return requests.filter((request) => {
      const key = keyOfRequest(request);
      if (this.#planned.has(key) || !this.#options.origins.includes(originOfEndpoint(request.endpoint))) return false;
      const count = this.#counts.get(request.operation) ?? 0;
      const limit = LIMITS[request.why] ?? this.#budget.perOperation;
      if (count >= limit) {
        if (LIMITS[request.why] === undefined)
          this.#note(`more of ${request.operation}`, `${limit} requests of each caller were sent`);
        return false;
      }
      this.#planned.add(key);
      this.#counts.set(request.operation, count + 1);
      return true;
    });
  }

  /** Every caller sends every request; the answers are in the order of requests, then callers. */
  async #send(requests: readonly ExploreRequest[]): Promise<Exchange[]> {
    const perCaller = await inParallel(this.#senders, PARALLEL, async (sender) => {
      const answers: (Omit<Exchange, 'time'> | undefined)[] = [];
      for (const request of requests) {
        if (this.#isOver()) break;
        this.#sent++;
        answers.push(await sender.send(request));
      }
      return answers;
    });
    const round: Exchange[] = [];
    for (const index of requests.keys())
      for (const [caller, answers] of perCaller.entries()) {
        const exchange = answers[index];
        const name = this.#senders[caller]?.name ?? '';
        if (!exchange || this.#isCatchAll(name, exchange)) continue;
        // A path that was only guessed, and is not there, is no evidence of anything.
        const isGuess = requests[index]?.why === 'collection';
        if (isGuess && perCaller.every((each) => NOT_THERE.has(each[index]?.response?.status ?? 404))) continue;
        round.push({ ...exchange, time: this.#exchanges.length + round.length });
      }
    this.#exchanges.push(...round);
    return round;
  }

  #isCatchAll(name: string, exchange: Omit<Exchange, 'time'>): boolean {
    const { request } = exchange;
    const answer = this.#catchAll.get(`${name} ${request.scheme}://${request.authority}`);
    if (answer === undefined || answer !== textOf(exchange)) return false;
    this.#note(
      `${request.method} ${request.target.split('?', 1)[0] ?? ''}`,
      'it is answered like a path that does not exist',
    );
    return true;
  }

  #followUps(answered: readonly Exchange[], round: number): ExploreRequest[] {
    const { captured, declared, origins } = this.#options;
    const links = answered.flatMap((exchange) => linksOf(exchange, origins));
    // A description tells which paths there are.
    if (declared.length > 0) return links;
    const collections = (round === 0 ? [...captured, ...answered] : answered).flatMap((exchange) =>
      collectionsOf(readExchange(exchange)),
    );
    return [...collections, ...answered.flatMap(objectsByConvention), ...links];
  }

  /** Requests of operations with parameters, filled with values that were received. */
  #byValues(): ExploreRequest[] {
    const { declared, origins, captured } = this.#options;
    const builder = buildInventory();
    for (const each of [...captured, ...this.#exchanges]) builder.add(each);
    for (const each of declared) builder.declare(each);
    const inventory = builder.finish();
    const all = [...captured, ...this.#exchanges].map((each) => readExchange(each));
    const operationOf = matchOperations(inventory);
    const tracer = traceValues({ operationOf });
    for (const read of all) tracer.add(read.exchange, read);
    const { edges } = tracer.finish();
    const pool = this.#poolOf(all, (read) => operationOf(read).name);
    const sitesOf: SitesOf = (origin, operation, parameter) =>
      new Set(
        edges.flatMap(({ producer, consumer }) =>
          consumer.origin === origin && consumer.operation === operation && consumer.name === parameter
            ? [`${producer.operation} ${producer.name}`]
            : [],
        ),
      );
    return exploreTemplates({ inventory, declared, origins }).flatMap((template) =>
      this.#filled(template, { pool, sitesOf }),
    );
  }

  #poolOf(reads: readonly ExchangeRead[], operationOf: (read: ExchangeRead) => string): ValuePool {
    const pool = new ValuePool();
    for (const [name, values] of this.#options.known ?? [])
      for (const [field, value] of values) pool.addOwn(name, value, field);
    for (const read of reads)
      if (read.status >= 200 && read.status < 300)
        pool.add(read, operationOf(read), read.exchange.caller.identity ?? read.exchange.caller.auth);
    return pool;
  }

  #filled(
    template: ExploreTemplate,
    { pool, sitesOf }: { readonly pool: ValuePool; readonly sitesOf: SitesOf },
  ): ExploreRequest[] {
    const { origin, operation, parameters, query } = template;
    const wanted = [...parameters, ...(query === undefined ? [] : [{ name: query, about: '' }])];
    const candidates = wanted.map((each) =>
      pool.candidates({ ...each, sites: sitesOf(origin, operation, each.name) }).slice(0, this.#budget.perOperation),
    );
    if (candidates.some((each) => each.length === 0)) {
      const missing = wanted.filter((_, index) => candidates[index]?.length === 0).map(({ name }) => `\`${name}\``);
      this.#note(operation, `no value was found for ${missing.join(', ')}`);
      return [];
    }
    this.#notes.delete(operation);
    return combinations(candidates)
      .slice(0, this.#budget.perOperation)
      .flatMap(
        (values) =>
          fillExploreTemplate(
            template,
            values.map(({ value }) => value),
          ) ?? [],
      );
  }
}

/** One value for each parameter; values that one caller received together come first. */
function combinations(candidates: readonly (readonly PooledValue[])[]): PooledValue[][] {
  const [first = [], ...rest] = candidates;
  if (rest.length === 0) return first.map((value) => [value]);
  const below = combinations(rest);
  const all = first.flatMap((value) => below.map((values) => [value, ...values]));
  const isShared = (values: readonly PooledValue[]): number =>
    [...(values[0]?.callers ?? [])].some((caller) => values.every(({ callers }) => callers.has(caller))) ? 0 : 1;
  return all.sort((a, b) => isShared(a) - isShared(b)).slice(0, 64);
}

const textOf = ({ response }: Pick<Exchange, 'response'>): string =>
  Buffer.from(response?.body ?? []).toString('latin1');
