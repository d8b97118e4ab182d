import { type Cell, readResolve, scan, type ScanResult } from '@leakproof/scan';
import { oracle } from '@leakproof/lab';
import type { Cadence } from '../support/cadence.ts';
import { identitiesFor } from '../support/identities.ts';
import { oracleKey, scanKey } from '../support/oracle-keys.ts';

/** A stranger, one who was let in, and three owners: private, hiding, public. */
export const PEOPLE = ['sam', 'fay', 'pia', 'hugo', 'olga'] as const;
const HOSTS = ['api.us', 'api.uk', 'gql.us', 'gql.uk'] as const;

/** Scans whatever answers at `port` for the hosts of Cadence. */
export function scanAt(cadence: Cadence, port: number): Promise<ScanResult> {
  const { contract } = cadence.file;
  return scan({
    contract,
    identities: identitiesFor(cadence.lab, PEOPLE, new Set(Object.keys(contract.states))),
    readSecret: () => Promise.reject(new Error('The demo keeps no secrets.')),
    resolve: readResolve(HOSTS.map((host) => `${host}.lab.test:80:127.0.0.1:${port}`)),
  });
}

/** What the oracle says of the cells that a scan tried, by key. */
export function truthOf(
  stage: string,
  tried: readonly Cell[],
): Map<string, 'violation' | 'allowed' | 'withheld' | 'lost'> {
  const keys = new Set(tried.map(scanKey));
  const cells = oracle({ stage }).filter((cell) => cell.kind === 'read' && cell.channel === 'web');
  return new Map(cells.map((cell) => [oracleKey(cell), cell.verdict] as const).filter(([key]) => keys.has(key)));
}
