import { join } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import type { ProvePlan, Proven } from '@leakproof/scan';
import { collect, type CliCommand, type ExitCode } from '../command.ts';
import { fileInRepository } from '../file-in-repository.ts';
import { addHelp } from '../help.ts';
import { readProveInput } from '../prove-input.ts';
import { showFirstLook } from '../show-first-look.ts';
import { shownOn } from '../shown.ts';
import { confirmed, endProgress, paint, printMessage, showProgress, untilInterrupted } from '../terminal.ts';
import { outputDirectory } from '../write-file.ts';

const ABOUT = `
Needs no contract: reads the API as each identity, drafts a contract from what it answered, and scans by it. Nothing is changed:
only GET and GraphQL queries are sent, to the servers that your own request went to, and nothing that is called like an act.
What nobody told is undecided, asked in at most seven questions, and neither proven nor clean.

First it shows what the input itself tells: who was given people's fields without a login, and which operations are described as
open. Then it prints its plan.

The input is a copied curl command on stdin, or files: curl, HAR, Burp, ZAP, Postman, recordings, OpenAPI. The identity of the
input is called "me" (--as). NAME=VARIABLE is another credential of the same kind: a token, USER:PASSWORD, the value of the Cookie
header, or a whole copied curl command. NAME=@FILE is a capture, whose credentials are swapped as one set.
`;

const EXITS = {
  0: 'nothing leaks, everything was tested and nothing is undecided',
  1: 'a leak was proven',
  3: 'no leak was proven, and not everything could be tested or decided; or an identity is dead',
  130: 'interrupted by Ctrl-C',
};

const EXAMPLES = [
  'pbpaste | leakproof prove --other bob=BOB_TOKEN',
  'leakproof prove alice.har openapi.yaml --as alice --other bob=@bob.har --out prove',
  'leakproof prove openapi.yaml --server http://127.0.0.1:3000 --other alice=ALICE_TOKEN --other bob=BOB_TOKEN',
  'leakproof prove alice.curl --other bob=BOB_TOKEN --answers answers.yaml --out prove',
];

export interface ProveCliOptions {
  readonly other: readonly string[];
  readonly as: string;
  readonly answers?: string;
  readonly reads: readonly string[];
  readonly server?: string;
  readonly out?: string;
  readonly resolve: readonly string[];
  readonly keyFile?: string;
  readonly authorizedTarget?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `leakproof prove`: a true answer from one request and a second credential. */
export const proveCommand: CliCommand = {
  name: 'prove',
  register: (program, finish) => {
    const command = program
      .command('prove')
      .description('Tests an API from one request and a second credential, and proves what leaks.')
      .argument('[files...]', 'captures and descriptions; default: a copied curl command on stdin')
      .option('--other <name=credential>', 'another identity: NAME=VARIABLE or NAME=@FILE (repeat)', collect, [])
      .option('--as <name>', 'the name of the identity whose requests the input has', 'me')
      .option('--answers <file>', 'answers to questions of an earlier run')
      .option('--reads <operation>', 'a captured POST that only reads, such as "POST /search" (repeat)', collect, [])
      .option('--server <url>', 'the server to test, if the input names none')
      .option('--out <dir>', 'write the contract, the identities file, the reports and the proofs here')
      .option('--resolve <host:port:address>', 'connect to this address, as curl does (repeat)', collect, [])
      .option('--key-file <file>', 'the key of a recording; default: the recording with the suffix .key')
      .option('--authorized-target', 'you are authorized to test these servers, which are not on this machine')
      .option('--yes', 'send the requests of the plan without asking')
      .option('--json', 'write the result as JSON to stdout')
      .action(async (files: readonly string[], options: ProveCliOptions) => finish(await runProve(files, options)));
    addHelp(command, { about: ABOUT, exits: EXITS, examples: EXAMPLES });
  },
};

async function runProve(files: readonly string[], options: ProveCliOptions): Promise<ExitCode> {
  const {
    exitOfProven,
    operationLines,
    planProve,
    planText,
    progressLine,
    prove,
    proveFiles,
    proveJson,
    proveReport,
    readResolve,
  } = await import('@leakproof/scan');
  const { input, firstLook, readSecret, readCapture, advice } = await readProveInput(files, options);
  printMessage(showFirstLook(firstLook, shownOn(process.stderr, false, '`leakproof map look --all FILE`')));
  const plan = planProve(input);
  printMessage(planText(plan));
  await confirmPlan(plan, options);
  const out = options.out === undefined ? undefined : outputDirectory('--out', options.out);
  const proven = await untilInterrupted((signal) =>
    prove(plan, {
      readSecret,
      readCapture,
      signal,
      resolve: readResolve(options.resolve),
      authorizedTarget: options.authorizedTarget ?? false,
      onEvent: (event) =>
        showProgress(
          event.type === 'explored'
            ? { text: `${event.done} requests to read the API`, isTransient: true }
            : progressLine(event),
        ),
    }),
  );
  endProgress();
  const sarif = {
    file: fileInRepository(join(options.out ?? '.', 'contract.yaml')),
    lineOf: operationLines(proven.draft.source),
  };
  if (out) for (const { path, text } of proveFiles(proven, sarif)) out.write(path, text);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(proveJson(proven))}\n`
      : proveReport(proven, { paint, next: nextCommands(proven, { options, advice }) }),
  );
  return exitOfProven(proven);
}

/** Servers on this machine are tested at once; others after a word of the tester. */
async function confirmPlan({ origins }: ProvePlan, { yes, authorizedTarget }: ProveCliOptions): Promise<void> {
  if (yes === true || authorizedTarget !== true) return;
  const answer = await confirmed(`Send these requests to ${origins.join(', ')}? [y/N] `);
  if (answer === true) return;
  throw new LeakproofError(
    'LP-USAGE',
    answer === false ? 'The plan was not confirmed.' : 'There is no terminal to confirm the plan at.',
    {
      fix: 'Read the plan, and add --yes.',
    },
  );
}

function nextCommands(
  { scan, draft, identities }: Proven,
  { options, advice }: { readonly options: ProveCliOptions; readonly advice: readonly string[] },
): string[] {
  const { out } = options;
  if (out === undefined) return ['add --out DIR to keep the contract, the reports and the proofs'];
  const target = `--contract ${out}/contract.yaml --identities ${out}/identities.yaml`;
  const more = `${options.authorizedTarget ? ' --authorized-target' : ''}${options.resolve.map((each) => ` --resolve ${each}`).join('')}`;
  return [
    `leakproof contract show ${out}/contract.yaml --plain   # what was drafted, in sentences`,
    ...(draft.questions.length > 0 ? ['write your answers into answers.yaml, and add --answers answers.yaml'] : []),
    ...(identities ? [...advice, `leakproof scan ${target}${more}`] : []),
    ...(scan && scan.proofs.length > 0 ? [`leakproof replay ${out}/proofs/01-*.json ${target}${more}`] : []),
  ];
}
