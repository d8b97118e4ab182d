/** A guard in its own process: prints its port and what its log repaired, then serves until it is killed. */
import { readFileSync } from 'node:fs';
import type { CompiledContract } from '@leakproof/core';
import { startGuard } from '@leakproof/guard';
import { type FactLog, openLog, turnDisk } from '@leakproof/log';
import type { ChildOptions, StartedGuard } from './guard-child.ts';
import { limitedDisk } from './limited-disk.ts';

const options = JSON.parse(process.argv[2] ?? '') as ChildOptions;
process.stdin.resume().on('end', () => process.exit());

const { logDirectory: directory, sizeFile } = options;
const disk = sizeFile === undefined ? turnDisk : limitedDisk(directory, sizeFile);
const log = openLog({ directory, now: Date.now, disk, retryEveryMs: 20 });
let appended = 0;
const logs: Record<ChildOptions['log'], Pick<FactLog, 'append'>> = {
  sound: log,
  forgetful: {
    append: (block) =>
      ++appended % 10 === 0 ? Promise.resolve({ ok: true, segment: 1, sequence: 1, offset: 1 }) : log.append(block),
  },
  repeating: {
    append: (block) => {
      if (++appended % 10 === 0) void log.append(block);
      return log.append(block);
    },
  },
};
const guard = await startGuard({
  contract: JSON.parse(readFileSync(options.contractFile, 'utf8')) as CompiledContract,
  contractDigest: 'crash',
  listen: { host: '127.0.0.1', port: 0 },
  upstreams: () => ({ host: '127.0.0.1', port: options.originPort }),
  log: logs[options.log],
  // A lookup that is late on a busy machine would only withhold more.
  limits: { maxBodyBytes: 32 * 1024 * 1024, lookupTimeoutMs: 5_000 },
  tokenize: ({ id }) => id,
  now: Date.now,
});
const { writer, repaired } = log.status();
process.stdout.write(`${JSON.stringify({ port: guard.port, writer, repaired } satisfies StartedGuard)}\n`);
