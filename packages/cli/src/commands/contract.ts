import { formatWhere, LeakproofError } from '@leakproof/core';
import type { Loaded, Problem } from '@leakproof/core/authoring';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { loadContractFile } from '../contract-file.ts';
import { addHelp, type HelpPage } from '../help.ts';
import { readBeside } from '../read-file.ts';
import { paint, paintMessage, printMessage } from '../terminal.ts';
import { writeText } from '../write-file.ts';

const ABOUT = `
The exposure contract declares who may see which field of whose objects. One file is what \`scan\` tests against, what \`guard\`
enforces and what \`ledger\` counts by. Its format is described in docs/contract.md.
`;

const CHECK: HelpPage = {
  exits: { 0: 'the contract is valid', 2: 'the contract has errors, or the command line is wrong' },
  examples: ['leakproof contract check examples/cadence/contract.yaml'],
};
const BUILD: HelpPage = {
  exits: { 0: 'written; the SHA-256 digest of the contract is on stderr' },
  examples: ['leakproof contract build contract.yaml --out contract.json'],
};
const SHOW: HelpPage = {
  exits: { 0: 'shown' },
  examples: ['leakproof contract show --plain examples/cadence/contract.yaml'],
};
const DIFF: HelpPage = {
  exits: { 0: 'nobody may see or do more than before', 1: 'somebody may, or a change has to be reviewed' },
  examples: ['leakproof contract diff before.yaml after.yaml'],
};
const TEST: HelpPage = {
  exits: { 0: 'every case holds', 1: 'a case does not hold', 2: 'there is no case, or the contract has errors' },
  examples: ['leakproof contract test packages/core/cases/fitness-profile.yaml'],
};

interface JsonOption {
  readonly json?: true;
}

/** `leakproof contract`: checks, builds, shows, compares and tests contracts. */
export const contractCommand: CliCommand = {
  name: 'contract',
  register: (program, finish) => {
    const contract = program
      .command('contract')
      .description('Checks, builds, shows, compares and tests exposure contracts.');
    addHelp(contract, {
      about: ABOUT,
      exits: { 0: 'valid, or nothing found', 1: 'a difference that widens, or a case that does not hold' },
      examples: [CHECK, BUILD, SHOW, DIFF, TEST].flatMap(({ examples }) => examples),
    });
    const checkVerb = contract
      .command('check')
      .description('Lists the errors of a contract: what is wrong, where, and what would be right.')
      .argument('<file>')
      .option('--json', 'write one JSON object per line to stdout')
      .action(async (file: string, { json }: JsonOption) => finish(await check(file, json === true)));
    addHelp(checkVerb, CHECK);
    const buildVerb = contract
      .command('build')
      .description('Compiles a contract to JSON, which the guard runs without a YAML parser.')
      .argument('<file>')
      .option('--out <file>', 'write to this file instead of stdout')
      .action(async (file: string, { out }: { readonly out?: string }) => finish(await build(file, out)));
    addHelp(buildVerb, BUILD);
    const showVerb = contract
      .command('show')
      .description('Shows a compiled contract as JSON, or with --plain in sentences.')
      .argument('<file>')
      .option('--plain', 'sentences that somebody who answers for privacy can approve')
      .action(async (file: string, { plain }: { readonly plain?: true }) => finish(await show(file, plain === true)));
    addHelp(showVerb, SHOW);
    const diffVerb = contract
      .command('diff')
      .description('Lists the differences between two contracts, and whether anybody may see or do more.')
      .argument('<before>')
      .argument('<after>')
      .option('--json', 'write one JSON object per line to stdout')
      .action(async (before: string, after: string, { json }: JsonOption) =>
        finish(await diff(before, after, json === true)),
      );
    addHelp(diffVerb, DIFF);
    const testVerb = contract
      .command('test')
      .description('Runs the example cases in contracts.')
      .argument('<files...>')
      .action(async (files: readonly string[]) => finish(await test(files)));
    addHelp(testVerb, TEST);
  },
};

