import { styleText } from 'node:util';
import { writeFileSync } from 'node:fs';
import { formatWhere } from '@leakproof/core';
import type { Loaded, Problem } from '@leakproof/core/authoring';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { digestOf, loadContractFile, readBeside } from '../contract-file.ts';

const HELP = `
The exposure contract says who can see whose what. One file is tested against (scan), enforced (guard) and counted by (ledger).

Examples:
  leakproof contract check examples/cadence/contract.yaml
  leakproof contract show --plain examples/cadence/contract.yaml
  leakproof contract test packages/core/cases/fitness-profile.yaml
  leakproof contract diff before.yaml after.yaml     # exit 1 if anybody may see more
  leakproof contract build contract.yaml --out contract.json
`;

/** `leakproof contract`: check, build, show, diff and test the contract. */
export const contractCommand: CliCommand = {
  name: 'contract',
  register: (program, finish) => {
    const contract = program
      .command('contract')
      .description('Checks, builds, shows, compares and tests an exposure contract.')
      .addHelpText('after', HELP);
    contract
      .command('check')
      .description('Says what is wrong, where, and what would be right.')
      .argument('<file>')
      .option('--json', 'one JSON object a line')
      .action(async (file: string, options: { readonly json?: true }) =>
        finish(await check(file, options.json === true)),
      );
    contract
      .command('build')
      .description('Compiles a contract to the JSON that the guard runs.')
      .argument('<file>')
      .option('--out <file>', 'write it here instead of to stdout')
      .action(async (file: string, options: { readonly out?: string }) => finish(await build(file, options.out)));
    contract
      .command('show')
      .description('Shows a contract; with --plain in sentences to approve.')
      .argument('<file>')
      .option('--plain', 'sentences instead of JSON')
      .action(async (file: string, options: { readonly plain?: true }) =>
        finish(await show(file, options.plain === true)),
      );
    contract
      .command('diff')
      .description('Says what changed; exit 1 if anybody may see or do more than before, or if that cannot be told.')
      .argument('<before>')
      .argument('<after>')
      .option('--json', 'one JSON object a line')
      .action(async (before: string, after: string, options: { readonly json?: true }) =>
        finish(await diff(before, after, options.json === true)),
      );
    contract
      .command('test')
      .description('Runs the example cases of a contract.')
      .argument('<files...>')
      .action(async (files: readonly string[]) => finish(await test(files)));
  },
};

async function load(file: string): Promise<Loaded> {
  const { loadContract } = await import('@leakproof/core/authoring');
  return loadContract(file, readBeside);
}

async function check(file: string, json: boolean): Promise<ExitCode> {
  const { contract, tests, problems } = await load(file);
  for (const problem of problems) process.stdout.write(`${json ? JSON.stringify(problem) : phrase(problem)}\n`);
  if (!contract) return EXIT.usage;
  const counts = `${Object.keys(contract.resources).length} resources, ${contract.operations.length} operations, ${tests.length} cases`;
  process.stderr.write(`${styleText('green', 'The contract is sound', { stream: process.stderr })}: ${counts}.\n`);
  return EXIT.clean;
}

function phrase({ severity, where, message, fix }: Problem): string {
  const mark = styleText(severity === 'error' ? 'red' : 'yellow', severity, { stream: process.stdout });
  return `${formatWhere(where)} ${mark} ${message}${fix === undefined ? '' : `\n    ${fix}`}`;
}

async function build(file: string, out: string | undefined): Promise<ExitCode> {
  const { contract } = await loadContractFile(file);
  const text = `${JSON.stringify(contract)}\n`;
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  process.stderr.write(`sha256 ${digestOf(contract)}\n`);
  return EXIT.clean;
}

async function show(file: string, plain: boolean): Promise<ExitCode> {
  const { contract } = await loadContractFile(file);
  const { showPlain } = await import('@leakproof/core/authoring');
  process.stdout.write(plain ? showPlain(contract) : `${JSON.stringify(contract, null, 2)}\n`);
  return EXIT.clean;
}

async function diff(before: string, after: string, json: boolean): Promise<ExitCode> {
  const { diffContracts, widens } = await import('@leakproof/core/authoring');
  const [a, b] = [await loadContractFile(before), await loadContractFile(after)];
  const changes = diffContracts(a.contract, b.contract);
  const colours = { widening: 'red', review: 'yellow', narrowing: 'green' } as const;
  for (const change of changes) {
    const kind = styleText(colours[change.kind], change.kind, { stream: process.stdout });
    process.stdout.write(`${json ? JSON.stringify(change) : `${kind} ${change.at}: ${change.says}`}\n`);
  }
  if (changes.length === 0) process.stderr.write('Nothing changed.\n');
  return changes.some(widens) ? EXIT.findings : EXIT.clean;
}

async function test(files: readonly string[]): Promise<ExitCode> {
  const { runCase } = await import('@leakproof/core/authoring');
  const { LeakproofError } = await import('@leakproof/core');
  let failed = 0;
  let run = 0;
  for (const file of files) {
    const { contract, tests, problems } = await load(file);
    for (const problem of problems) process.stdout.write(`${phrase(problem)}\n`);
    if (!contract) return EXIT.usage;
    for (const source of tests) {
      const { name, differences } = runCase(contract, source);
      run++;
      if (differences.length > 0) failed++;
      const mark =
        differences.length > 0
          ? styleText('red', '✗', { stream: process.stdout })
          : styleText('green', '✓', { stream: process.stdout });
      process.stdout.write(`${mark} ${name}\n`);
      for (const { what, expected, got } of differences)
        process.stdout.write(`    ${what}\n      expected ${expected}\n      got      ${got}\n`);
    }
  }
  if (run === 0)
    throw new LeakproofError('LP-USAGE', 'The contract has no cases.', {
      fix: 'Add `tests:` to it; docs/contract.md shows how.',
    });
  process.stderr.write(`${run - failed} of ${run} cases hold.\n`);
  return failed > 0 ? EXIT.findings : EXIT.clean;
}
