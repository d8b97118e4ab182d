import type { EpochMs, ErrorCode, KnownPrincipal } from '@leakproof/core';
import type { Userinfo } from './read-userinfo.ts';

/** How long it is remembered that a credential was refused, or that the origin failed. */
const REFUSED_MS = 5_000;
const FAILED_MS = 1_000;
/** Most refusals that are remembered: strangers can cause as many as they like. */
const MAX_REFUSALS = 4_096;
/** Most bytes of answers that are kept. */
const MAX_BYTES = 64 * 1024 * 1024;

export type Answer =
  | { readonly principal: KnownPrincipal }
  | { readonly refused: true }
  | { readonly failed: ErrorCode };

type Held = Answer & { readonly untilMs: EpochMs; readonly fromMs: EpochMs; readonly bytes: number };

/** What the origin said of credentials, by their digests. Bounded; refusals push out no caller that is known. */
export class Answers {
  readonly #maxKnown: number;
  readonly #current = new Map<string, Held>();
  #bytes = 0;
  readonly #refusals = new Map<string, Held>();
  /** The persons of credentials that the origin has confirmed, also when the answer no longer holds; the oldest first. */
  readonly #persons = new Map<string, string>();

  constructor(maxKnown: number) {
    this.#maxKnown = maxKnown;
  }

  /** The answer that still holds. */
  get(digest: string, nowMs: EpochMs): Answer | undefined {
    const held = this.#current.get(digest) ?? this.#refusals.get(digest);
    return held && held.untilMs > nowMs && held.fromMs <= nowMs ? held : undefined;
  }

  /** Whether the origin has confirmed it before. */
  isKnown(digest: string): boolean {
    return this.#persons.has(digest);
  }

  /** Something may change what the origin says of a credential that it refused, such as a login. */
  forgetRefusal(digest: string): void {
    this.#refusals.delete(digest);
  }

  /** Remembers an answer and returns what it means: the same credential for another person is a failure, once. */
  put(
    digest: string,
    info: Userinfo,
    { nowMs, cacheMs }: { readonly nowMs: EpochMs; readonly cacheMs: number },
  ): Answer {
    this.#drop(digest);
    if (info === 'refused' || 'failed' in info) {
      if (info === 'refused') this.#persons.delete(digest);
      const answer = info === 'refused' ? ({ refused: true } as const) : info;
      const untilMs = nowMs + (info === 'refused' ? REFUSED_MS : FAILED_MS);
      this.#refusals.set(digest, { ...answer, untilMs, fromMs: nowMs, bytes: 0 });
      if (this.#refusals.size > MAX_REFUSALS) this.#refusals.delete(first(this.#refusals));
      return answer;
    }
    const { principal, bytes } = info;
    const person = JSON.stringify([principal.kind, principal.space, principal.id]);
    const before = this.#persons.get(digest);
    this.#persons.delete(digest);
    if (before !== undefined && before !== person) return { failed: 'LP-USERINFO-CHANGED' };
    this.#persons.set(digest, person);
    if (this.#persons.size > this.#maxKnown) this.#persons.delete(first(this.#persons));
    this.#current.set(digest, { principal, untilMs: nowMs + cacheMs, fromMs: nowMs, bytes });
    this.#bytes += bytes;
    this.#prune(nowMs);
    return { principal };
  }

  #prune(nowMs: EpochMs): void {
    for (const [digest, { untilMs }] of this.#current) {
      const isOver = this.#current.size > this.#maxKnown || this.#bytes > MAX_BYTES;
      if (untilMs > nowMs && !isOver) break;
      this.#drop(digest);
    }
  }

  #drop(digest: string): void {
    this.#refusals.delete(digest);
    this.#bytes -= this.#current.get(digest)?.bytes ?? 0;
    this.#current.delete(digest);
  }
}

function first(map: ReadonlyMap<string, unknown>): string {
  return map.keys().next().value ?? '';
}
