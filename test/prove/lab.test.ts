import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Lab, oracle, startLab } from '@leakproof/lab';
import { readAnswers } from '@leakproof/map';
import { exitOfProven, planProve, prove, type Proven, readResolve } from '@leakproof/scan';
import { type DeclaredHttpOperation, readSource } from '@leakproof/sources';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLabClient } from '../../packages/lab/src/traffic/lab-client.ts';
import { logInCast } from '../../packages/lab/src/traffic/cast-directory.ts';
import { COMPUTED_FOR_CALLER, oracleKey, scanKey } from '../support/oracle-keys.ts';

// What is proven from the incomplete description and four tokens, without the contract, against what the lab says.

const HANDOUTS = resolve(import.meta.dirname, '../../examples/cadence');
const answers = readAnswers(readFileSync(resolve(HANDOUTS, 'answers.yaml'), 'utf8'));
const PEOPLE = ['pia', 'sam', 'fay', 'olga'];

let lab: Lab;
const declared: DeclaredHttpOperation[] = [];
const tokens = new Map<string, string>();

beforeAll(async () => {
  lab = await startLab({ members: 200, stage: 'open' });
  for await (const reading of readSource(resolve(HANDOUTS, 'openapi.json')))
    if (reading.type === 'operation' && reading.operation.protocol === 'http') declared.push(reading.operation);
  const client = openLabClient(lab.port);
  const directory = await logInCast(lab, client);
  for (const name of PEOPLE) {
    const { authorization = '' } = directory.credentialsOf(name) as Record<string, string>;
    tokens.set(name, authorization.replace('Bearer ', ''));
  }
  client.close();
});
afterAll(() => lab.close());

async function proveIn(stage: string, withAnswers = true): Promise<Proven> {
  lab.setStage(stage);
  const plan = planProve({
    exchanges: [],
    declared,
    identities: PEOPLE.map((name) => ({ name, credential: { token: { from: { env: name }, send: 'bearer' } } })),
    answers: withAnswers ? answers : [],
    reads: [],
    server: 'http://api.us.lab.test',
  });
  return prove(plan, {
    readSecret: (source) => Promise.resolve(('env' in source && tokens.get(source.env)) || ''),
    resolve: readResolve([`api.us.lab.test:80:127.0.0.1:${lab.port}`]),
  });
}

/** The oracle's verdicts between these people, by key. */
function truthOf(stage: string): Map<string, string> {
  const callers = new Set(['anonymous', ...PEOPLE]);
  const cells = oracle({ stage, regions: ['us'] }).filter(
    (cell) => cell.kind === 'read' && cell.channel === 'web' && callers.has(cell.viewer) && PEOPLE.includes(cell.owner),
  );
  return new Map(cells.map((cell) => [oracleKey(cell), cell.verdict]));
}

/** Names of path parameters differ between a draft and the lab. */
const shapeOf = (key: string): string => key.replaceAll(/\{[^}]*\}/g, '{}');
const provenOf = ({ scan }: Proven): string[] =>
  [...new Set((scan?.cells ?? []).filter(({ verdict }) => verdict === 'proven').map(scanKey))]
    .map((key) => key.replace('api.us.lab.test', 'us'))
    .filter((key) => !COMPUTED_FOR_CALLER.test(key));

describe.each([
  ['open', 100],
  ['members', 30],
  ['sealed', 0],
] as const)('in the stage %s, without a contract,', (stage, least) => {
  let proven: Proven;
  beforeAll(async () => {
    proven = await proveIn(stage);
  }, 120_000);

  test('leaks are proven, and none that is none', () => {
    const truth = new Map([...truthOf(stage)].map(([key, verdict]) => [shapeOf(key), verdict]));
    const judged = provenOf(proven).filter((key) => truth.has(shapeOf(key)));
    expect(judged.length).toBeGreaterThanOrEqual(least);
    expect(judged.filter((key) => truth.get(shapeOf(key)) !== 'violation')).toEqual([]);
  });

  test('it is never clean: rules are undecided', () => {
    expect(exitOfProven(proven)).toBe(least > 0 ? 1 : 3);
  });
});

test('without answers, nothing personal reads as by design to a stranger', { timeout: 120_000 }, async () => {
  const { scan, draft } = await proveIn('open', false);
  const personal = new Set(draft.rules.flatMap(({ at, class: name }) => (name === undefined ? [] : [at])));
  const isPersonal = (resource: string, field: string): boolean =>
    personal.has(`resources.${resource}.fields.${field}`);
  const strangers = scan?.cells.filter(
    ({ attacker, owner, resource, field }) => attacker !== owner && isPersonal(resource, field),
  );
  expect(strangers?.length).toBeGreaterThan(100);
  expect(strangers?.filter(({ verdict }) => verdict === 'by-design')).toEqual([]);
});

test('three runs have the same findings', { timeout: 300_000 }, async () => {
  const first = await proveIn('members');
  for (let run = 0; run < 2; run++) expect((await proveIn('members')).scan?.findings).toEqual(first.scan?.findings);
});
