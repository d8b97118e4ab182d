import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { DeskConfig, OpenedDesk, ServeOptions } from '@leakproof/desk';
import { readText } from '../../read-file.ts';

/** The file that is read if no other is named and it exists. */
const DEFAULT_FILE = 'desk.yaml';

export interface DeskOptions {
  readonly config?: string;
}

/** Adds the option that every verb of the desk has. */
export function addConfigOption(command: Command): Command {
  return command.option('--config <file>', `the configuration; default: ${DEFAULT_FILE} if it exists, else defaults`);
}

/** Reads the configuration. Throws LP-DESK-CONFIG-INVALID, LP-FILE-UNREADABLE. */
export async function loadConfig({ config }: DeskOptions): Promise<DeskConfig> {
  const { readConfig } = await import('@leakproof/desk');
  const file = config ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  return readConfig(file === undefined ? '' : readText(file), file);
}

/** What the desk needs of the other packages: the contract and the identities of `retest`. */
export async function serveOptions({ retest }: DeskConfig): Promise<ServeOptions> {
  if (!retest) return {};
  const { contract, identities, resolve, authorizedTarget } = retest;
  const { loadContractFile } = await import('../../contract-file.ts');
  const { scanOptions } = await import('../../scan-options.ts');
  const loaded = await loadContractFile(contract);
  const classes = Object.entries(loaded.contract.resources).flatMap(([resource, { fields }]) =>
    Object.entries(fields).flatMap(([field, { class: name }]) =>
      name === undefined ? [] : [[`${resource}.${field}`, name] as const],
    ),
  );
  return {
    scanOptions: () =>
      scanOptions({ contract, identities, resolve, ...(authorizedTarget ? { authorizedTarget: true as const } : {}) }),
    classes: Object.fromEntries(classes),
  };
}

/** Runs with the desk of the configuration, and closes it. */
export async function withDesk<T>(
  options: DeskOptions,
  run: (opened: OpenedDesk, config: DeskConfig) => Promise<T>,
): Promise<T> {
  const { openDesk } = await import('@leakproof/desk');
  const config = await loadConfig(options);
  const opened = await openDesk(config, await serveOptions(config));
  try {
    return await run(opened, config);
  } finally {
    await opened.close();
  }
}