async function load(file: string): Promise<Loaded> {
  const { loadContract } = await import('@leakproof/core/authoring');
  return loadContract(file, readBeside);
}

async function check(file: string, json: boolean): Promise<ExitCode> {
  const { contract, tests, problems } = await load(file);
  for (const problem of problems) process.stdout.write(`${json ? JSON.stringify(problem) : problemText(problem)}\n`);
  if (!contract) return EXIT.usage;
  const resources = Object.keys(contract.resources).length;
  const { undecidedRules } = await import('@leakproof/core/authoring');
  const undecided = undecidedRules(contract).length;
  const counts =
    `${resources} resources, ${contract.operations.length} operations, ${tests.length} cases` +
    (undecided > 0 ? `; ${undecided} rules are undecided (\`contract show --plain\` lists them)` : '');
  printMessage(`${paintMessage('green', 'The contract is valid')}: ${counts}.`);
  return EXIT.clean;
}

function problemText({ severity, code, where, message, fix }: Problem): string {
  const mark = paint(severity === 'error' ? 'red' : 'yellow', code === undefined ? severity : `${severity} ${code}`);
  return `${formatWhere(where)} ${mark} ${message}${fix === undefined ? '' : `\n    ${fix}`}`;
}

async function build(file: string, out: string | undefined): Promise<ExitCode> {
  const { contract, digest } = await loadContractFile(file);
  const text = `${JSON.stringify(contract)}\n`;
  if (out === undefined) process.stdout.write(text);
  else writeText('--out', out, text);
  printMessage(`sha256 ${digest}`);
  return EXIT.clean;
}

async function show(file: string, plain: boolean): Promise<ExitCode> {
  const { contract } = await loadContractFile(file);
  const { showPlain } = await import('@leakproof/core/authoring');
  process.stdout.write(plain ? showPlain(contract) : `${JSON.stringify(contract, null, 2)}\n`);
  return EXIT.clean;
}

const CHANGE_STYLES = { widening: 'red', review: 'yellow', narrowing: 'green' } as const;

async function diff(before: string, after: string, json: boolean): Promise<ExitCode> {
  const { diffContracts, widens } = await import('@leakproof/core/authoring');
  const [a, b] = [await loadContractFile(before), await loadContractFile(after)];
  const changes = diffContracts(a.contract, b.contract);
  for (const change of changes) {
    const kind = paint(CHANGE_STYLES[change.kind], change.kind);
    process.stdout.write(`${json ? JSON.stringify(change) : `${kind} ${change.at}: ${change.says}`}\n`);
  }
  if (changes.length === 0) printMessage('Nothing changed.');
  return changes.some(widens) ? EXIT.findings : EXIT.clean;
}

async function test(files: readonly string[]): Promise<ExitCode> {
  const { runCase } = await import('@leakproof/core/authoring');
  let failed = 0;
  let run = 0;
  for (const file of files) {
    const { contract, tests, problems } = await load(file);
    for (const problem of problems) process.stdout.write(`${problemText(problem)}\n`);
    if (!contract) return EXIT.usage;
    for (const source of tests) {
      const { name, differences } = runCase(contract, source);
      run++;
      if (differences.length > 0) failed++;
      const mark = differences.length > 0 ? paint('red', '✗') : paint('green', '✓');
      process.stdout.write(`${mark} ${name}\n`);
      for (const { what, expected, got } of differences)
        process.stdout.write(`    ${what}\n      expected ${expected}\n      got      ${got}\n`);
    }
  }
  if (run === 0)
    throw new LeakproofError('LP-USAGE', 'The contract has no cases.', {
      fix: 'Add `tests:` to it; docs/contract.md has an example.',
    });
  printMessage(`${run - failed} of ${run} cases hold.`);
  return failed > 0 ? EXIT.findings : EXIT.clean;
}
