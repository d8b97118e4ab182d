import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { EpochMs, JwtIdentity } from '@leakproof/core';

/** Fetches a JWKS document; rejects if it is not to be had. */
export type FetchKeys = (url: string) => Promise<unknown>;

/** A set of keys is fetched no more often than this, however many unknown key ids are sent. */
const REFRESH_MS = 30_000;
/** A set of keys is fetched anew after this. */
const STALE_MS = 10 * 60_000;

/** The keys of one issuer: those in the contract, or fetched when needed, by one call at a time. */
export function keySet(from: JwtIdentity['jwks'], fetchKeys: FetchKeys, now: () => EpochMs): JWTVerifyGetKey {
  if ('keys' in from) return createLocalJWKSet({ keys: from.keys.map((key) => ({ ...key })) });
  const { url } = from;
  let keys: JWTVerifyGetKey | undefined;
  let triedAt = -Infinity;
  let fetching: Promise<void> | undefined;
  const replace = async (): Promise<void> => {
    try {
      keys = readKeys(await fetchKeys(url));
    } catch {
      // The keys known so far go on; without any, every token of this issuer is refused.
    }
  };
  const refresh = (): Promise<void> => {
    if (fetching) return fetching;
    if (now() - triedAt < REFRESH_MS) return Promise.resolve();
    triedAt = now();
    fetching = replace().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  return async (header, token) => {
    if (!keys || now() - triedAt > STALE_MS) await refresh();
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
