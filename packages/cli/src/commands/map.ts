import type { Inventory, InventoryBuilder } from '@leakproof/sources';
import type { Command } from 'commander';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { addHelp, type HelpPage } from '../help.ts';
import { showFlow } from '../show-flow.ts';
import { showInventory } from '../show-inventory.ts';
import { shownOn } from '../shown.ts';
import { printMessage } from '../terminal.ts';
import { reportUnread, type ReadingOptions, trafficOptions } from '../traffic.ts';
import { DRAFT, registerDraft } from './map-draft.ts';
import { LOOK, registerLook } from './map-look.ts';

const ABOUT = `
Reads descriptions (OpenAPI, GraphQL, Postman), captures (HAR, Burp, ZAP, curl), access logs and recordings; the format is
detected by content. The output contains names, shapes and counts, never a value.
`;

const INVENTORY: HelpPage = {
  exits: {
    0: 'done; with --fail-undeclared: everything in the traffic is declared',
    1: 'with --fail-undeclared: something is undeclared',
    3: 'part of a file could not be read, or no file contained anything; with --fail-undeclared: nothing could be compared',
  },
  examples: [
    'leakproof map inventory openapi.yaml --all     # which operations return personal-looking fields, to whom',
    'leakproof map inventory openapi.yaml capture.har',
    'leakproof map inventory access.log --origin https://api.example.org',
    'leakproof map inventory alice.rec openapi.yaml --json > inventory.json',
    'leakproof map inventory openapi.yaml capture.har --fail-undeclared',
  ],
};
const FLOW: HelpPage = {
  exits: { 0: 'done', 3: 'part of a file could not be read, or no file contained an exchange' },
  examples: ['leakproof map flow capture.har'],
};

interface MapOptions extends ReadingOptions {
  readonly json?: true;
  readonly failUndeclared?: true;
  readonly all?: true;
}

/** `leakproof map`: the operations and value flows of an API, from files and captures. */
export const mapCommand: CliCommand = {
  name: 'map',
  register: (program, finish) => {
    const map = program
      .command('map')
      .description('Lists operations and value flows of an API, and drafts its contract, from files and captures.');
    addHelp(map, {
      about: ABOUT,
      exits: INVENTORY.exits,
      examples: [...LOOK.examples, ...INVENTORY.examples, ...FLOW.examples, ...DRAFT.examples],
    });
    const addVerb = (name: string, description: string, help: HelpPage): Command =>
      addHelp(map.command(name), { about: ABOUT, ...help })
        .description(description)
        .argument('<files...>')
        .option('--json', 'write one JSON document to stdout')
        .option('--as <reader>', 'read every file as this format')
        .option('--origin <url>', 'the origin of access-log lines that have none')
        .option('--log-format <format>', 'the log_format of an nginx log')
        .option('--key-file <file>', 'the key of a recording; default: the recording with the suffix .key');
    registerLook(addVerb('look', 'Which operations give personal fields to callers without a login.', LOOK), finish);
    addVerb(
      'inventory',
      'Operations, hosts, callers, parameters and fields, and which of them are undeclared.',
      INVENTORY,
    )
      .option('--all', 'show everything: long lists are cut short by default')
      .option(
        '--fail-undeclared',
        'exit 1 if an operation or a host is in the traffic and in no description, 3 if that cannot be told',
      )
      .action(async (files: readonly string[], options: MapOptions) => finish(await inventory(files, options)));
    addVerb('flow', 'Which values of the responses of one operation are in later requests of another.', FLOW).action(
      async (files: readonly string[], options: MapOptions) => finish(await flow(files, options)),
    );
    registerDraft(addVerb('draft', 'Drafts an exposure contract from captures and descriptions.', DRAFT), finish);
  },
};

async function inventory(files: readonly string[], options: MapOptions): Promise<ExitCode> {
  const { buildInventory } = await import('@leakproof/sources');
  const builder = buildInventory();
  await fill(builder, files, options);
  const found = builder.finish();
  process.stdout.write(
    options.json
      ? `${JSON.stringify(found, null, 2)}\n`
      : showInventory(found, shownOn(process.stdout, options.all ?? false)),
  );
  const isComplete = await reportUnread(found);
  if (options.failUndeclared) return exitOfComparison(found);
  const isEmpty = found.exchanges === 0 && found.unseen.length === 0;
  if (isEmpty) printMessage('Inconclusive: no file contains an exchange or an operation.');
  return isEmpty || !isComplete ? EXIT.inconclusive : EXIT.clean;
}

async function exitOfComparison(found: Inventory): Promise<ExitCode> {
  const { undeclaredVerdict } = await import('@leakproof/sources');
  const compared = undeclaredVerdict(found);
  if (compared.verdict === 'inconclusive') printMessage(`Inconclusive: ${compared.reason}.`);
  return { declared: EXIT.clean, undeclared: EXIT.findings, inconclusive: EXIT.inconclusive }[compared.verdict];
}

async function flow(files: readonly string[], options: MapOptions): Promise<ExitCode> {
  const { buildInventory, matchOperations, readTraffic, traceValues } = await import('@leakproof/sources');
  const builder = buildInventory();
  await fill(builder, files, options);
  const read = builder.finish();
  const tracer = traceValues({ operationOf: matchOperations(read) });
  let exchanges = 0;
  const reading = await trafficOptions(options);
  for (const file of files) {
    for await (const one of readTraffic(file, reading)) {
      if (one.type !== 'exchange') continue;
      exchanges++;
      tracer.add(one.exchange);
    }
  }
  const found = tracer.finish();
  process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : showFlow(found));
  const isComplete = await reportUnread(read);
  if (exchanges === 0) printMessage('Inconclusive: no file contains an exchange.');
  return exchanges === 0 || !isComplete ? EXIT.inconclusive : EXIT.clean;
}

async function fill(builder: InventoryBuilder, files: readonly string[], options: MapOptions): Promise<void> {
  const { readTraffic } = await import('@leakproof/sources');
  const reading = await trafficOptions(options);
  for (const file of files) for await (const one of readTraffic(file, reading)) builder.take(one);
}
