import type { InventoryBuilder, TrafficOptions } from '@leakproof/sources';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { showFlow } from '../show-flow.ts';
import { showInventory } from '../show-inventory.ts';

const HELP = `
What an API is, by what is known of it: descriptions (OpenAPI, GraphQL, Postman), captures (HAR, Burp, ZAP, curl), access logs,
recordings. The format is told by content. Names, shapes and counts are shown, never a value.

Examples:
  leakproof map inventory openapi.yaml capture.har
  leakproof map inventory access.log --origin https://api.example.org
  leakproof map inventory alice.rec openapi.yaml --json > inventory.json
  leakproof map inventory openapi.yaml capture.har --fail-undeclared     # exit 1 if traffic goes where nobody declared
  leakproof map flow capture.har                                         # which operation feeds which
`;

interface MapOptions {
  readonly json?: true;
  readonly as?: string;
  readonly origin?: string;
  readonly logFormat?: string;
  readonly keyFile?: string;
  readonly failUndeclared?: true;
}

/** `leakproof map`: what files and captures say of an API. */
export const mapCommand: CliCommand = {
  name: 'map',
  register: (program, finish) => {
    const map = program
      .command('map')
      .description('Says what an API is, by files and captures.')
      .addHelpText('after', HELP);
    const reading = (name: string, description: string) =>
      map
        .command(name)
        .description(description)
        .argument('<files...>')
        .option('--json', 'one JSON document')
        .option('--as <reader>', 'read every file in this format')
        .option('--origin <url>', 'origin of access-log lines that name none')
        .option('--log-format <format>', 'the log_format of an nginx log')
        .option('--key-file <file>', 'key of a recording; default: its name with .key behind it');
    reading('inventory', 'Operations, hosts, callers, parameters and fields, and what nobody declared.')
      .option('--fail-undeclared', 'exit 1 if an operation or a host is in the traffic and in no description')
      .action(async (files: readonly string[], options: MapOptions) => finish(await inventory(files, options)));
    reading('flow', 'Which values one operation gives and another one takes.').action(
      async (files: readonly string[], options: MapOptions) => finish(await flow(files, options)),
    );
  },
};

async function inventory(files: readonly string[], options: MapOptions): Promise<ExitCode> {
  const { buildInventory } = await import('@leakproof/sources');
  const builder = buildInventory();
  await fill(builder, files, options);
  const found = builder.finish();
  process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : showInventory(found, process.stdout));
  if (found.exchanges === 0 && found.unseen.length === 0) return EXIT.inconclusive;
  const isUndeclared =
    found.described &&
    (found.hosts.some(({ declared }) => declared === false) ||
      found.operations.some(({ declared }) => declared === undefined));
  return options.failUndeclared && isUndeclared ? EXIT.findings : EXIT.clean;
}

async function flow(files: readonly string[], options: MapOptions): Promise<ExitCode> {
  const { buildInventory, matchOperations, readTraffic, traceValues } = await import('@leakproof/sources');
  const builder = buildInventory();
  await fill(builder, files, options);
  const tracer = traceValues({ operationOf: matchOperations(builder.finish()) });
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
  return exchanges === 0 ? EXIT.inconclusive : EXIT.clean;
}

async function fill(builder: InventoryBuilder, files: readonly string[], options: MapOptions): Promise<void> {
  const { readTraffic } = await import('@leakproof/sources');
  const reading = await trafficOptions(options);
  for (const file of files) for await (const one of readTraffic(file, reading)) builder.take(one);
}

async function trafficOptions({ as, origin, logFormat, keyFile }: MapOptions): Promise<TrafficOptions> {
  const { LeakproofError } = await import('@leakproof/core');
  const { loadKey, PASSPHRASE_VARIABLE } = await import('@leakproof/sources');
  const url = origin === undefined ? undefined : URL.parse(origin);
  if (url === null || (url && !/^https?:$/.test(url.protocol))) {
    throw new LeakproofError('LP-USAGE', '--origin is no http or https address', {
      fix: 'Write it like https://api.example.org.',
    });
  }
  return {
    as,
    logFormat,
    origin: url && { scheme: url.protocol === 'https:' ? 'https' : 'http', authority: url.host },
    keyOf: (path) => loadKey(path, { keyFile, passphrase: process.env[PASSPHRASE_VARIABLE] }),
  };
}
