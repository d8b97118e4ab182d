import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readStage } from '@leakproof/lab';
import { expect, onTestFinished, test } from 'vitest';
import { programFor } from './run.ts';

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];
const commands = withSubcommands(programFor(() => undefined)).map((command) => [nameOf(command), command] as const);

test('there are verbs to look at', () => expect(commands.length).toBeGreaterThan(20));

test.each(commands)(
  '%s --help says what it does, names its exit codes and has an example of itself',
  (name, command) => {
    const help = helpOf(command);
    expect(command.description()).toMatch(/\.$/);
    expect(help).toMatch(/^Exit codes:\n {2}0 .+\n(?: {2}1 .+\n)? {2}2 .+\n/m);
    expect(help).toMatch(new RegExp(`^Examples:\n(?: .*\n)* {2}${name}\\b`, 'm'));
  },
);

test('the stage in the help of the lab is one that the lab can read', async () => {
  const lab = commands.find(([name]) => name === 'leakproof lab')?.[1];
  const stage = /echo '(\{.*\})' > mine\.json/.exec(lab ? helpOf(lab) : '')?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'mine.json');
  writeFileSync(file, stage);
  await expect(readStage(file)).resolves.toMatchObject({ switches: [{ region: 'uk' }] });
});
