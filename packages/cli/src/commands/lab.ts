import { join } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import { type CliCommand, EXIT } from '../command.ts';
import { addHelp, type HelpPage } from '../help.ts';
import { paint, untilStopped } from '../terminal.ts';
import { outputDirectory } from '../write-file.ts';

const ABOUT = `
The lab replays the incident of 2021 with invented people, in three stages:

  leakproof lab up --stage open          # 1. as found: no caller is authenticated
  leakproof lab up --stage members       # 2. the silent fix: every free account still reads every member
  leakproof lab up --stage sealed        # 3. as the members were promised

A stage of your own is a JSON file with switches in order; later ones win, and what no switch names is secure:

  echo '{ "switches": [{ "region": "uk", "operations": ["GET /api/user/{id}"], "set": { "access": "members" } }] }' > mine.json
`;

const UP: HelpPage = {
  exits: { 0: 'done, or stopped by Ctrl-C' },
  examples: [
    'leakproof lab up --port 8080',
    "curl -H 'Host: api.us.lab.test' http://127.0.0.1:8080/api/user/pia",
    'leakproof lab up --members 4000000 --data cadence.db',
    'leakproof lab up --stage mine.json',
  ],
};
const ORACLE: HelpPage = {
  exits: { 0: 'printed' },
  examples: [
    'leakproof lab oracle --stage members | head',
    'leakproof lab oracle --stage open --json > truth.jsonl',
    'leakproof lab oracle --stage mine.json --json | grep \'"violation"\' | head',
  ],
};
const HANDOUTS: HelpPage = { exits: { 0: 'written' }, examples: ['leakproof lab handouts --out handouts'] };
const STAGES_PAGE: HelpPage = { exits: { 0: 'printed' }, examples: ['leakproof lab stages'] };

const HOSTS = ['api.us', 'api.uk', 'gql.us', 'gql.uk'] as const;

interface UpOptions {
  readonly members: string;
  readonly seed: string;
  readonly stage: string;
  readonly port: string;
  readonly internalPort: string;
  readonly data?: string;
}

/** `leakproof lab`: the synthetic fitness platform, its stages and its oracle. */
export const labCommand: CliCommand = {
  name: 'lab',
  register: (program, finish) => {
    const lab = program
      .command('lab')
      .description('A synthetic API with every leak of the 2021 incident, and an oracle that knows which cells leak.');
    addHelp(lab, {
      about: ABOUT,
      exits: UP.exits,
      examples: [UP, ORACLE, HANDOUTS, STAGES_PAGE].flatMap(({ examples }) => examples),
    });
    const upVerb = lab
      .command('up')
      .description('Starts the lab on loopback and prints addresses, logins and commands to try.')
      .option('--members <n>', 'members of the whole lab, half in each region', '1000')
      .option('--seed <n>', 'the seed of all generated data', '1')
      .option('--stage <name|file>', 'a name of `leakproof lab stages`, or a .json file with your own stage', 'open')
      .option('--port <n>', 'the port of the API; 0 is any free port', '0')
      .option('--internal-port <n>', 'the port of the back end for lookups; 0 is any free port', '0')
      .option('--data <file>', 'build the data once into this file, and serve it from disk')
      .action(async (options: UpOptions) => finish(await up(options)));
    addHelp(upVerb, UP);
    const oracleVerb = lab
      .command('oracle')
      .description('Prints which fields of every owner each viewer gets, and whether the viewer is allowed them.')
      .option('--stage <name|file>', 'a name of `leakproof lab stages`, or a .json file with your own stage', 'open')
      .option('--json', 'write one JSON object per line to stdout')
      .action(async (options: { readonly stage: string; readonly json?: true }) => {
        await printOracle(options.stage, options.json === true);
        finish(EXIT.clean);
      });
    addHelp(oracleVerb, ORACLE);
    const handoutsVerb = lab
      .command('handouts')
      .description('Writes files that a team like Cadence would have: OpenAPI, GraphQL SDL, Postman, HAR, access logs.')
      .requiredOption('--out <dir>', 'the directory to write to')
      .option('--seed <n>', 'the seed of all generated data', '1')
      .option('--stage <name>', 'the stage in which the traffic is recorded', 'open')
      .action(async (options: { readonly out: string; readonly seed: string; readonly stage: string }) => {
        await writeHandouts(options.out, wholeNumber('--seed', options.seed), options.stage);
        finish(EXIT.clean);
      });
    addHelp(handoutsVerb, HANDOUTS);
    const stagesVerb = lab
      .command('stages')
      .description('Lists the stages of the lab: which weaknesses are switched on.')
      .action(async () => {
        const { STAGES } = await import('@leakproof/lab');
        for (const { name, story } of STAGES) process.stdout.write(`${name.padEnd(24)}${story}\n`);
        finish(EXIT.clean);
      });
    addHelp(stagesVerb, STAGES_PAGE);
  },
};

