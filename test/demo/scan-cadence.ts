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
import { oracleKey, scanKey, COMPUTED_FOR_CALLER } from '../support/oracle-keys.ts';

/** A stranger, a follower, and three owners: private, hiding some fields, public. */
export const PEOPLE = ['sam', 'fay', 'pia', 'hugo', 'olga'] as const;
/** The operations of the incident, and those by which a member reads itself. */
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

function optionsFor(cadence: Cadence, port: number): ScanOptions {
  const { contract } = cadence.file;
  return {
    contract,
    operations: OPERATIONS,
    identities: identitiesFor(cadence.lab, PEOPLE, new Set(Object.keys(contract.states))),
    readSecret: () => Promise.reject(new Error('The identities of the demo have no external secrets.')),
    resolve: readResolve(HOSTS.map((host) => `${host}.lab.test:80:127.0.0.1:${port}`)),
  };
}

/** Scans the server at `port` under the host names of Cadence. */
export function scanAt(cadence: Cadence, port: number): Promise<ScanResult> {
  return scan(optionsFor(cadence, port));
}

/** Replays the proof of the request of the incident: age and weight of any member, by POST, with ids in the body. */
export async function replayAt(cadence: Cadence, port: number, { proofs }: ScanResult): Promise<ReplayVerdict> {
  const proof = proofs.find(
    ({ finding }) => finding.operation === 'POST /stats/workouts/details' && finding.relation === 'anyone',
  );
  if (!proof) return 'cannot tell';
  return (await replay(proof, optionsFor(cadence, port))).verdict;
}

/** The oracle's verdicts for the people and operations of the demo, by cell key, whether or not a scan tried them. */
export function truthOf(stage: string): Map<string, 'violation' | 'allowed' | 'withheld' | 'lost'> {
  const names = new Set<string>(PEOPLE.flatMap((name) => [name, `${name}_uk`]));
  const cells = oracle({ stage }).filter(
    ({ kind, channel, viewer, owner, operation }) =>
      kind === 'read' &&
      channel === 'web' &&
      (viewer === 'anonymous' || names.has(viewer)) &&
      names.has(owner) &&
      OPERATIONS.has(operation.startsWith('Query.') ? operation.split('.', 2).join('.') : operation),
  );
  const keyed = cells.map((cell) => [oracleKey(cell), cell.verdict] as const);
  return new Map(keyed.filter(([key]) => !COMPUTED_FOR_CALLER.test(key)));
}

/** The keys of the cells with one of `verdicts` that are in `truth`. */
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
