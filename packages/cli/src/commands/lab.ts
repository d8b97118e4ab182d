import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { type CliCommand, EXIT } from '../command.ts';

const HELP = `
The lab replays the Peloton incident of 2021 with invented people. An API must answer three questions: is the caller
authenticated, may they see this person's object, may they see this field of it? The lab answers them in stages:

  leakproof lab up --stage open          # 1. as found: no authentication
  leakproof lab up --stage members       # 2. the silent fix: any free account can read every member
  leakproof lab up --stage sealed        # 3. as promised to the members: every field obeys its owner's settings

Examples:
  leakproof lab up --port 8080
  curl -H 'Host: api.us.lab.test' http://127.0.0.1:8080/api/user/pia
  leakproof lab up --members 4000000 --data cadence.db
  leakproof lab oracle --stage members | head
  leakproof lab oracle --stage open --json > truth.jsonl
  leakproof lab handouts --out cadence/
  leakproof lab stages

A stage of your own is a JSON file: switches in order, later ones win; a setting that no switch changes is secure.

  echo '{ "switches": [{ "region": "uk", "operations": ["GET /api/user/{id}"], "set": { "access": "members" } }] }' > mine.json
  leakproof lab up --stage mine.json
  leakproof lab oracle --stage mine.json --json | grep '"violation"' | head
`;

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
      .description(
        'A synthetic API with every weakness of the 2021 incident, and an oracle of what each caller gets and should get.',
      )
      .addHelpText('after', HELP);
    lab
      .command('up')
      .description('Starts the lab on loopback and prints its addresses, logins and commands to try.')
      .option('--members <n>', 'members in the whole lab, half in each region', '1000')
      .option('--seed <n>', 'seed of all generated data', '1')
      .option('--stage <name|file>', 'one of `leakproof lab stages`, or a .json file with your own', 'open')
      .option('--port <n>', '0 takes any free port', '0')
      .option('--internal-port <n>', 'port of the internal service that answers lookups; 0 takes any free port', '0')
      .option('--data <file>', 'database file, built at first use and then served from disk')
      .action(async (options: UpOptions) => finish(await up(options)));
    lab
      .command('oracle')
      .description('Prints what every viewer gets of every owner, and whether the policy allows it.')
      .option('--stage <name|file>', 'one of `leakproof lab stages`, or a .json file with your own', 'open')
      .option('--json', 'one JSON object per line')
      .action(async (options: { readonly stage: string; readonly json?: true }) => {
        await printOracle(options.stage, options.json === true);
        finish(EXIT.clean);
      });
    lab
      .command('handouts')
      .description('Writes files that a team at Cadence would have: OpenAPI, SDL, Postman, HAR, access logs.')
      .requiredOption('--out <dir>', 'folder to write into')
      .option('--seed <n>', 'seed of all generated data', '1')
      .option('--stage <name>', 'the stage in which the traffic is recorded', 'open')
      .action(async (options: { readonly out: string; readonly seed: string; readonly stage: string }) => {
        await writeHandouts(options.out, Number(options.seed), options.stage);
        finish(EXIT.clean);
      });
    lab
      .command('stages')
      .description('Lists the stages of the lab.')
      .action(async () => {
        const { STAGES } = await import('@leakproof/lab');
        for (const { name, story } of STAGES) process.stdout.write(`${name.padEnd(24)}${story}\n`);
        finish(EXIT.clean);
      });
  },
};

async function up(options: UpOptions): Promise<typeof EXIT.clean> {
  const { readStage, startLab } = await import('@leakproof/lab');
  const lab = await startLab({
    members: Number(options.members),
    seed: Number(options.seed),
    stage: await readStage(options.stage),
    port: Number(options.port),
    internalPort: Number(options.internalPort),
    ...(options.data === undefined ? {} : { databaseFile: options.data }),
  });
  const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
  const at = `http://127.0.0.1:${lab.port}`;
  const lines = [
    `${bold('Cadence')} answers at ${at} (stage: ${lab.stage.name}); stop it with Ctrl-C.`,
    '',
    bold('Hosts'),
    ...HOSTS.map((host) => `  ${host}.lab.test`),
    `  internal.us.lab.test, internal.uk.lab.test (internal service) at http://127.0.0.1:${lab.internalPort}`,
    '',
    bold('Logins'),
    ...lab.identities
      .filter(({ region, canLogIn }) => region === 'us' && canLogIn)
      .map(({ username, password, note }) => `  ${username.padEnd(8)}${password.padEnd(14)}${note}`),
    '  the same people exist in the other region with _uk after the name: pia_uk, ride-pia_uk',
    '',
    bold('Try next'),
    `  curl -H 'Host: api.us.lab.test' ${at}/api/user/pia`,
    `  curl -H 'Host: api.us.lab.test' ${at}/auth/login -d '{"username_or_email":"sam","password":"ride-sam"}'`,
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
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await lab.close();
  return EXIT.clean;
}

async function writeHandouts(out: string, seed: number, stage: string): Promise<void> {
  const { makeHandouts } = await import('@leakproof/lab');
  await mkdir(out, { recursive: true });
  for (const [name, text] of await makeHandouts({ seed, stage })) {
    await writeFile(join(out, name), text);
    process.stdout.write(`${join(out, name)}\n`);
  }
}

/** Lines written at once. */
const BATCH = 2000;

async function printOracle(stage: string, asJson: boolean): Promise<void> {
  const { oracle, readStage } = await import('@leakproof/lab');
  // A reader that closes the pipe early, such as `head`, is no error.
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