async function up(options: UpOptions): Promise<typeof EXIT.clean> {
  const { readStage, startLab } = await import('@leakproof/lab');
  const lab = await startLab({
    members: Number(options.members),
    seed: wholeNumber('--seed', options.seed),
    stage: await readStage(options.stage),
    port: wholeNumber('--port', options.port, 65_535),
    internalPort: wholeNumber('--internal-port', options.internalPort, 65_535),
    ...(options.data === undefined ? {} : { databaseFile: options.data }),
  });
  const bold = (text: string): string => paint('bold', text);
  const origin = `http://127.0.0.1:${lab.port}`;
  const lines = [
    `${bold('Cadence')} is at ${origin} (stage: ${lab.stage.name}); stop it with Ctrl-C.`,
    '',
    bold('Hosts'),
    ...HOSTS.map((host) => `  ${host}.lab.test`),
    `  internal.us.lab.test, internal.uk.lab.test (back end) at http://127.0.0.1:${lab.internalPort}`,
    '',
    bold('Logins'),
    ...lab.identities
      .filter(({ region, canLogIn }) => region === 'us' && canLogIn)
      .map(({ username, password, note }) => `  ${username.padEnd(8)}${password.padEnd(14)}${note}`),
    '  the same people in the other region have names with _uk: pia_uk, ride-pia_uk',
    '',
    bold('Try next'),
    `  curl -H 'Host: api.us.lab.test' ${origin}/api/user/pia`,
    `  curl -H 'Host: api.us.lab.test' ${origin}/auth/login -d '{"username_or_email":"sam","password":"ride-sam"}'`,
    `  leakproof lab oracle --stage ${options.stage}`,
    '  leakproof scan --contract examples/cadence/contract.yaml --identities examples/cadence/identities.yaml \\',
    ...HOSTS.map(
      (host, index) =>
        `    --resolve ${host}.lab.test:80:127.0.0.1:${lab.port}${index < HOSTS.length - 1 ? ' \\' : ''}`,
    ),
    '  leakproof guard run --contract examples/cadence/contract.yaml --listen 127.0.0.1:8080 --log facts --key-file token.key \\',
    ...HOSTS.map((host) => `    --upstream ${host}.lab.test=127.0.0.1:${lab.port} \\`),
    `    --upstream internal.us.lab.test=127.0.0.1:${lab.internalPort} --upstream internal.uk.lab.test=127.0.0.1:${lab.internalPort}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  await untilStopped();
  await lab.close();
  return EXIT.clean;
}

function wholeNumber(option: string, text: string, most = 4_294_967_295): number {
  if (/^[0-9]{1,10}$/.test(text) && Number(text) <= most) return Number(text);
  throw new LeakproofError('LP-USAGE', `${option} needs a whole number from 0 to ${most}, not "${text}".`);
}

async function writeHandouts(out: string, seed: number, stage: string): Promise<void> {
  const { makeHandouts } = await import('@leakproof/lab');
  const directory = outputDirectory('--out', out);
  for (const [name, text] of await makeHandouts({ seed, stage })) {
    directory.write(name, text);
    process.stdout.write(`${join(out, name)}\n`);
  }
}

/** Lines per write. */
const BATCH = 2000;

async function printOracle(stage: string, asJson: boolean): Promise<void> {
  const { oracle, readStage } = await import('@leakproof/lab');
  // A reader may close the pipe early: `leakproof lab oracle | head`.
  process.stdout.on('error', () => {});
  const lines = oracle({ stage: await readStage(stage) }).map((cell) => {
    const { verdict, kind, host, channel, operation, resource, field, viewer, owner, provableWith } = cell;
    const what = `${resource}.${field}`;
    return asJson
      ? JSON.stringify(cell)
      : [verdict, kind, host, channel, operation, what, viewer, owner, provableWith.join('+')].join('\t');
  });
  for (let from = 0; from < lines.length && process.stdout.writable; from += BATCH) {
    const text = `${lines.slice(from, from + BATCH).join('\n')}\n`;
    await new Promise<void>((resolve) => {
      process.stdout.write(text, () => resolve());
    });
  }
}
