import { isIP } from 'node:net';
import { LeakproofError } from '@leakproof/core';

/** The address to connect to instead of the one that DNS has for a host. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** By `host:port`, lower case. */
export type ResolveMap = ReadonlyMap<string, SocketAddress>;

const ENTRY = /^([A-Za-z0-9.-]+):([0-9]{1,5}):(\[[0-9A-Fa-f:.]+\]|[0-9.]+)(?::([0-9]{1,5}))?$/;

/**
 * Reads `host:port:address`, the syntax of curl's `--resolve`; an optional fourth part is another port to connect to.
 * Throws LP-USAGE.
 */
export function readResolve(entries: readonly string[]): ResolveMap {
  return new Map(
    entries.map((entry) => {
      const [, host, port, address, otherPort] = ENTRY.exec(entry) ?? [];
      const ports = [port, otherPort ?? port].map(Number);
      if (host === undefined || address === undefined || isIP(withoutBrackets(address)) === 0 || !ports.every(isPort))
        throw new LeakproofError('LP-USAGE', `"${entry}" is not host:port:address.`, {
          fix: 'Write --resolve api.example.test:80:127.0.0.1, or ...:127.0.0.1:8080 to connect to another port.',
        });
      return [
        `${host.toLowerCase()}:${Number(port)}`,
        { address: withoutBrackets(address), port: Number(otherPort ?? port) },
      ] as const;
    }),
  );
}

const withoutBrackets = (address: string): string => address.replace(/^\[|\]$/g, '');
const isPort = (port: number): boolean => port >= 1 && port <= 65_535;
