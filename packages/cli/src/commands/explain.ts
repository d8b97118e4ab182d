import {
  ANONYMOUS,
  type Claim,
  type CompiledContract,
  type Known,
  LeakproofError,
  type Principal,
  type Truth,
} from '@leakproof/core';
import { type CliCommand, collect, EXIT, type ExitCode } from '../command.ts';
import { loadContractFile } from '../contract-file.ts';
import { explainExchange, type Explanation } from '../explain-exchange.ts';
import { addHelp } from '../help.ts';
import { showExplanation } from '../show-explanation.ts';
import { paint, printMessage } from '../terminal.ts';

const ABOUT = `
Says what the contract means for the requests of a capture (curl, HAR, Postman and all other files that \`map\` reads): the
operation, the caller, whether the request is allowed, and each field of the response with the reason why it is withheld. Nothing is
sent. It prints names of the contract, and no value of a body.
`;

const EXITS = {
  0: 'explained: everything in the capture is allowed to this caller',
  1: 'a request would be refused, or a field withheld',
  3: 'it depends on relations or states that are unknown, or nothing could be read',
};

const EXAMPLES = [
  'leakproof explain capture.har --contract contract.yaml                     # as a caller without a credential',
  'leakproof explain capture.har --contract contract.yaml --as member:42 --assume private --assume-not follower',
];

interface ExplainOptions {
  readonly contract: string;
  readonly as?: string;
  readonly space?: string;
  readonly assume: readonly string[];
  readonly assumeNot: readonly string[];
  readonly json?: true;
}

/** `leakproof explain`: what the contract means for a request and its response. */
export const explainCommand: CliCommand = {
  name: 'explain',
  register: (program, finish) => {
    const command = program
      .command('explain')
      .description(
        'Says who a caller is, which operation it calls, and which fields it may see, without sending anything.',
      )
      .argument('<capture>', 'requests, with their responses where the fields are asked for')
      .requiredOption('--contract <file>', 'the exposure contract')
      .option('--as <kind:id>', 'the caller: a kind of principal and its id (default: without a credential)')
      .option('--space <name>', 'the id space of the caller (default: the only one)')
      .option('--assume <name>', 'a relation or state that holds (repeat)', collect, [])
      .option('--assume-not <name>', 'a relation or state that does not hold (repeat)', collect, [])
      .option('--json', 'write one JSON object for each request')
      .action(async (file: string, options: ExplainOptions) => finish(await runExplain(file, options)));
    addHelp(command, { about: ABOUT, exits: EXITS, examples: EXAMPLES });
  },
};

async function runExplain(file: string, options: ExplainOptions): Promise<ExitCode> {
  const { readSource } = await import('@leakproof/sources');
  const { contract } = await loadContractFile(options.contract);
  const explaining = { contract, principal: principalNamed(contract, options), known: assumed(contract, options) };
  const all: Explanation[] = [];
  for await (const reading of readSource(file)) {
    if (reading.type === 'reject') printMessage(`${file}: ${reading.where.at}: not read (${reading.code})`);
    if (reading.type !== 'exchange') continue;
    const explanation = explainExchange(reading.exchange, explaining);
    all.push(explanation);
    process.stdout.write(
      options.json ? `${JSON.stringify(jsonOf(explanation))}\n` : showExplanation(explanation, paint),
    );
  }
  return exitOf(all);
}

/** The caller that `--as` names. Throws LP-USAGE. */
function principalNamed(contract: CompiledContract, { as, space }: ExplainOptions): Principal {
  if (as === undefined) return ANONYMOUS;
  const [name = '', ...rest] = as.split(':');
  const kind = contract.principals.find((each) => each.name === name);
  const id = rest.join(':');
  if (!kind || id === '')
    throw wrong(
      `--as ${name}: the contract has no such kind of principal, or there is no id.`,
      contract.principals.map((each) => `${each.name}:ID`),
    );
  const spaces = [...new Set(contract.servers.map((server) => server.space))];
  const [only] = spaces;
  const chosen = space ?? (spaces.length === 1 ? only : undefined);
  if (chosen === undefined || !spaces.includes(chosen)) throw wrong('--space: which id space has this id?', spaces);
  return { kind: kind.name, id, ids: kind.ids, space: chosen, claims: {} };
}

/** What `--assume` and `--assume-not` say, of everybody. Throws LP-USAGE. */
function assumed(contract: CompiledContract, { assume, assumeNot }: ExplainOptions): Known {
  const names = [...Object.keys(contract.relations), ...Object.keys(contract.states)];
  const unknown = [...assume, ...assumeNot].find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(`--assume ${unknown}: the contract has no such relation or state.`, names);
  const truths = new Map<string, Truth>([
    ...assume.map((name) => [name, 'yes'] as const),
    ...assumeNot.map((name) => [name, 'no'] as const),
  ]);
  const nameOf = (claim: Claim): string => (claim.type === 'relation' ? claim.relation : claim.state);
  return { get: (claim) => truths.get(nameOf(claim)) ?? 'unknown' };
}

function wrong(message: string, choices: readonly string[]): LeakproofError {
  return new LeakproofError('LP-USAGE', message, { fix: `Use one of ${choices.join(', ')}.` });
}

function jsonOf({ objects, ...explanation }: Explanation): object {
  return { ...explanation, objects: objects.map((each) => ({ ...each, fields: Object.fromEntries(each.fields) })) };
}

function exitOf(all: readonly Explanation[]): ExitCode {
  if (all.length === 0) return EXIT.inconclusive;
  const isWithheld = all.some(
    ({ refusal, objects }) =>
      refusal !== undefined ||
      objects.some(({ fields, undeclared }) => undeclared > 0 || [...fields.values()].some(Boolean)),
  );
  const isUnknown = ({ unknown, refusal }: Explanation): boolean =>
    unknown.length > 0 || refusal?.code === 'LP-OWNER-UNKNOWN';
  if (all.some(isUnknown)) return EXIT.inconclusive;
  return isWithheld ? EXIT.findings : EXIT.clean;
}
