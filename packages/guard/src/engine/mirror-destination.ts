import type { CompiledContract, Endpoint, RequestLine } from '@leakproof/core';
import { endpointsOf } from './authorities.ts';

/** Where a request is forwarded in `monitor`. */
export interface Mirror {
  /** Undefined: the request names no endpoint, and there are several. */
  readonly to: Pick<Endpoint, 'scheme' | 'authority'> | undefined;
  /** In origin form. */
  readonly target: string;
  /** The host that the request names, if it is no server of the contract. */
  readonly unknownHost: string | undefined;
}

/** A target in absolute form (RFC 9112 §3.2.2): its authority takes the place of the `Host` header. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)([^#]*)/i;

/**
 * The endpoint that a request of any host and target is forwarded to: the one that it names, else the only one there is. A host
 * never leads anywhere but to an endpoint (pitfall L3, docs/pitfalls.md).
 */
export function mirrorDestination(contract: CompiledContract, request: RequestLine): Mirror {
  const [, named, rest = ''] = ABSOLUTE.exec(request.target) ?? [];
  const authority = named === undefined ? request.authority : named.toLowerCase();
  const target = named === undefined ? request.target : rest.startsWith('/') ? rest : `/${rest}`;
  const endpoints = endpointsOf(contract);
  const found = endpoints.find((endpoint) => endpoint.authority === authority);
  const others = new Set(endpoints.map((endpoint) => endpoint.authority));
  const to = found ?? (others.size === 1 ? endpoints[0] : undefined);
  return { to, target, unknownHost: found ? undefined : authority };
}
