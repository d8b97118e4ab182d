import type { Limits } from '../../limits.ts';
import { isKnownCaller } from '../../budget/caller-key.ts';
import { SlotList, type Slotted } from './slot-list.ts';

type ConnectionLimits = Pick<
  Limits,
  'maxConnections' | 'maxLongConnections' | 'maxPerCaller' | 'maxLongPerCaller' | 'longAfterMs' | 'connectionWaitMs'
>;

/** The right to one connection to an origin. */
export interface Lease {
  /** Counts it as long from now on. False if there is no room for one more: the connection must be closed. */
  becomeLong(): boolean;
  /** May be called more than once. */
  release(): void;
}

/** A request that waits for a connection. */
export interface Waiting {
  /** Undefined: there was none in time. */
  readonly lease: Promise<Lease | undefined>;
  cancel(): void;
}

/** The connections of one caller. */
interface Usage {
  readonly isKnown: boolean;
  short: number;
  long: number;
  waiting: number;
}

interface Waiter {
  readonly caller: string;
  readonly onExpelled: () => void;
  readonly resolve: (lease: Lease | undefined) => void;
  readonly untilMs: number;
}

const MAX_IDLE_CALLERS = 1_000;

/** How many of the connections all anonymous callers have together: addresses cost nothing, so the rest is for known principals. */
function anonymousPart(max: number): number {
  return Math.ceil((max * 3) / 4);
}

/**
 * Counts the connections to one origin. Those that end soon and those that do not (streams, clients that read slowly, requests
 * that the origin does not answer) have separate numbers, so that the second never use up the first: a connection counts as long
 * once it has been in use for `longAfterMs`, or its response is a stream. Nobody has more than a part of either, nor have all
 * anonymous callers together. A request that finds no connection waits for `connectionWaitMs` at most; known principals go first.
 */
export class ConnectionLimiter {
  readonly #limits: ConnectionLimits;
  readonly #now: () => number;
  readonly #usage = new Map<string, Usage>();
  readonly #short = new SlotList<CountedLease>();
  #long = 0;
  readonly #anonymous = { short: 0, long: 0 };
  /** In the order in which they came, known principals apart: they go first. */
  readonly #waiters = { known: new Set<Waiter>(), anonymous: new Set<Waiter>() };
  #ticker: NodeJS.Timeout | undefined;

