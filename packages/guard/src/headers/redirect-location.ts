import type { CompiledContract } from '@leakproof/core';
import type { Destination } from '@leakproof/http';
import { isPrintable } from './to-client.ts';

/**
 * The `Location` of a response, as sent by the origin, if it may be released: relative, or at an endpoint of the contract, and
 * without credentials (pitfall S5, docs/pitfalls.md). Undefined otherwise.
 */
export function redirectLocation(
  contract: CompiledContract,
  from: Destination,
  location: string | undefined,
): string | undefined {
  if (location === undefined || !isPrintable(location) || location.includes('\\')) return undefined;
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
