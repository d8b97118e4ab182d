import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { type Endpoint, LeakproofError } from '@leakproof/core';
import type { ResolveMap } from './resolve-map.ts';

/** A server URL of the contract, with the one address that the whole scan connects to. */
export interface ResolvedEndpoint {
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** True for 127.0.0.0/8 and ::1 only; false for names. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

export interface ResolveOptions {
  readonly resolve: ResolveMap;
  /** The tester is allowed to test servers that are not on this machine. */
  readonly authorized: boolean;
}

/**
 * The address of a server URL. The name is resolved once, so that a later DNS response cannot redirect the scan.
 * Throws LP-TARGET-REFUSED beyond loopback unless authorized, LP-TARGET-UNREACHABLE if the name has no address.
 */
export async function resolveEndpoint(endpoint: Endpoint, options: ResolveOptions): Promise<ResolvedEndpoint> {
  const url = new URL(`${endpoint.scheme}://${endpoint.authority}`);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (endpoint.scheme === 'https' ? 443 : 80) : Number(url.port);
  const address = options.resolve.get(`${hostname}:${port}`) ?? { address: await addressOf(hostname), port };
  if (!isLoopback(address.address) && !options.authorized)
    throw new LeakproofError('LP-TARGET-REFUSED', `${endpoint.authority} is not on this machine.`);
  return { authority: endpoint.authority, scheme: endpoint.scheme, hostname, ...address };
}

async function addressOf(hostname: string): Promise<string> {
  if (isIP(hostname) !== 0) return hostname;
  try {
    return (await lookup(hostname)).address;
  } catch (cause) {
    throw new LeakproofError('LP-TARGET-UNREACHABLE', `The name ${hostname} has no address.`, { cause });
  }
}
