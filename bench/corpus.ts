/**
 * The leak corpus through the guard and through common reverse proxies. Those check nothing: what they release is what the API
 * releases without a guard; what they lose, or forward although it is ambiguous, is their own fault. Peers are installed at first
 * use, as for `guard`; they are not dependencies.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORPUS } from '../test/corpus/corpus.ts';
import type { Credentials } from '../test/corpus/corpus-case.ts';
import { type Outcome, runCorpusCase } from '../test/corpus/run-corpus-case.ts';
import { setUpCorpus, type ProxyUnderTest } from '../test/corpus/proxy-under-test.ts';
import { startPeers } from './corpus/peers.ts';
import type { Row } from './shared/row.ts';

type Scores = ReadonlyMap<string, readonly Outcome[]>;

const FAMILIES: Readonly<Record<string, string>> = {
  F: 'framing',
  T: 'target',
  H: 'headers',
  E: 'encoding',
  J: 'JSON',
  S: 'HTTP semantics',
  A: 'authorization',
  R: 'resources',
};

const FIGURES: Readonly<Record<string, (outcome: Outcome) => boolean>> = {
  'leaked something forbidden': ({ leaked }) => leaked.length > 0,
  'lost something allowed': ({ lost }) => lost.length > 0,
  'responded or forwarded wrongly': ({ faults }) => faults.length > 0,
};

const OURS = 'guard';

export const bench = {
  name: 'corpus',
  async run({ json }: { readonly json: boolean }): Promise<boolean> {
    const folder = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
    const { enforcing, credentials } = await setUpCorpus();
    const peers = await Promise.all(startPeers(folder));
    try {
      const scores: [string, readonly Outcome[]][] = await Promise.all(
        [enforcing, ...peers].map(async (each) => [each.name, await outcomesOf(each, credentials)]),
      );
      const rows = rowsOf(new Map(scores));
      process.stdout.write(json ? rows.map((row) => `${JSON.stringify(row)}\n`).join('') : table(rows));
      return rows.every(({ holds }) => holds);
    } finally {
      await Promise.all(peers.map((each) => each.stop()));
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function outcomesOf(proxy: ProxyUnderTest, credentials: Credentials): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const each of CORPUS) outcomes.push(await runCorpusCase(each, proxy, credentials));
  return outcomes;
}

function rowsOf(scores: Scores): readonly Row[] {
  const families = Object.entries(FAMILIES).map(([letter, name]) => ({
    title: `${letter} ${name}`,
    has: (id: string) => id.startsWith(letter),
  }));
  const groups = [...families, { title: 'all', has: () => true }];
  return Object.entries(FIGURES).flatMap(([figure, counts]) =>
    groups.map(({ title, has }): Row => {
      const count = (outcomes: readonly Outcome[]): number =>
        CORPUS.filter(({ id }, index) => has(id) && outcomes[index] !== undefined && counts(outcomes[index])).length;
      const { [OURS]: ours = NaN, ...peers } = Object.fromEntries([...scores].map(([name, all]) => [name, count(all)]));
      const size = CORPUS.filter(({ id }) => has(id)).length;
      return {
        bench: 'corpus',
        case: `${title} (${size})`,
        figure,
        unit: 'cases',
        ours,
        peers,
        goal: 0,
        holds: ours === 0,
      };
    }),
  );
}

function table(rows: readonly Row[]): string {
  const lines: string[] = [];
  for (const figure of Object.keys(FIGURES)) {
    const part = rows.filter((row) => row.figure === figure);
    const names = [OURS, ...Object.keys(part[0]?.peers ?? {})];
    lines.push('', `cases that ${figure}`, cells('', names));
    for (const row of part)
      lines.push(
        cells(
          row.case,
          names.map((name) => String(row.peers[name] ?? row.ours)),
        ),
      );
  }
  return `${lines.slice(1).join('\n')}\n`;
}

function cells(title: string, values: readonly string[]): string {
  return title.padEnd(22) + values.map((value) => value.padStart(20)).join('');
}

if (import.meta.main) process.exitCode = (await bench.run({ json: process.argv.includes('--json') })) ? 0 : 1;
