import type { CliCommand, ExitCode } from '../command.ts';
import { fileInRepository } from '../file-in-repository.ts';
import { addHelp } from '../help.ts';
import { readText } from '../read-file.ts';
import { addTargetOptions, scanOptions, type TargetOptions } from '../scan-options.ts';
import { endProgress, paint, showProgress, untilInterrupted } from '../terminal.ts';
import { outputDirectory } from '../write-file.ts';

const ABOUT = `
Sends every request that only reads, on every server of the contract, as the anonymous caller and as each of your identities.
A leak is proven by the value of the owner that was received, never by a status code. Servers that are not on this machine
are refused without --authorized-target.
`;

const EXITS = {
  0: 'nothing leaks in what was tested',
  1: 'a leak was proven',
  3: 'no leak was proven, but not every cell could be decided, or an identity is dead',
  130: 'interrupted by Ctrl-C',
};

const EXAMPLES = [
  'leakproof lab up --port 8080',
  `leakproof scan --contract examples/cadence/contract.yaml --identities examples/cadence/identities.yaml \\
  --resolve api.us.lab.test:80:127.0.0.1:8080 --resolve gql.us.lab.test:80:127.0.0.1:8080 \\
  --resolve api.uk.lab.test:80:127.0.0.1:8080 --resolve gql.uk.lab.test:80:127.0.0.1:8080 --out scan`,
];

interface ScanCliOptions extends TargetOptions {
  readonly out?: string;
}

/** `leakproof scan`: finds and proves what the contract does not allow. */
export const scanCommand: CliCommand = {
  name: 'scan',
  register: (program, finish) => {
    const command = program.command('scan').description('Tests a running API for leaks, and proves every leak twice.');
    addTargetOptions(command)
      .option('--out <dir>', 'write the report here, as JSON, HTML, SARIF and JUnit XML, and a proof of each finding')
      .action(async (options: ScanCliOptions) => finish(await runScan(options)));
    addHelp(command, { about: ABOUT, exits: EXITS, examples: EXAMPLES });
  },
};

async function runScan(options: ScanCliOptions): Promise<ExitCode> {
  const { exitOf, jsonReport, operationLines, progressLine, reportFiles, scan, textReport } =
    await import('@leakproof/scan');
  const scanning = await scanOptions(options);
  const sarif = { file: fileInRepository(options.contract), lineOf: operationLines(readText(options.contract)) };
  const out = options.out === undefined ? undefined : outputDirectory('--out', options.out);
  const result = await untilInterrupted((signal) =>
    scan({ ...scanning, signal, onEvent: (event) => showProgress(progressLine(event)) }),
  );
  endProgress();
  if (out) for (const { path, text } of reportFiles(result, sarif)) out.write(path, text);
  process.stdout.write(options.json ? `${JSON.stringify(jsonReport(result))}\n` : textReport(result, paint));
  return exitOf(result);
}