  constructor(limits: ConnectionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * A connection for a request of `caller`; undefined if it has too many requests waiting already. `onExpelled`: the connection
   * has become long, and there is no room for one more.
   */
  take(caller: string, onExpelled: () => void): Lease | Waiting | undefined {
    const usage = this.#usageOf(caller);
    if (this.#hasShortFor(usage)) return this.#grant(caller, onExpelled);
    if (usage.waiting >= this.#limits.maxPerCaller) return undefined;
    usage.waiting++;
    this.#startTicker();
    let waiter: Waiter | undefined;
    const lease = new Promise<Lease | undefined>((resolve) => {
      waiter = { caller, onExpelled, resolve, untilMs: this.#now() + this.#limits.connectionWaitMs };
      this.#waitersLike(usage).add(waiter);
    });
    return { lease, cancel: () => waiter && this.#giveUp(waiter) };
  }

  /** Moves connections that have been in use for long, and ends waits that have lasted too long. */
  tick(): void {
    const nowMs = this.#now();
    for (const lease of this.#short.filter(({ sinceMs }) => nowMs - sinceMs >= this.#limits.longAfterMs))
      if (!lease.becomeLong()) lease.onExpelled();
    this.#forgetIdle();
    for (const waiters of Object.values(this.#waiters)) {
      for (const waiter of waiters) {
        if (waiter.untilMs > nowMs) break;
        this.#giveUp(waiter);
      }
    }
    if (this.#short.size > 0 || !this.#isIdle()) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  close(): void {
    clearInterval(this.#ticker);
    for (const waiters of Object.values(this.#waiters)) for (const waiter of waiters) this.#giveUp(waiter);
  }

  #grant(caller: string, onExpelled: () => void): Lease {
    const lease = new CountedLease(this, { caller, onExpelled, sinceMs: this.#now() });
    this.#countShort(this.#usageOf(caller), 1);
    this.#short.add(lease);
    this.#startTicker();
    return lease;
  }

  lengthen(lease: CountedLease): boolean {
    const usage = this.#usageOf(lease.caller);
    const { maxLongConnections, maxLongPerCaller } = this.#limits;
    if (this.#long >= maxLongConnections || usage.long >= maxLongPerCaller) return false;
    if (!usage.isKnown && this.#anonymous.long >= anonymousPart(maxLongConnections)) return false;
    this.#short.remove(lease);
    this.#countShort(usage, -1);
    this.#countLong(usage, 1);
    this.#serveNext();
    return true;
  }

  end(lease: CountedLease): void {
    const usage = this.#usageOf(lease.caller);
    if (this.#short.remove(lease)) this.#countShort(usage, -1);
    else this.#countLong(usage, -1);
    this.#serveNext();
  }

  #hasShortFor({ isKnown, short }: Usage): boolean {
    const { maxConnections, maxPerCaller } = this.#limits;
    if (this.#short.size >= maxConnections || short >= maxPerCaller) return false;
    return isKnown || this.#anonymous.short < anonymousPart(maxConnections);
  }

  #countShort(usage: Usage, by: 1 | -1): void {
    usage.short += by;
    if (!usage.isKnown) this.#anonymous.short += by;
  }

  #countLong(usage: Usage, by: 1 | -1): void {
    usage.long += by;
    this.#long += by;
    if (!usage.isKnown) this.#anonymous.long += by;
  }

  /** The first known principal that waits and may have one more goes next, then the first anonymous caller. */
  #serveNext(): void {
    if (this.#isIdle()) return;
    for (const waiters of Object.values(this.#waiters)) {
      for (const waiter of waiters) {
        if (this.#short.size >= this.#limits.maxConnections) return;
        const usage = this.#usageOf(waiter.caller);
        if (!usage.isKnown && this.#anonymous.short >= anonymousPart(this.#limits.maxConnections)) return;
        if (!this.#hasShortFor(usage)) continue;
        this.#remove(waiter);
        waiter.resolve(this.#grant(waiter.caller, waiter.onExpelled));
        return;
      }
    }
  }

  #isIdle(): boolean {
    return this.#waiters.known.size + this.#waiters.anonymous.size === 0;
  }

  #waitersLike({ isKnown }: Usage): Set<Waiter> {
    return isKnown ? this.#waiters.known : this.#waiters.anonymous;
  }

  #giveUp(waiter: Waiter): void {
    if (this.#remove(waiter)) waiter.resolve(undefined);
  }

  /** False if it does not wait any more. */
  #remove(waiter: Waiter): boolean {
    const usage = this.#usageOf(waiter.caller);
    if (!this.#waitersLike(usage).delete(waiter)) return false;
    usage.waiting--;
    return true;
  }

  #usageOf(caller: string): Usage {
    let usage = this.#usage.get(caller);
    if (!usage) this.#usage.set(caller, (usage = { isKnown: isKnownCaller(caller), short: 0, long: 0, waiting: 0 }));
    return usage;
  }

  /** Callers with a connection, or waiting for one, are remembered, and so many others that this is not done all the time. */
  #forgetIdle(): void {
    if (this.#usage.size < MAX_IDLE_CALLERS) return;
    for (const [caller, { short, long, waiting }] of this.#usage)
      if (short + long + waiting === 0) this.#usage.delete(caller);
  }

  #startTicker(): void {
    this.#ticker ??= setInterval(() => this.tick(), Math.max(1, this.#limits.longAfterMs / 4)).unref();
  }
}

class CountedLease implements Lease, Slotted {
  readonly caller: string;
  readonly onExpelled: () => void;
  readonly sinceMs: number;
  slot = -1;
  readonly #limiter: ConnectionLimiter;
  #state: 'short' | 'long' | 'released' = 'short';

  constructor(
    limiter: ConnectionLimiter,
    { caller, onExpelled, sinceMs }: { caller: string; onExpelled: () => void; sinceMs: number },
  ) {
    this.#limiter = limiter;
    this.caller = caller;
    this.onExpelled = onExpelled;
    this.sinceMs = sinceMs;
  }

  becomeLong(): boolean {
    if (this.#state !== 'short') return true;
    if (!this.#limiter.lengthen(this)) return false;
    this.#state = 'long';
    return true;
  }

  release(): void {
    if (this.#state === 'released') return;
    this.#state = 'released';
    this.#limiter.end(this);
  }
}
