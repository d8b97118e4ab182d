// `npm run bench -- NAME [--json]`: ours and the peers on the same work in one run, reported as ratios.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

interface Bench {
  readonly name: string;
  /** Whether every goal was reached. */
  run(options: { readonly json: boolean }): Promise<boolean>;
}

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -3))
  .sort();
const [name, ...flags] = process.argv.slice(2);

if (name === undefined || name === '--help' || !names.includes(name)) {
  const stream = name === '--help' ? process.stdout : process.stderr;
  stream.write(
    `npm run bench -- NAME [--json]\n\n  ${names.join('\n  ')}\n\n--json prints one object a line: {bench, case, figure, unit, ours, peers, goal, holds}.\n`,
  );
  process.exitCode = name === '--help' ? 0 : 2;
} else {
  const { bench } = (await import(resolve(import.meta.dirname, `${name}.ts`))) as { readonly bench: Bench };
  process.exitCode = (await bench.run({ json: flags.includes('--json') })) ? 0 : 1;
}
