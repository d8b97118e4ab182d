import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { type CliCommand, EXIT } from '../command.ts';

const HELP = `
The lab replays the Peloton incident of 2021 with invented people. Three questions were answered with one yes:
is the caller known, may they see this person, may they see this field? Walk the ladder yourself:

  leakproof lab up --stage open          # 1. as found: nobody is asked who they are
  leakproof lab up --stage members       # 2. the silent fix: any free account still reads everybody
  leakproof lab up --stage sealed        # 3. what the members were promised

Examples:
  leakproof lab up --port 8080
  curl -H 'Host: api.us.lab.test' http://127.0.0.1:8080/api/user/pia
  leakproof lab up --members 4000000 --data cadence.db
  leakproof lab oracle --stage members | head
  leakproof lab oracle --stage open --json > truth.jsonl
  leakproof lab handouts --out drawers/
  leakproof lab stages

A stage of your own is a JSON file: switches in order, later ones win, and what no switch names is sound.

  echo '{ "switches": [{ "region": "uk", "operations": ["GET /api/user/{id}"], "set": { "door": "members" } }] }' > mine.json
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

/** `leakproof lab`: the synthetic fitness platform, its stages and its truth. */
export const labCommand: CliCommand = {
  name: 'lab',
  register: (program, finish) => {
    const lab = program
      .command('lab')
      .description('A synthetic API with every leak of the 2021 incident, and the oracle that knows the truth.')
      .addHelpText('after', HELP);
    lab
      .command('up')
      .description('Starts the lab on loopback and prints addresses, logins and what to try next.')
      .option('--members <n>', 'members of the whole lab, half in each region', '1000')
      .option('--seed <n>', 'the chance everything is made from', '1')
      .option('--stage <name|file>', 'one of `leakproof lab stages`, or a .json file with your own', 'open')
      .option('--port <n>', '0 takes any free port', '0')
      .option('--internal-port <n>', 'of the back end that answers lookups; 0 takes any free port', '0')
      .option('--data <file>', 'build once into this file and serve from disk')
      .action(async (options: UpOptions) => finish(await up(options)));
    lab
      .command('oracle')
      .description('Prints what every viewer gets of every owner, and whether that was meant.')
      .option('--stage <name|file>', 'one of `leakproof lab stages`, or a .json file with your own', 'open')
      .option('--json', 'one JSON object a line')
      .action(async (options: { readonly stage: string; readonly json?: true }) => {
        await printOracle(options.stage, options.json === true);
        finish(EXIT.clean);
      });
    lab
      .command('handouts')
      .description('Writes what Cadence would have in its drawers: OpenAPI, SDL, Postman, HAR, access logs.')
      .requiredOption('--out <dir>', 'folder to write into')
      .option('--seed <n>', 'the chance everything is made from', '1')
      .option('--stage <name>', 'the stage the traffic is recorded in', 'open')
      .action(async (options: { readonly out: string; readonly seed: string; readonly stage: string }) => {
        await writeHandouts(options.out, Number(options.seed), options.stage);
        finish(EXIT.clean);
      });
    lab
      .command('stages')
      .description('Lists the stages and drifts the lab can be put in.')
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
    `  internal.us.lab.test, internal.uk.lab.test (back end) at http://127.0.0.1:${lab.internalPort}`,
    '',
    bold('Logins'),
    ...lab.identities
      .filter(({ region, canLogIn }) => region === 'us' && canLogIn)
      .map(({ username, password, note }) => `  ${username.padEnd(8)}${password.padEnd(14)}${note}`),
    '  the same people in the other region carry _uk behind the name: pia_uk, ride-pia_uk',
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
  // A reader that has seen enough, such as `head`, is no fault.
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
