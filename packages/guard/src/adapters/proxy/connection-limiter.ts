import type { Limits } from '../../limits.ts';
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

/**
 * Counts the connections to one origin. Those that end soon and those that do not (streams, clients that read slowly, requests
 * that the origin does not answer) have separate numbers, so that the second never use up the first: a connection counts as long
 * once it has been in use for `longAfterMs`, or its response is a stream. Nobody has more than a part of either. A request that
 * finds no connection waits for `connectionWaitMs` at most.
 */
export class ConnectionLimiter {
  readonly #limits: ConnectionLimits;
  readonly #now: () => number;
  readonly #usage = new Map<string, Usage>();
  readonly #short = new SlotList<CountedLease>();
  #long = 0;
  /** In the order in which they came. */
  readonly #waiters = new Set<Waiter>();
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
    if (this.#short.size < this.#limits.maxConnections && usage.short < this.#limits.maxPerCaller)
      return this.#grant(caller, onExpelled);
    if (usage.waiting >= this.#limits.maxPerCaller) return undefined;
    usage.waiting++;
    this.#startTicker();
    let waiter: Waiter | undefined;
    const lease = new Promise<Lease | undefined>((resolve) => {
      waiter = { caller, onExpelled, resolve, untilMs: this.#now() + this.#limits.connectionWaitMs };
      this.#waiters.add(waiter);
    });
    return { lease, cancel: () => waiter && this.#giveUp(waiter) };
  }

  /** Moves connections that have been in use for long, and ends waits that have lasted too long. */
  tick(): void {
    const nowMs = this.#now();
    for (const lease of this.#short.filter(({ sinceMs }) => nowMs - sinceMs >= this.#limits.longAfterMs))
      if (!lease.becomeLong()) lease.onExpelled();
    this.#forgetIdle();
    for (const waiter of this.#waiters) {
      if (waiter.untilMs > nowMs) break;
      this.#giveUp(waiter);
    }
    if (this.#short.size > 0 || this.#waiters.size > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  close(): void {
    clearInterval(this.#ticker);
    for (const waiter of this.#waiters) this.#giveUp(waiter);
  }

  #grant(caller: string, onExpelled: () => void): Lease {
    const lease = new CountedLease(this, { caller, onExpelled, sinceMs: this.#now() });
    this.#usageOf(caller).short++;
    this.#short.add(lease);
    this.#startTicker();
    return lease;
  }

  lengthen(lease: CountedLease): boolean {
    const usage = this.#usageOf(lease.caller);
    if (this.#long >= this.#limits.maxLongConnections || usage.long >= this.#limits.maxLongPerCaller) return false;
    this.#short.remove(lease);
    usage.short--;
    usage.long++;
    this.#long++;
    this.#serveNext();
    return true;
  }

  end(lease: CountedLease): void {
    const usage = this.#usageOf(lease.caller);
    if (this.#short.remove(lease)) usage.short--;
    else {
      usage.long--;
      this.#long--;
    }
    this.#serveNext();
  }

  /** The first that waits and whose caller has not its full part goes next. */
  #serveNext(): void {
    if (this.#waiters.size === 0 || this.#short.size >= this.#limits.maxConnections) return;
    for (const waiter of this.#waiters) {
      if (this.#usageOf(waiter.caller).short >= this.#limits.maxPerCaller) continue;
      this.#remove(waiter);
      waiter.resolve(this.#grant(waiter.caller, waiter.onExpelled));
      return;
    }
  }

  #giveUp(waiter: Waiter): void {
    if (!this.#waiters.has(waiter)) return;
    this.#remove(waiter);
    waiter.resolve(undefined);
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    this.#usageOf(waiter.caller).waiting--;
  }

  #usageOf(caller: string): Usage {
    let usage = this.#usage.get(caller);
    if (!usage) this.#usage.set(caller, (usage = { short: 0, long: 0, waiting: 0 }));
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
