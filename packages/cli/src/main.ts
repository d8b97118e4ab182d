#!/usr/bin/env node
import { EXIT } from './command.ts';
import { run } from './run.ts';
import { printMessage } from './terminal.ts';

// A reader may close the pipe early: `leakproof … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.clean);
});
/** As `engines` of package.json. */
const OLDEST_NODE = [22, 18] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  printMessage(`LP-USAGE Leakproof needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
  process.exitCode = EXIT.usage;
} else process.exitCode = await run(process.argv.slice(2));
