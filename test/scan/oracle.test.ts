import { oracle } from '@leakproof/lab';
import { readResolve, scan, type ScanResult } from '@leakproof/scan';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cadence, startCadence } from '../support/cadence.ts';
import { identitiesFor } from '../support/identities.ts';
import { oracleKey, scanKey, COMPUTED_FOR_CALLER } from '../support/oracle-keys.ts';

/** Owners: public, private, hiding some fields, a minor. Callers: a stranger, a follower, and a stranger from the other region. */
const PEOPLE = ['olga', 'pia', 'hugo', 'mina', 'sam', 'fay'];
const ABROAD = 'sam_uk';
/** The number of workouts is in an envelope without owner, and is the same for all these people. */
const SAME_FOR_ALL = /GET \/api\/user\/\{id\}\/workouts total$/;
const HOSTS = ['api.us', 'api.uk', 'gql.us', 'gql.uk'];

let cadence: Cadence;
beforeAll(async () => {
  cadence = await startCadence();
});
afterAll(() => cadence.close());

async function scanIn(stage: string): Promise<ScanResult> {
  cadence.lab.setStage(stage);
  const { contract } = cadence.file;
  const all = identitiesFor(cadence.lab, PEOPLE, new Set(Object.keys(contract.states)));
  return scan({
    contract,
    identities: {
      ...all,
      identities: all.identities.filter(({ server, name }) => server === 'us' || name === ABROAD),
      inputs: {
        'GET /api/user/{id}/overview': { 'header.platform': 'web', 'query.version': '1' },
        'GET /api/user/{id}/workouts': { 'query.joins': 'user' },
      },
    },
    readSecret: () => Promise.reject(new Error('The identities have no external secrets.')),
    resolve: readResolve(HOSTS.map((host) => `${host}.lab.test:80:127.0.0.1:${cadence.lab.port}`)),
  });
}

/** The oracle's verdict of every cell between the people of this test, by key. */
function truthOf(stage: string): Map<string, string> {
  const callers = new Set(['anonymous', ABROAD, ...PEOPLE]);
  const cells = oracle({ stage, regions: ['us'] }).filter(
    (cell) => cell.kind === 'read' && cell.channel === 'web' && callers.has(cell.viewer) && PEOPLE.includes(cell.owner),
  );
  const named = cells.map((cell) => [oracleKey(cell), cell.verdict] as const);
  return new Map(named.filter(([key]) => !COMPUTED_FOR_CALLER.test(key) && !SAME_FOR_ALL.test(key)));
}

const provenOf = ({ cells }: ScanResult): string[] =>
  [...new Set(cells.filter(({ verdict }) => verdict === 'proven').map(scanKey))].sort();

const results = new Map<string, ScanResult>();

describe.each(['open', 'sealed', 'members'])('in the stage %s', (stage) => {
  let result: ScanResult;
  beforeAll(async () => {
    result = await scanIn(stage);
    results.set(stage, result);
  }, 60_000);

  test('every violation between the identities is proven, on every operation that was tried', () => {
    const proven = new Set(provenOf(result));
    const violations = [...truthOf(stage)].filter(([, verdict]) => verdict === 'violation').map(([key]) => key);
    if (stage === 'sealed') expect(violations).toEqual([]);
    else expect(violations.length).toBeGreaterThan(500);
    expect(violations.filter((key) => !proven.has(key))).toEqual([]);
  });

  test('nothing that is allowed, withheld or lost is proven', () => {
    const truth = truthOf(stage);
    expect(provenOf(result).filter((key) => truth.has(key) && truth.get(key) !== 'violation')).toEqual([]);
  });
});

test('a second scan has the same findings', { timeout: 60_000 }, async () => {
  const second = await scanIn('members');
  expect(second.findings).toEqual(results.get('members')?.findings);
});
