import type { Exchange } from '@leakproof/core';
import type { FirstLook } from '@leakproof/map';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../command.ts';
import type { HelpPage } from '../help.ts';
import { showFirstLook } from '../show-first-look.ts';
import { shownOn } from '../shown.ts';
import { printMessage } from '../terminal.ts';
import { reportUnread, type ReadingOptions, trafficOptions } from '../traffic.ts';

export const LOOK: HelpPage = {
  about: `
The first look at an API, without a contract and without an identity: which operations gave personal-looking fields to callers
without a login, which the description opens to them, and which nobody without a login was seen to try. Fields are recognised by
their names and the shapes of their values; no value is printed.
`,
  exits: {
    0: 'no operation gives personal-looking fields to callers without a login, as far as they were seen to ask',
    1: 'an operation gave such fields, or by its description gives them without a login',
    3: 'nothing could be told: part of a file could not be read, or no file contains a description that could demand a login, or an exchange without one',
  },
  examples: ['leakproof map look openapi.yaml', 'leakproof map look capture.har openapi.yaml'],
};

interface LookOptions extends ReadingOptions {
  readonly json?: true;
  readonly all?: true;
}

/** `leakproof map look`. */
export function registerLook(verb: Command, finish: (code: ExitCode) => void): void {
  verb
    .option('--all', 'show everything: long lists are cut short by default')
    .action(async (files: readonly string[], options: LookOptions) => finish(await lookAt(files, options)));
}

async function lookAt(files: readonly string[], options: LookOptions): Promise<ExitCode> {
  const { buildInventory, readTraffic } = await import('@leakproof/sources');
  const { firstLook } = await import('@leakproof/map');
  const builder = buildInventory();
  const exchanges: Exchange[] = [];
  const reading = await trafficOptions(options);
  for (const file of files)
    for await (const one of readTraffic(file, reading)) {
      builder.take(one);
      if (one.type === 'exchange') exchanges.push(one.exchange);
    }
  const inventory = builder.finish();
  const found = firstLook(exchanges, inventory);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(found, null, 2)}\n`
      : showFirstLook(found, shownOn(process.stdout, options.all ?? false)),
  );
  const isComplete = await reportUnread(inventory);
  return exitOf(found, {
    isComplete,
    isDescribed: inventory.declared.some(({ security }) => security !== 'unknown'),
  });
}

function exitOf(
  { open, declaredOpen, anonymous }: FirstLook,
  { isComplete, isDescribed }: { readonly isComplete: boolean; readonly isDescribed: boolean },
): ExitCode {
  if (open.length > 0 || declaredOpen.length > 0) return EXIT.findings;
  if (anonymous > 0 || isDescribed) return isComplete ? EXIT.clean : EXIT.inconclusive;
  printMessage('Inconclusive: no file contains a description that could demand a login, or an exchange without one.');
  return EXIT.inconclusive;
}
