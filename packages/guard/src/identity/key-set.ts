import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { EpochMs, JwtIdentity } from '@leakproof/core';

/** Fetches a JWKS document; rejects if that fails. */
export type FetchKeys = (url: string) => Promise<unknown>;

/** Least time between two fetches of a key set, however many unknown key ids are sent. */
const REFRESH_MS = 30_000;
/** A key set is fetched again after this time. */
const STALE_MS = 10 * 60_000;

/** The keys of one issuer: those in the contract, or fetched when needed, one fetch at a time. */
export function keySet(from: JwtIdentity['jwks'], fetchKeys: FetchKeys, now: () => EpochMs): JWTVerifyGetKey {
  if ('keys' in from) return createLocalJWKSet({ keys: from.keys.map((key) => ({ ...key })) });
  const { url } = from;
  let keys: JWTVerifyGetKey | undefined;
  let lastFetchMs = -Infinity;
  let fetching: Promise<void> | undefined;
  const replace = async (): Promise<void> => {
    try {
      keys = readKeys(await fetchKeys(url));
    } catch {
      // The known keys stay valid; without any, every token of this issuer is refused.
    }
  };
  const refresh = (): Promise<void> => {
    if (fetching) return fetching;
    if (now() - lastFetchMs < REFRESH_MS) return Promise.resolve();
    lastFetchMs = now();
    fetching = replace().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  return async (header, token) => {
    if (!keys || now() - lastFetchMs > STALE_MS) await refresh();
    try {
      if (!keys) throw new errors.JWKSNoMatchingKey();
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      if (!keys) throw error;
      return keys(header, token);
    }
  };
}

function readKeys(document: unknown): JWTVerifyGetKey {
  return createLocalJWKSet(document as Parameters<typeof createLocalJWKSet>[0]);
}
