import { LeakproofError } from '@leakproof/core';

/** Where one `host:port` is really connected to. */
export interface Resolved {
  readonly address: string;
  readonly port: number;
}

export type ResolveMap = ReadonlyMap<string, Resolved>;

const ENTRY = /^([A-Za-z0-9.-]+):([0-9]{1,5}):(\[[0-9A-Fa-f:.]+\]|[0-9.]+)(?::([0-9]{1,5}))?$/;

/**
 * Reads `host:port:address` as curl's `--resolve` takes it; a fourth part is the port that is connected to instead.
 * Throws LP-USAGE.
 */
export function readResolve(entries: readonly string[]): ResolveMap {
  return new Map(
    entries.map((entry) => {
      const [, host, port, address, otherPort] = ENTRY.exec(entry) ?? [];
      if (host === undefined || port === undefined || address === undefined)
        throw new LeakproofError('LP-USAGE', `"${entry}" is no host:port:address.`, {
          fix: 'Write --resolve api.example.test:80:127.0.0.1, or ...:127.0.0.1:8080 to connect to another port.',
        });
      return [
        `${host.toLowerCase()}:${Number(port)}`,
        { address: address.replace(/^\[|\]$/g, ''), port: Number(otherPort ?? port) },
      ] as const;
    }),
  );
}
