import { type EpochMs, LeakproofError } from '@leakproof/core';

export interface BudgetOptions {
  /** Attempts at once. */
  readonly burst: number;
  /** Attempts that come back each hour. */
  readonly perHour: number;
  readonly now: () => EpochMs;
}

/** Most addresses that are remembered; beyond, those that were quiet longest are forgotten, and have a full budget again. */
const MAX_ADDRESSES = 100_000;

/** How many attempts each address has left. An address that has used up its budget costs no other one anything. */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #left = new Map<string, { tokens: number; atMs: EpochMs }>();
  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** Takes one attempt. Returns the seconds to wait if there is none left, else undefined. O(1). */
  take(address: string): number | undefined {
    const { burst, perHour, now } = this.#options;
    const atMs = now();
    const before = this.#left.get(address) ?? { tokens: burst, atMs };
    const tokens = Math.min(burst, before.tokens + ((atMs - before.atMs) * perHour) / 3_600_000);
    this.#left.delete(address);
    this.#left.set(address, { tokens: tokens < 1 ? tokens : tokens - 1, atMs });
    if (this.#left.size > MAX_ADDRESSES) {
      const [oldest] = this.#left.keys();
      if (oldest !== undefined) this.#left.delete(oldest);
    }
    return tokens < 1 ? Math.ceil(((1 - tokens) * 3600) / perHour) : undefined;
  }

  /** As `take`. Throws LP-DESK-BUDGET. */
  spend(address: string): void {
    const seconds = this.take(address);
    if (seconds !== undefined)
      throw new LeakproofError('LP-DESK-BUDGET', `Too many attempts. Try again in ${seconds} seconds.`);
  }
}

/** What one budget belongs to: an IPv4 address, or the /64 network of an IPv6 address, which one party has. */
export function budgetKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(8 - left.length - right.length, 0);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
