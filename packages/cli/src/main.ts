#!/usr/bin/env node
import { EXIT } from './command.ts';
import { run } from './run.ts';

// A reader may close the pipe early: `leakproof … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.clean);
});
process.exitCode = await run(process.argv.slice(2));
