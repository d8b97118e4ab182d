import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exchange } from '@leakproof/core';
import type { Draft } from '@leakproof/map';
import type { DeclaredOperation } from '@leakproof/sources';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../command.ts';
import type { HelpPage } from '../help.ts';
import { readText } from '../read-file.ts';
import { paintMessage, printMessage } from '../terminal.ts';
import { reportUnread, type ReadingOptions, trafficOptions } from '../traffic.ts';
import { writeText } from '../write-file.ts';

export const DRAFT: HelpPage = {
  about: `
Drafts the exposure contract that the exchanges support, with the evidence of each rule. What they do not decide is written as
\`undecided\`, and the most important of it is asked: at most seven questions, answered by lines of an answers file
(docs/draft.md). What strangers were given never makes a personal field public.
`,
  exits: {
    0: 'drafted, with nothing undecided',
    3: 'drafted, and rules are undecided; or part of a file could not be read, or no file contained an exchange',
  },
  examples: [
    'leakproof map draft capture.har openapi.yaml --out contract.yaml',
    'leakproof map draft alice=alice.har bob=bob.har   # NAME=FILE: whose credentials are in the file',
    'leakproof map draft alice.rec bob.rec --answers answers.yaml --out contract.yaml',
    'leakproof map draft capture.har --json | jq .rules',
  ],
};

interface DraftOptions extends ReadingOptions {
  readonly json?: true;
  readonly answers?: string;
  readonly out?: string;
}

/** `leakproof map draft`. */
export function registerDraft(verb: Command, finish: (code: ExitCode) => void): void {
  verb
    .option('--answers <file>', 'what people answered: lines such as "User.contact: self"')
    .option('--out <file>', 'write the contract to this file instead of stdout')
    .action(async (files: readonly string[], options: DraftOptions) => finish(await draftFrom(files, options)));
}

async function draftFrom(files: readonly string[], options: DraftOptions): Promise<ExitCode> {
  const { buildInventory, readTraffic } = await import('@leakproof/sources');
  const { draft, readAnswers } = await import('@leakproof/map');
  const answers = options.answers === undefined ? [] : readAnswers(readText(options.answers), options.answers);
  const builder = buildInventory();
  const exchanges: Exchange[] = [];
  const declared: DeclaredOperation[] = [];
  let schema: string | undefined;
  const reading = await trafficOptions(options);
  for (const argument of files) {
    const { file, identity } = namedFile(argument);
    for await (const one of readTraffic(file, { ...reading, ...(identity === undefined ? {} : { identity }) })) {
      builder.take(one);
      if (one.type === 'exchange') exchanges.push(one.exchange);
      if (one.type === 'operation') declared.push(one.operation);
      if (one.type === 'operation' && one.operation.protocol === 'graphql') schema ??= readText(file);
    }
    printMessage(`${file}: ${exchanges.length} exchanges, ${declared.length} declared operations so far`);
  }
  const inventory = builder.finish();
  const drafted = draft({ exchanges, inventory, declared, answers, ...(schema === undefined ? {} : { schema }) });
  write(drafted, options);
  const isComplete = await reportUnread(inventory);
  if (exchanges.length === 0) printMessage('Inconclusive: no file contains an exchange.');
  const isDecided = drafted.rules.every(({ undecided }) => undecided === undefined);
  return exchanges.length > 0 && isComplete && isDecided ? EXIT.clean : EXIT.inconclusive;
}

/** `alice=capture.har`: whoever has a credential in this file is alice. */
function namedFile(argument: string): { readonly file: string; readonly identity?: string } {
  const [, identity, file] = /^([A-Za-z][\w-]{0,40})=(.+)$/.exec(argument) ?? [];
  return identity === undefined || file === undefined ? { file: argument } : { file, identity };
}

/** Never replaces another file: a schema of that name may be the user's own. Throws LP-USAGE. */
function writeSchema(path: string, schema: string): void {
  if (!existsSync(path)) return writeText('--out', path, schema);
  if (readText(path) !== schema)
    printMessage(
      `${path} exists and is not replaced: the contract names it, so check that it is the schema of this API.`,
    );
}

function write(drafted: Draft, { json, out }: DraftOptions): void {
  const { source, schema, rules, questions, leftOut, unusedAnswers } = drafted;
  if (out !== undefined && schema !== undefined) writeSchema(join(dirname(out), 'schema.graphql'), schema);
  if (out !== undefined) writeText('--out', out, source);
  if (json)
    process.stdout.write(`${JSON.stringify({ source, schema, rules, questions, leftOut, unusedAnswers }, null, 2)}\n`);
  else if (out === undefined) process.stdout.write(source);
  const undecided = rules.filter((each) => each.undecided !== undefined).length;
  printMessage(`${rules.length - undecided} rules are decided, ${undecided} are undecided.`);
  for (const { about, why } of unusedAnswers) printMessage(`The answer to ${about} changed nothing: ${why}.`);
  for (const { what, why } of leftOut) printMessage(`Left out: ${what}: ${why}.`);
  if (questions.length > 0)
    printMessage(paintMessage('bold', 'Questions, most important first; answer them in --answers FILE:'));
  for (const { about, text, suggestion, flags } of questions) {
    printMessage(`  ${text}`);
    const narrowed = flags.length > 0 ? `, narrowed by ${flags[0]} to self` : '';
    printMessage(
      `    ${about}: ${suggestion === 'member' ? `member${narrowed}` : suggestion}   # usual; or anyone, member, self, nobody`,
    );
  }
}
