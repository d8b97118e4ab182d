import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { type Endpoint, LeakproofError } from '@leakproof/core';
import type { ResolveMap } from './resolve-map.ts';

/** One door of the contract, and the one address it is connected to for the whole scan. */
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

/** True for 127.0.0.0/8 and ::1, and nothing else: not for names. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

export interface TargetOptions {
  readonly resolve: ResolveMap;
  /** The tester says that these servers may be tested although they are not this machine. */
  readonly authorized: boolean;
}

/**
 * The address of a door, asked of the resolver once, so that no later answer can lead elsewhere.
 * Throws LP-TARGET-REFUSED beyond loopback unless authorized, LP-TARGET-UNREACHABLE where the name has no address.
 */
export async function findTarget(endpoint: Endpoint, options: TargetOptions): Promise<ResolvedEndpoint> {
  const url = new URL(`${endpoint.scheme}://${endpoint.authority}`);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (endpoint.scheme === 'https' ? 443 : 80) : Number(url.port);
  const resolved = options.resolve.get(`${hostname}:${port}`) ?? { address: await addressOf(hostname), port };
  if (!isLoopback(resolved.address) && !options.authorized)
    throw new LeakproofError('LP-TARGET-REFUSED', `${endpoint.authority} is not on this machine.`);
  return { authority: endpoint.authority, scheme: endpoint.scheme, hostname, ...resolved };
}

async function addressOf(hostname: string): Promise<string> {
  if (isIP(hostname) !== 0) return hostname;
  try {
    return (await lookup(hostname)).address;
  } catch (cause) {
    throw new LeakproofError('LP-TARGET-UNREACHABLE', `The name ${hostname} has no address.`, { cause });
  }
}
