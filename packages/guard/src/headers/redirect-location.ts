import type { CompiledContract } from '@leakproof/core';
import type { Destination } from '@leakproof/http';
import { isClean } from './to-client.ts';

/**
 * The `Location` of an answer if it may leave: relative, or at a door of the contract, and not with credentials in it. As
 * sent by the origin; undefined otherwise.
 */
export function redirectLocation(
  contract: CompiledContract,
  from: Destination,
  location: string | undefined,
): string | undefined {
  if (location === undefined || !isClean(location) || location.includes('\\')) return undefined;
  const base = `${from.scheme}://${from.authority}`;
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  if (url.username !== '' || url.password !== '') return undefined;
  const declared = contract.servers.some((server) =>
    Object.values(server.endpoints).some(
      (endpoint) => `${endpoint.scheme}:` === url.protocol && endpoint.authority === url.host,
    ),
  );
  return declared || (url.origin === base && !URL.canParse(location)) ? location : undefined;
}
