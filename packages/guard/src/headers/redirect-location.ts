import type { CompiledContract } from '@leakproof/core';
import type { Destination } from '@leakproof/http';

const MAX_LENGTH = 2_048;
/** Characters of a URI reference (RFC 3986 §2), with whole escapes. */
const CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
/** A relative reference: no scheme, which some clients read without its slashes (`http:evil`), and no authority. */
const RELATIVE = /^(?:\/(?!\/)|[?#]|[^:/?#]+(?:[/?#]|$))/;
const ABSOLUTE = /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i;

/**
 * The `Location` of a response, as sent by the origin, if it may be released: relative, or at an endpoint of the contract, and
 * without credentials (pitfall S5, docs/pitfalls.md). Undefined otherwise. Its path and query are not judged.
 */
export function redirectLocation(
  contract: CompiledContract,
  from: Destination,
  location: string | undefined,
): string | undefined {
  if (location === undefined || location.length > MAX_LENGTH || !CHARACTERS.test(location)) return undefined;
  const isRelative = RELATIVE.test(location);
  if (!isRelative && !ABSOLUTE.test(location)) return undefined;
  const base = `${from.scheme}://${from.authority}`;
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  if (isRelative) return url.origin === new URL(base).origin ? location : undefined;
  const declared = contract.servers.some((server) =>
    Object.values(server.endpoints).some(
      (endpoint) => `${endpoint.scheme}:` === url.protocol && endpoint.authority === url.host,
    ),
  );
  return declared ? location : undefined;
}
