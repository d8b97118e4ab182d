#!/usr/bin/env node
import { EXIT } from './command.ts';
import { run } from './run.ts';

// `leakproof … | head`: a reader that has seen enough is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.clean);
});
process.exitCode = await run(process.argv.slice(2));
