/**
 * The guard in enforce, compared with other proxies. Each proxy is a process of its own in front of one origin that serves static
 * JSON; they take turns within each round, on 32 keep-alive connections; CPU time is that of the proxy's processes, from /proc,
 * summed over the rounds. The guard sets V8's flags as `leakproof guard run` does; peers run with their defaults. At the end one
 * long list passes through the guard and nginx, to measure memory. Peers are not dependencies: they are installed at first use,
 * with npm and apt, into `.leakproof/peers`, which git ignores; a peer that cannot be installed is skipped, with the reason on
 * stderr. LEAKPROOF_ROUNDS sets the number of rounds (default 5).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAnswers } from './guard/check-answers.ts';
import { Load } from './guard/load.ts';
import { longListRow } from './guard/long-list.ts';
import { monitorRow } from './guard/monitor.ts';
import { type Size, SIZES } from './guard/people.ts';
import { formatRows } from './guard/format-rows.ts';
import { NPM_PEERS, OURS, type BenchSetup, startBenchSetup } from './guard/bench-setup.ts';
import type { Row } from './shared/row.ts';

const CONNECTIONS = 32;
const ROUNDS = Number(process.env['LEAKPROOF_ROUNDS'] ?? 5);
const WINDOW_MS = 800;
/** Long enough for the compiler on a busy machine: code that has run rarely costs more. */
const WARM_UP_MS = 8_000;
const STEADY_MS = 2_500;
const UNDICI = 'node:http + undici';
const WAF = 'nginx + ModSecurity + CRS';
const LATENCY_OF: readonly string[] = [OURS, UNDICI, 'nginx', ...NPM_PEERS];

/** Goals by number of objects: CPU time as a multiple of that of nginx, of the cheapest npm proxy, and of the WAF. */
const GOALS: Readonly<Record<number, { readonly nginx: number; readonly npm: number; readonly waf: number }>> = {
  8: { nginx: 5, npm: 1, waf: 1 / 8 },
  100: { nginx: 3.5, npm: 1.5, waf: 1 / 8 },
};

export const bench = {
  name: 'guard',
  async run({ json }: { readonly json: boolean }): Promise<boolean> {
    process.stderr.write(`guard: load of the machine before: ${machineLoad()}\n`);
    const rows: Row[] = [];
    for (const size of SIZES) {
      const folder = mkdtempSync(join(tmpdir(), 'leakproof-bench-'));
      const setup = await startBenchSetup(size, folder);
      try {
        await checkAnswers(setup, size);
        const cpu = await cpuOf(setup);
        rows.push(...cpuRows(size, cpu.usPerRequest), ...(await latencyRows(size, setup, cpu.perSecond / 2)));
      } finally {
        await setup.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    }
    for (const size of SIZES) rows.push(await monitorRow(size));
    process.stderr.write('guard: a long list\n');
    rows.push(await longListRow());
    process.stdout.write(`${json ? rows.map((row) => JSON.stringify(row)).join('\n') : formatRows(rows)}\n`);
    process.stderr.write(`guard: load of the machine after: ${machineLoad()}\n`);
    return rows.every(({ holds }) => holds);
  },
};

interface Cpu {
  readonly usPerRequest: ReadonlyMap<string, number>;
  /** Requests per second of the guard under full load. */
  readonly perSecond: number;
}

async function cpuOf({ proxies, requests }: BenchSetup): Promise<Cpu> {
  const sums = new Map([...proxies.keys()].map((name) => [name, { cpuMs: 0, requests: 0, tookMs: 0 }]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, server] of proxies) {
      process.stderr.write(`guard: round ${round} of ${ROUNDS}, ${name}\n`);
      const load = await Load.connect(server.port, CONNECTIONS, requests);
      const before = server.cpuMs();
      const done = await load.closedLoop(round === 0 ? WARM_UP_MS : WINDOW_MS);
      load.close();
      const sum = sums.get(name);
      if (round === 0 || !sum) continue;
      sum.cpuMs += server.cpuMs() - before;
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

/** The latency that each proxy adds to the origin's, at the same rate for all: half of the guard's full load. */
async function latencyRows(
  size: Size,
  { origin, proxies, requests }: BenchSetup,
  perSecond: number,
): Promise<readonly Row[]> {
  const ports = new Map([['origin', origin.port]]);
  for (const name of LATENCY_OF) {
    const server = proxies.get(name);
    if (server) ports.set(name, server.port);
  }
  const samples = new Map<string, number[]>([...ports.keys()].map((name) => [name, []]));
  for (let round = 0; round < Math.min(ROUNDS, 3); round++) {
    for (const [name, port] of ports) {
      process.stderr.write(`guard: latency, round ${round + 1}, ${name}\n`);
      const load = await Load.connect(port, CONNECTIONS, requests);
      samples.get(name)?.push(...(await load.openLoop(perSecond, STEADY_MS)));
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

function machineLoad(): string {
  return loadavg()
    .map((each) => each.toFixed(2))
    .join(' ');
}

if (import.meta.main) process.exitCode = (await bench.run({ json: process.argv.includes('--json') })) ? 0 : 1;
