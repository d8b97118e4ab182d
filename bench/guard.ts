/**
 * The guard, enforcing, beside what else could stand before an API. Every subject is a process of its own before one origin
 * that serves static JSON; they take turns within each round, on 32 kept connections; CPU is that of the subject's processes
 * only, from /proc, summed over the rounds. The guard sets V8 up as `leakproof guard run` does; peers run as they come. At
 * the end one long list passes the guard and nginx, for their memory. Peers are no dependencies: they are installed on first
 * use, with npm and apt, into `.leakproof/peers`, which git ignores; what cannot be had is left out, with its reason on stderr.
 * LEAKPROOF_ROUNDS sets how many rounds there are (default 5).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAnswers } from './guard/check-answers.ts';
import { Load } from './guard/load.ts';
import { longListRow } from './guard/long-list.ts';
import { type Size, SIZES } from './guard/people.ts';
import { sentencesOf } from './guard/sentences.ts';
import { NPM_PEERS, OURS, type Stand, startStand } from './guard/subjects.ts';
import type { Row } from './shared/row.ts';

const CONNECTIONS = 32;
const ROUNDS = Number(process.env['LEAKPROOF_ROUNDS'] ?? 5);
const WINDOW_MS = 800;
/** A busy machine answers few requests in a second, and code that has not run often costs more. */
const WARM_UP_MS = 8_000;
const STEADY_MS = 2_500;
const UNDICI = 'node:http + undici';
const WAF = 'nginx + ModSecurity + CRS';
const LATENCY_OF: readonly string[] = [OURS, UNDICI, 'nginx', ...NPM_PEERS];

/** Of DESIGN part 7, by number of objects: most times the CPU of nginx, of the cheapest npm proxy, and of the WAF. */
const GOALS: Readonly<Record<number, { readonly nginx: number; readonly npm: number; readonly waf: number }>> = {
  8: { nginx: 5, npm: 1, waf: 1 / 8 },
  100: { nginx: 3.5, npm: 1.5, waf: 1 / 8 },
};

export const bench = {
  name: 'guard',
  async run({ json }: { readonly json: boolean }): Promise<boolean> {
    process.stderr.write(`guard: load of the machine before: ${loadOfMachine()}\n`);
    const rows: Row[] = [];
    for (const size of SIZES) {
      const folder = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
      const stand = await startStand(size, folder);
      try {
        await checkAnswers(stand, size);
        const cpu = await cpuOf(stand);
        rows.push(...cpuRows(size, cpu.usPerRequest), ...(await latencyRows(size, stand, cpu.perSecond / 2)));
      } finally {
        await stand.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    }
    process.stderr.write('guard: a long list\n');
    rows.push(await longListRow());
    process.stdout.write(`${json ? rows.map((row) => JSON.stringify(row)).join('\n') : sentencesOf(rows)}\n`);
    process.stderr.write(`guard: load of the machine after: ${loadOfMachine()}\n`);
    return rows.every(({ holds }) => holds);
  },
};

interface Cpu {
  readonly usPerRequest: ReadonlyMap<string, number>;
  /** Requests that the guard answers under full load. */
  readonly perSecond: number;
}

async function cpuOf({ subjects, requests }: Stand): Promise<Cpu> {
  const sums = new Map([...subjects.keys()].map((name) => [name, { cpuMs: 0, requests: 0, tookMs: 0 }]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, serving] of subjects) {
      process.stderr.write(`guard: round ${round} of ${ROUNDS}, ${name}\n`);
      const load = await Load.connect(serving.port, CONNECTIONS, requests);
      const before = serving.cpuMs();
      const done = await load.saturate(round === 0 ? WARM_UP_MS : WINDOW_MS);
      load.close();
      const sum = sums.get(name);
      if (round === 0 || !sum) continue;
      sum.cpuMs += serving.cpuMs() - before;
      sum.requests += done.requests;
      sum.tookMs += done.tookMs;
    }
  }
  const ours = sums.get(OURS) ?? { requests: 0, tookMs: 1 };
  return {
    usPerRequest: new Map([...sums].map(([name, sum]) => [name, (sum.cpuMs * 1000) / sum.requests])),
    perSecond: (ours.requests * 1000) / ours.tookMs,
  };
}

function cpuRows(size: Size, all: ReadonlyMap<string, number>): readonly Row[] {
  const ours = all.get(OURS) ?? NaN;
  const goals = GOALS[size.objects] ?? { nginx: NaN, npm: NaN, waf: NaN };
  const peers = Object.fromEntries([...all].filter(([name]) => name !== OURS));
  const npm = Math.min(...NPM_PEERS.map((name) => all.get(name) ?? Infinity));
  const row = (against: string, theirs: number | undefined, most: number): Row => {
    const goal = most * (theirs ?? NaN);
    const figure = `CPU per request, at most ${most} × ${against}`;
    return { bench: 'guard', case: size.name, figure, unit: 'µs', ours, peers, goal, holds: ours <= goal };
  };
  return [
    ...(all.has('nginx') ? [row('nginx proxy_pass', all.get('nginx'), goals.nginx)] : []),
    ...(npm < Infinity ? [row('the cheapest npm proxy', npm, goals.npm)] : []),
    ...(all.has(WAF) ? [row(WAF, all.get(WAF), goals.waf)] : []),
  ];
}

/** What each adds to the origin's own latency, at one rate for all: half of what the guard can do. */
async function latencyRows(
  size: Size,
  { origin, subjects, requests }: Stand,
  perSecond: number,
): Promise<readonly Row[]> {
  const ports = new Map([['origin', origin.port]]);
  for (const name of LATENCY_OF) {
    const serving = subjects.get(name);
    if (serving) ports.set(name, serving.port);
  }
  const samples = new Map<string, number[]>([...ports.keys()].map((name) => [name, []]));
  for (let round = 0; round < Math.min(ROUNDS, 3); round++) {
    for (const [name, port] of ports) {
      process.stderr.write(`guard: latency, round ${round + 1}, ${name}\n`);
      const load = await Load.connect(port, CONNECTIONS, requests);
      samples.get(name)?.push(...(await load.steady(perSecond, STEADY_MS)));
      load.close();
    }
  }
  return (
    [
      ['p50', 0.5, 1.5],
      ['p99', 0.99, 2],
    ] as const
  ).map(([title, quantile, most]): Row => {
    const own = at(samples.get('origin') ?? [], quantile);
    const added = Object.fromEntries([...samples].map(([name, all]) => [name, at(all, quantile) - own]));
    const { [OURS]: ours = NaN, origin: _, ...peers } = added;
    const goal = most * (peers[UNDICI] ?? NaN);
    const figure = `added latency ${title} at ${Math.round(perSecond)} requests/s, at most ${most} × ${UNDICI}`;
    return { bench: 'guard', case: size.name, figure, unit: 'ms', ours, peers, goal, holds: ours <= goal };
  });
}

function at(values: readonly number[], quantile: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * quantile)] ?? NaN;
}

function loadOfMachine(): string {
  return loadavg()
    .map((each) => each.toFixed(2))
    .join(' ');
}

if (import.meta.main) process.exitCode = (await bench.run({ json: process.argv.includes('--json') })) ? 0 : 1;
