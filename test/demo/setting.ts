import {
  type Cell,
  readResolve,
  replay,
  type ReplayVerdict,
  scan,
  type ScanOptions,
  type ScanResult,
} from '@leakproof/scan';
import { oracle } from '@leakproof/lab';
import type { Cadence } from '../support/cadence.ts';
import { identitiesFor } from '../support/identities.ts';
import { oracleKey, scanKey, TOLD_OF_THE_CALLER } from '../support/oracle-keys.ts';

/** A stranger, one who was let in, and three owners: private, hiding, public. */
export const PEOPLE = ['sam', 'fay', 'pia', 'hugo', 'olga'] as const;
/** The doors of the incident, and those by which a member sees itself. */
const OPERATIONS = new Set([
  'GET /api/me',
  'GET /api/user/{id}',
  'GET /api/user/{id}/settings',
  'GET /api/user/search/{query}',
  'POST /stats/workouts/details',
  'Query.me',
  'Query.user',
  'Query.users',
]);
const HOSTS = ['api.us', 'api.uk', 'gql.us', 'gql.uk'] as const;

function scanning(cadence: Cadence, port: number): ScanOptions {
  const { contract } = cadence.file;
  return {
    contract,
    operations: OPERATIONS,
    identities: identitiesFor(cadence.lab, PEOPLE, new Set(Object.keys(contract.states))),
    readSecret: () => Promise.reject(new Error('The demo keeps no secrets.')),
    resolve: readResolve(HOSTS.map((host) => `${host}.lab.test:80:127.0.0.1:${port}`)),
  };
}

/** Scans whatever answers at `port` for the hosts of Cadence. */
export function scanAt(cadence: Cadence, port: number): Promise<ScanResult> {
  return scan(scanning(cadence, port));
}

/** Replays the proof of the incident's own call: any member's age and weight, by POST, ids in the body. */
export async function replayAt(cadence: Cadence, port: number, { proofs }: ScanResult): Promise<ReplayVerdict> {
  const proof = proofs.find(
    ({ finding }) => finding.operation === 'POST /stats/workouts/details' && finding.relation === 'anyone',
  );
  if (!proof) return 'cannot tell';
  return (await replay(proof, scanning(cadence, port))).verdict;
}

/** What the oracle says between the demo's people, on the demo's operations, by key: tried by a scan or not. */
export function truthOf(stage: string): Map<string, 'violation' | 'allowed' | 'withheld' | 'lost'> {
  const inPlay = new Set<string>(PEOPLE.flatMap((name) => [name, `${name}_uk`]));
  const cells = oracle({ stage }).filter(
    ({ kind, channel, viewer, owner, operation }) =>
      kind === 'read' &&
      channel === 'web' &&
      (viewer === 'anonymous' || inPlay.has(viewer)) &&
      inPlay.has(owner) &&
      OPERATIONS.has(operation.startsWith('Query.') ? operation.split('.', 2).join('.') : operation),
  );
  const keyed = cells.map((cell) => [oracleKey(cell), cell.verdict] as const);
  return new Map(keyed.filter(([key]) => !TOLD_OF_THE_CALLER.test(key)));
}

/** The cells with one of `verdicts` that the oracle speaks of. */
export function keysOf(
  cells: readonly Cell[],
  verdicts: readonly Cell['verdict'][],
  truth: ReadonlyMap<string, unknown>,
): Set<string> {
  return new Set(
    cells
      .filter((cell) => verdicts.includes(cell.verdict))
      .map(scanKey)
      .filter((key) => truth.has(key)),
  );
}
