import type { KeyObject } from 'node:crypto';
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { type EpochMs, type JwksLocation, LeakproofError } from '@leakproof/core';

/** Fetches a JWKS document; rejects if that fails. */
export type FetchKeys = (url: string) => Promise<unknown>;

/** Least time between two fetches of a key set that is known, however many unknown key ids are sent. */
const REFRESH_MS = 30_000;
/** Least time after a failed fetch while no key is known; doubled after each, up to `REFRESH_MS`. */
const RETRY_MS = 1_000;
/** A key set is fetched again after this time. */
const STALE_MS = 10 * 60_000;

/** The keys of one issuer: a secret, those in the contract, or fetched when needed, one fetch at a time. */
export interface KeySet {
  /** Finds the key of a token. Throws LP-KEYS-UNAVAILABLE while no key is known because none could be fetched. */
  readonly find: JWTVerifyGetKey;
  /** Fetches the keys again, if the last fetch is long enough ago; true if it did. */
  refresh(): Promise<boolean>;
}

/** The key of HMAC algorithms. It is never among the keys of a JWKS, nor any of those used as a secret. */
export function secretKey(secret: KeyObject): KeySet {
  return { find: () => Promise.resolve(secret), refresh: () => Promise.resolve(false) };
}

export function keySet(from: JwksLocation, fetchKeys: FetchKeys, now: () => EpochMs): KeySet {
  return 'keys' in from ? fixedKeys(from.keys) : new FetchedKeys(from.url, fetchKeys, now);
}

function fixedKeys(keys: readonly Readonly<Record<string, unknown>>[]): KeySet {
  return { find: readKeys({ keys }), refresh: () => Promise.resolve(false) };
}

class FetchedKeys implements KeySet {
  readonly #url: string;
  readonly #fetchKeys: FetchKeys;
  readonly #now: () => EpochMs;
  #keys: JWTVerifyGetKey | undefined;
  #lastFetchMs = -Infinity;
  #waitMs = 0;
  #fetching: Promise<boolean> | undefined;

  constructor(url: string, fetchKeys: FetchKeys, now: () => EpochMs) {
    this.#url = url;
    this.#fetchKeys = fetchKeys;
    this.#now = now;
  }

  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (!this.#keys) await this.refresh();
    else if (this.#now() - this.#lastFetchMs > STALE_MS) void this.refresh();
    if (!this.#keys) throw new LeakproofError('LP-KEYS-UNAVAILABLE', 'The keys of an issuer could not be fetched.');
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.refresh())) throw error;
      return this.#keys(header, token);
    }
  };

  refresh(): Promise<boolean> {
    if (this.#fetching) return this.#fetching;
    if (this.#now() - this.#lastFetchMs < this.#waitMs) return Promise.resolve(false);
    this.#lastFetchMs = this.#now();
    this.#fetching = this.#replace().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** The known keys stay valid if the fetch fails. */
  async #replace(): Promise<boolean> {
    try {
      this.#keys = readKeys(await this.#fetchKeys(this.#url));
    } catch {
      const isFirst = this.#waitMs === 0;
      this.#waitMs = this.#keys ? REFRESH_MS : isFirst ? RETRY_MS : Math.min(this.#waitMs * 2, REFRESH_MS);
      return true;
    }
    this.#waitMs = REFRESH_MS;
    return true;
  }
}

/** Names of one algorithm (RFC 8037, RFC 9864). */
export const EDDSA_NAMES: readonly string[] = ['EdDSA', 'Ed25519'];

/**
 * A key without `alg` is used for every algorithm of its type; so is one of EdDSA, whose name tokens write in two ways. Throws if
 * the document is no key set.
 */
function readKeys(document: unknown): JWTVerifyGetKey {
  const given = document as { readonly keys?: unknown } | null;
  if (!Array.isArray(given?.keys)) throw new TypeError('The document is no key set.');
  const keys = given.keys.map((key: Readonly<Record<string, unknown>>) => {
    const { alg, ...rest } = { ...key };
    return alg === undefined || (typeof alg === 'string' && EDDSA_NAMES.includes(alg)) ? rest : { alg, ...rest };
  });
  return createLocalJWKSet({ keys });
}
